import { z } from 'zod';
import { AdminJob, AdminOrder, AdminPartner, AdminUser } from './admin-tables.ts';
import { COMPLAINT_LENGTH } from './faults.ts';
import { LANGUAGES } from './languages.ts';

export * from './admin-sales.ts';
export * from './admin-tables.ts';

/**
 * The operator's console, under `/api/v1/admin`. Whoever is no operator is answered NOT_FOUND, as for an address where nothing is. An
 * operator whose session has shown no second factor lately is answered SECOND_FACTOR_NEEDED (403), everywhere but at `/access` and the ways
 * to give one. Seconds for which a second factor lets a session look, and act; acts on money, secrets and settings need a fresher one.
 */
export const FACTOR_SECONDS = { console: 43_200, money: 900 } as const;

/**
 * `GET /access`: what this operator can show, and until when it counts. Times are ISO 8601 in UTC, null once they are over.
 *
 * The ways, each answering AdminAccess: `POST /access/totp` with FactorCode; `POST /access/recovery` with RecoveryCode, each code once;
 * `POST /access/passkey` with PasskeyAnswer, after `POST /access/passkey/options`, which answers what the browser's authenticator is asked:
 * it must verify its user. A wrong answer is SIGN_IN_FAILED, too many are RATE_LIMITED.
 */
export const AdminAccess = z.object({
  email: z.string(),
  passkeys: z.number().int(),
  totp: z.boolean(),
  recoveryCodesLeft: z.number().int(),
  consoleUntil: z.string().nullable(),
  moneyUntil: z.string().nullable(),
});
export type AdminAccess = z.infer<typeof AdminAccess>;

export const FactorCode = z.object({
  code: z
    .string()
    .transform((text) => text.replace(/\s/g, ''))
    .pipe(z.string().regex(/^\d{6}$/, 'expected six digits')),
});
export const RecoveryCode = z.object({ code: z.string().trim().min(1).max(40) });

/**
 * `POST /access/totp/new`: a secret for an authenticator app (RFC 6238: SHA-1, 6 digits, 30 s), in base32 and as the text of a QR code.
 * Without any second factor it needs a sign-in of the last hour (SIGN_IN_AGAIN), else one that is fresh enough for money. It counts once
 * `PUT /access/totp` with FactorCode has proven it, which answers RecoveryCodes. `DELETE /access/totp` (204) ends it.
 * Passkeys are made and removed at `/api/v1/account/passkeys`, for an operator who has a second factor only with a fresh one.
 */
export const TotpSecret = z.object({ secret: z.string(), uri: z.string() });
export type TotpSecret = z.infer<typeof TotpSecret>;

/** `POST /access/recovery/new`: ten codes, shown this once, in place of all before. */
export const RecoveryCodes = z.object({ codes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;

/** Why an operator acts; kept in the audit. */
const Reason = z.string().trim().min(1, 'expected a reason').max(500);
export const Reasoned = z.object({ reason: Reason });

/** Chosen by the page, new for each wish: the same key, however often it is sent, acts once. */
const Key = z.string().regex(/^[\w-]{16,64}$/, 'expected 16 to 64 letters, digits, "-" or "_"');

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

/** A lot of credits. */
export const AdminLot = z.object({
  id: z.number().int(),
  at: z.string(),
  source: z.string(),
  package: z.string().nullable(),
  granted: z.number().int(),
  available: z.number().int(),
  held: z.number().int(),
  batch: z.boolean(),
  maxSide: z.number().int().nullable(),
  expiresAt: z.string().nullable(),
});
export type AdminLot = z.infer<typeof AdminLot>;

/** A photo without its picture. */
export const AdminPhoto = z.object({
  id: z.string(),
  name: z.string(),
  format: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  bytes: z.number(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  removedAt: z.string().nullable(),
});

/**
 * `GET /users/:id`: one user with the newest 50 orders and photos. Ledger, jobs, orders and all else of theirs: the tables with `owner=:id`.
 * Acts, each with Reasoned and answering AdminUserView: `POST /users/:id/disable` (signs them out, and refuses every further sign-in),
 * `…/enable`, `…/sign-out` (ends every session). Operators do none of these to themselves (BAD_REQUEST).
 */
export const AdminUserView = z.object({
  user: AdminUser,
  language: z.enum(LANGUAGES),
  sessions: z.number().int(),
  lots: z.array(AdminLot),
  orders: z.array(AdminOrder),
  photos: z.array(AdminPhoto),
});
export type AdminUserView = z.infer<typeof AdminUserView>;

/** `POST /users/:id/grants` and `POST /partners/:code/grants` (money). `days` null is for ever. */
export const AdminGrant = z.object({
  key: Key,
  credits: z.number().int().min(1).max(1_000_000),
  days: z.number().int().min(1).max(36_500).nullable().default(365),
  reason: Reason,
});
/** `POST /lots/:id/revoke` (money): takes back what is unused of one lot; what is held for jobs stays. */
export const AdminRevoke = z.object({ key: Key, reason: Reason });
/** Credits that this key moved, now or before. */
export const AdminMoved = z.object({ credits: z.number().int(), isNew: z.boolean() });
export type AdminMoved = z.infer<typeof AdminMoved>;

/** `POST /partners` (money) makes one: 201 with AdminSecret, the only time that the secret is shown. */
export const NewPartner = z.object({
  code: z.string().regex(/^[\w.-]{1,64}$/, 'expected 1 to 64 letters, digits, ".", "_" or "-"'),
  name: z.string().trim().min(1).max(100),
  reason: Reason,
});
/** `POST /partners/:code/rotate` (money): a new secret; the old one goes on for a while. Answers AdminSecret. */
export const PartnerRotation = z.object({ overlapSeconds: z.number().int().min(0).max(31_536_000), reason: Reason });
export const AdminSecret = z.object({ code: z.string(), secretKey: z.string() });
export type AdminSecret = z.infer<typeof AdminSecret>;
/** `PUT /partners/:code/addresses` (money): from where it may call, IP addresses or networks such as 192.0.2.0/24; none for anywhere. */
export const PartnerAddresses = z.object({
  addresses: z.array(z.string().trim().min(2).max(60)).max(100),
  reason: Reason,
});
/**
 * `GET /partners/:code`, also the answer of `PUT …/addresses` and of `POST …/disable` and `…/enable` (Reasoned; money).
 * `usage` has one entry a day for 30 days, the oldest first.
 */
export const AdminPartnerView = z.object({
  partner: AdminPartner,
  /** Of secrets that work now: when they were made, and when they stop. */
  secrets: z.array(z.object({ createdAt: z.string(), endsAt: z.string().nullable() })),
  lots: z.array(AdminLot),
  usage: z.array(z.object({ at: z.string(), photos: z.number(), done: z.number(), failed: z.number() })),
});
export type AdminPartnerView = z.infer<typeof AdminPartnerView>;

/**
 * `GET /orders/:id`: with everything that happened to it. `POST /orders/:id/refund` (Reasoned; money) gives unused photos back whatever
 * the buyer's time limit says, `POST /orders/:id/check` (no body) asks the provider how it stands; both answer AdminOrderView.
 */
export const AdminOrderView = z.object({
  order: AdminOrder,
  /** What a refund would give back now. */
  refundable: z.object({ photos: z.number().int(), fen: z.number().int() }).nullable(),
  events: z.array(
    z.object({
      at: z.string(),
      kind: z.string(),
      actor: z.string(),
      fen: z.number().nullable(),
      currency: z.string().nullable(),
      transactionId: z.string().nullable(),
    }),
  ),
  refunds: z.array(
    z.object({
      number: z.string(),
      photos: z.number().int(),
      fen: z.number().int(),
      state: z.enum(['asked', 'accepted', 'done', 'failed']),
      actor: z.string(),
      at: z.string(),
      endedAt: z.string().nullable(),
    }),
  ),
});
export type AdminOrderView = z.infer<typeof AdminOrderView>;

/** `POST /issues/:id/resolve`: what was done about a difference. 204. */
export const IssueNote = z.object({ note: z.string().trim().min(1).max(1000) });

/**
 * Rebates: `POST /rebates/:id/approve` and `…/paid` with RebateReceipt (money), `…/reject` and `…/return` with Reasoned. Invites in review:
 * `POST /invites/:id/approve` (money) and `…/refuse`, without a body. 204; operators never decide about themselves (BAD_REQUEST).
 */
export const RebateReceipt = z.object({ receipt: z.string().trim().min(4).max(64) });

/**
 * `POST /complaints/:id/answer`, 204. `POST /complaints/:id/look` (no body) answers AdminPictures where the owner lets the operator look and
 * the pictures are still kept, else DATA_NOT_FOUND; each look is in the audit.
 */
export const ComplaintAnswer = z.object({ text: z.string().trim().min(1).max(COMPLAINT_LENGTH) });
export const AdminPictures = z.object({ before: z.string(), after: z.string().nullable() });
export type AdminPictures = z.infer<typeof AdminPictures>;

/**
 * `POST /jobs/:id/cancel` ends one under way and gives its credit back; `POST /jobs/:id/retry` runs a failed one again, for its owner and at
 * the price of a new one, while its picture is kept. Both with Reasoned; they answer AdminJob, the new one after a retry.
 */
export const AdminJobView = AdminJob;

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

/** Settings that the console can change, in its order. The texts of the banner are one for each language; empty for none. */
export const LIVE_SETTINGS = [
  'ANNOUNCEMENT_ZH',
  'ANNOUNCEMENT_EN',
  'ANNOUNCEMENT_JA',
  'ANNOUNCEMENT_ES',
  'ANNOUNCEMENT_FR',
  'FREE_PER_DAY',
  'FREE_PER_ADDRESS',
  'VISIBLE_LABEL',
  'INVITE_CREDITS_INVITER',
  'INVITE_CREDITS_INVITEE',
  'INVITE_DAYS',
  'INVITES_PER_MONTH',
  'REBATE_FEN',
  'REBATE_DAYS',
  'REBATE_DAILY_FEN',
] as const;
export type LiveSetting = (typeof LIVE_SETTINGS)[number];

/** `GET /settings`. Values are texts, as in the environment. */
export const AdminSettings = z.array(
  z.object({
    key: z.enum(LIVE_SETTINGS),
    value: z.string(),
    /** Where it comes from: set here, in the environment, or neither. */
    from: z.enum(['console', 'environment', 'default']),
    /** What it would be if it were not set here. */
    otherwise: z.string(),
    meaning: z.string(),
    changedBy: z.string().nullable(),
    changedAt: z.string().nullable(),
  }),
);
export type AdminSettings = z.infer<typeof AdminSettings>;
/** `PUT /settings/:key` (money): null goes back to what it would be otherwise. In force at once, everywhere. Answers AdminSettings. */
export const SettingChange = z.object({ value: z.string().max(2000).nullable(), reason: Reason });
