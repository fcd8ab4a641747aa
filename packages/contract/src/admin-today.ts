import { z } from 'zod';

/** `GET /today`: how things stand. Counts without further words are of the last 24 hours; money is whole fen. */
export const AdminToday = z.object({
  at: z.string(),
  photos: z.object({ taken: z.number(), done: z.number(), unchanged: z.number(), failed: z.number() }),
  failures: z.array(z.object({ error: z.string(), jobs: z.number() })),
  queue: z.object({
    waiting: z.number(),
    running: z.number(),
    /** Seconds for which the oldest job has waited; null when none does. */
    oldestSeconds: z.number().nullable(),
    /** Worker processes that are connected now. */
    workers: z.number(),
    /** Milliseconds from upload to result: half, and 95 of 100, took less; null without results. */
    medianMs: z.number().nullable(),
    p95Ms: z.number().nullable(),
  }),
  /** Seconds that runs waited until they began, by the hour in which they did: 24 hours, the oldest first; null where none began. */
  queueWait: z.array(z.object({ at: z.string(), median: z.number().nullable(), p95: z.number().nullable() })),
  /** One entry a currency, real and simulated money apart. */
  money: z.array(
    z.object({
      currency: z.string(),
      simulated: z.boolean(),
      orders: z.number(),
      paidFen: z.number(),
      refundedFen: z.number(),
    }),
  ),
  /** Open tasks; each is a count of rows of one table and state. */
  tasks: z.object({
    complaints: z.number(),
    issues: z.number(),
    rebatesToApprove: z.number(),
    rebatesToPay: z.number(),
    invites: z.number(),
    /** Transfers that wait for a second operator. */
    transfers: z.number(),
    /** Orders by bank transfer whose money is to be looked for, and to be sent back. */
    ordersByTransfer: z.number(),
    refundsByTransfer: z.number(),
    fapiao: z.number(),
  }),
  storage: z.object({
    photos: z.number(),
    bytes: z.number(),
    /** Of the disk of the data folder. */
    freeBytes: z.number(),
    /** The end of the photo that should have gone and has not, the oldest first; null when there is none. */
    oldestOverdue: z.string().nullable(),
  }),
  /** What the books do not agree on; none while they do. Looked at once a minute at most. */
  brokenInvariants: z.array(z.string()),
});
export type AdminToday = z.infer<typeof AdminToday>;

/**
 * `GET /series?per=hour|day`: 48 hours or 30 days (of the configured time zone) for plots, the oldest first, none left out. Money is real
 * CNY only, in fen.
 */
export const AdminSeries = z.array(
  z.object({
    /** When it begins. */
    at: z.string(),
    photos: z.number(),
    done: z.number(),
    failed: z.number(),
    users: z.number(),
    orders: z.number(),
    paidFen: z.number(),
    refundedFen: z.number(),
  }),
);
export type AdminSeries = z.infer<typeof AdminSeries>;

/** `GET /models`: the networks in use. `figures` is what their cards measured, by data set and measure. */
export const AdminModels = z.array(
  z.object({
    task: z.string(),
    id: z.string(),
    sha256: z.string(),
    bytes: z.number(),
    parameters: z.number(),
    licence: z.string(),
    date: z.string(),
    figures: z.record(z.string(), z.unknown()),
  }),
);
export type AdminModels = z.infer<typeof AdminModels>;
