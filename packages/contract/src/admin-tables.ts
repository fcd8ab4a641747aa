import { z } from 'zod';
import { AdminBatch, AdminFapiao, AdminTransfer } from './admin-sales.ts';
import { JOB_STATES, LOT_SOURCES } from './api.ts';
import { FAULTS } from './faults.ts';
import { INVITE_STATES, PAYOUT_STATES, REBATE_METHODS, REBATE_STATES } from './invites.ts';
import { LANGUAGES } from './languages.ts';
import { ORDER_STATES } from './orders.ts';
import { RECIPE_NAMES } from './recipes.ts';

/**
 * `GET /api/v1/admin/<table>`: rows, the newest first, a page at a time. `GET /api/v1/admin/<table>.csv`: all rows of the same selection as
 * a file, streamed (UTF-8 with a byte order mark; a cell that a spreadsheet would take for a formula begins with an apostrophe). Rows that come
 * while one pages are not among them.
 */
export const TableQuery = z.object({
  /** Words to look for, in any case: in addresses, names, numbers and ids, as each row's docstring says. */
  q: z.string().trim().max(200).default(''),
  /** One of the table's states. */
  state: z.string().max(40).optional(),
  /** Only rows of this user, visitor or partner. */
  owner: z.uuid().optional(),
  /** From a moment on, and before another. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  /** `next` of the page before. */
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type TableQuery = z.infer<typeof TableQuery>;

/** A page of a table. */
export const pageOf = <Row extends z.ZodType>(row: Row) =>
  z.object({
    rows: z.array(row),
    /** Where the next page begins; null on the last. */
    next: z.string().nullable(),
  });

/** Every row has an id, and the moment by which it is sorted. */
const row = { id: z.string(), at: z.string() };
const count = z.number().int();
const text = z.string();
const maybe = z.string().nullable();

/** `users`; `at` is when the account was made. `q`: address, name, id. */
export const AdminUser = z.object({
  ...row,
  /** Null for an account without one, and for one that is deleted. */
  email: maybe,
  name: text,
  state: z.enum(['active', 'disabled', 'deleted']),
  isOperator: z.boolean(),
  /** Why it is disabled. */
  reason: maybe,
  available: count,
  held: count,
  photos: count,
  seenAt: maybe,
});
export type AdminUser = z.infer<typeof AdminUser>;

/** `partners`. `q`: code, name, id. */
export const AdminPartner = z.object({
  ...row,
  code: text,
  name: text,
  state: z.enum(['active', 'disabled']),
  available: count,
  held: count,
  photos: count,
  /** From where it may call; none for anywhere. */
  addresses: z.array(text),
});
export type AdminPartner = z.infer<typeof AdminPartner>;

/** `orders`. `q`: number, payment's number, address, id. */
export const AdminOrder = z.object({
  ...row,
  number: text,
  userId: text,
  email: maybe,
  package: text,
  photos: count,
  fen: count,
  currency: text,
  provider: text,
  simulated: z.boolean(),
  state: z.enum(ORDER_STATES),
  paidAt: maybe,
  transactionId: maybe,
  refundedFen: count,
  /** Whether an issue about it is open. */
  underReview: z.boolean(),
});
export type AdminOrder = z.infer<typeof AdminOrder>;

/** `issues`: what a provider says that does not fit our books. `q`: kind, order's number, note. */
export const AdminIssue = z.object({
  ...row,
  kind: text,
  provider: text,
  number: maybe,
  /** The order of that number. */
  orderId: maybe,
  detail: z.record(z.string(), z.unknown()),
  state: z.enum(['open', 'resolved']),
  resolvedAt: maybe,
  resolvedBy: maybe,
  note: maybe,
});
export type AdminIssue = z.infer<typeof AdminIssue>;

/** `rebates`. `q`: address, receipt, id. */
export const AdminRebate = z.object({
  ...row,
  orderId: text,
  userId: text,
  email: maybe,
  package: text,
  fen: count,
  /** Whether it is of an order for which nobody has paid: to be approved only where payments are simulated. */
  simulated: z.boolean(),
  state: z.enum(REBATE_STATES),
  dueAt: text,
  claimedAt: maybe,
  /** Whom to pay, while somebody waits for it. */
  payee: z.object({ wechat: text, name: text }).nullable(),
  /** Other accounts that were, or are to be, paid to the same WeChat ID. */
  others: count,
  /** By hand, or by WeChat's transfer; null until it is claimed. */
  method: z.enum(REBATE_METHODS).nullable(),
  /** The latest try to send it by WeChat: how it stands, our number of it, and what WeChat said against it. */
  payoutState: z.enum(PAYOUT_STATES).nullable(),
  payoutNumber: maybe,
  payoutTrouble: maybe,
  approvedBy: maybe,
  receipt: maybe,
  reason: maybe,
  paidAt: maybe,
});
export type AdminRebate = z.infer<typeof AdminRebate>;

/** `invites`. `q`: both addresses, id. */
export const AdminInvite = z.object({
  ...row,
  inviterId: text,
  inviter: maybe,
  inviteeId: text,
  invitee: maybe,
  state: z.enum(INVITE_STATES),
  suspicion: z.enum(['device', 'network', 'email', 'payer', 'burst', 'refund']).nullable(),
  inviterCredits: count,
  inviteeCredits: count,
  qualifiedAt: maybe,
  decidedBy: maybe,
  rewardedAt: maybe,
  endedAt: maybe,
});
export type AdminInvite = z.infer<typeof AdminInvite>;

/** `complaints`. `q`: words, answer, address, id. */
export const AdminComplaint = z.object({
  ...row,
  photoId: text,
  email: maybe,
  language: z.enum(LANGUAGES),
  fault: z.enum(FAULTS),
  text: text,
  recipe: z.enum(RECIPE_NAMES),
  options: z.record(z.string(), z.unknown()),
  state: z.enum(['open', 'answered']),
  answer: maybe,
  answeredAt: maybe,
  /** Whether the owner lets the operator look, and there is still something to look at. */
  canLook: z.boolean(),
});
export type AdminComplaint = z.infer<typeof AdminComplaint>;

/**
 * `jobs`. `q`: its id, the photo's, the error, the owner's address or code. `POST /jobs/:id/cancel` ends one under way and gives its credit
 * back; `POST /jobs/:id/retry` runs a failed one again, for its owner and at the price of a new one, while its picture is kept. Both with
 * Reasoned; they answer AdminJob, the new one after a retry.
 */
export const AdminJob = z.object({
  ...row,
  photoId: text,
  owner: z.enum(['user', 'visitor', 'partner']),
  ownerId: text,
  /** A user's address or a partner's code; null for a guest. */
  ownerName: maybe,
  recipe: z.enum(RECIPE_NAMES),
  state: z.enum(JOB_STATES),
  error: maybe,
  attempt: count,
  free: z.boolean(),
  rerun: z.boolean(),
  /** Of the uploaded picture. */
  width: count,
  height: count,
  /** 0 to 1. */
  progress: z.number(),
  startedAt: maybe,
  endedAt: maybe,
  /** Whether it failed and its picture is still kept. */
  canRetry: z.boolean(),
});
export type AdminJob = z.infer<typeof AdminJob>;

/** The accounts between which credits move: two of each wallet, and what they come from and go to. */
export const LEDGER_ACCOUNTS = ['avail', 'held', 'sys:issued', 'sys:consumed', 'sys:expired', 'sys:revoked'] as const;

/** `ledger`: postings of the double-entry books; `owner` is a user or partner. `q`: key, reference, actor. `state` is the kind. */
export const AdminPosting = z.object({
  ...row,
  kind: z.enum(['grant', 'hold', 'capture', 'release', 'expire', 'revoke', 'restore', 'merge']),
  /** Under which it was done once. */
  key: text,
  ref: maybe,
  actor: text,
  walletId: text,
  lotId: count,
  source: z.enum(LOT_SOURCES),
  account: z.enum(LEDGER_ACCOUNTS),
  amount: count,
});
export type AdminPosting = z.infer<typeof AdminPosting>;

/** `audit`: every act of an operator, for good. `q`: operator, act, subject, reason, address. `state` is the origin. */
export const AdminAudit = z.object({
  ...row,
  operator: text,
  origin: z.enum(['console', 'cli']),
  /** What was done, such as `user.disable`. */
  act: text,
  /** To what, such as `user 3f0c9c1e-…`. */
  subject: text,
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  reason: maybe,
  /** From where; null for the command line. */
  address: maybe,
});
export type AdminAudit = z.infer<typeof AdminAudit>;

/** Each table's row. */
export const ADMIN_TABLES = {
  users: AdminUser,
  partners: AdminPartner,
  orders: AdminOrder,
  issues: AdminIssue,
  transfers: AdminTransfer,
  batches: AdminBatch,
  fapiao: AdminFapiao,
  rebates: AdminRebate,
  invites: AdminInvite,
  complaints: AdminComplaint,
  jobs: AdminJob,
  ledger: AdminPosting,
  audit: AdminAudit,
} as const;
export type AdminTable = keyof typeof ADMIN_TABLES;
