import { z } from 'zod';

const Reason = z.string().trim().min(1, 'expected a reason').max(500);
const Key = z.string().regex(/^[\w-]{16,64}$/, 'expected 16 to 64 letters, digits, "-" or "_"');
const maybe = z.string().nullable();
const count = z.number().int();

/** `batches`: vouchers made together. `q`: note, package, who made it, id. `state`: `open` while some can be redeemed, else `ended`. */
export const AdminBatch = z.object({
  id: z.string(),
  at: z.string(),
  /** What each is worth: photos, the days for which they are good, and the rights of a package. */
  credits: count,
  days: count,
  package: maybe,
  batch: z.boolean(),
  maxSide: count.nullable(),
  /** When none can be redeemed any more. */
  expiresAt: maybe,
  note: z.string(),
  createdBy: z.string(),
  state: z.enum(['open', 'ended']),
  vouchers: count,
  redeemed: count,
  revoked: count,
});
export type AdminBatch = z.infer<typeof AdminBatch>;

/**
 * `POST /batches` (money): 201 with NewBatchCodes, the only time that the codes are shown; the same key again is refused, so that no batch is
 * made twice unseen (BAD_REQUEST on `key`). `POST /batches/:id/revoke` with Reasoned (money) ends those that nobody has redeemed; 204.
 */
export const NewBatch = z.object({
  key: Key,
  vouchers: count.min(1).max(1000),
  credits: count.min(1).max(10_000),
  days: count.min(1).max(3650).default(365),
  /** The code of the package whose rights they have; null for those of a free photo that was bought. */
  package: z.string().max(40).nullable().default(null),
  expiresAt: z.iso.datetime().nullable().default(null),
  reason: Reason,
});
export const NewBatchCodes = z.object({ id: z.string(), codes: z.array(z.string()) });
export type NewBatchCodes = z.infer<typeof NewBatchCodes>;

/** `transfers`: bank transfers that operators have seen come in. `q`: the bank's number, order's number, partner's code, note, id. */
export const AdminTransfer = z.object({
  id: z.string(),
  at: z.string(),
  reference: z.string(),
  orderId: maybe,
  /** The number of the order, or the code of the partner, that it pays. */
  order: maybe,
  partner: maybe,
  fen: count,
  currency: z.string(),
  credits: count,
  days: count.nullable(),
  note: z.string(),
  /** A draft waits for a second operator. */
  state: z.enum(['draft', 'granted', 'reversed']),
  createdBy: z.string(),
  approvedBy: maybe,
  grantedAt: maybe,
  reversedBy: maybe,
  reversedAt: maybe,
  reason: maybe,
});
export type AdminTransfer = z.infer<typeof AdminTransfer>;

/**
 * `POST /orders/:id/confirm` (money): the transfer of an order of the provider `offline` has come in; `fen` is what came. Above the limit the
 * second operator who says the same makes it count. Answers TransferState. `POST /orders/:id/refund-sent` with RefundEnd (money): the money
 * of its refund has gone back, or never will; 204. One's own orders are for others (BAD_REQUEST).
 */
export const OrderTransfer = z.object({
  reference: z.string().trim().min(4).max(64),
  fen: count.min(1),
  note: z.string().trim().max(500).default(''),
});
export const RefundEnd = z.object({
  /** The bank's number of the transfer back; null when it never will go. */
  reference: z.string().trim().min(4).max(64).nullable(),
});
/**
 * `POST /partners/:code/payments` (money): a partner has paid for credits; above the limit two operators say so, with the same numbers.
 * Answers TransferState. `POST /transfers/:id/reverse` with Reasoned (money) takes back a partner's that bounced, or a draft; 204.
 */
export const PartnerPayment = OrderTransfer.extend({
  credits: count.min(1).max(1_000_000_000),
  days: count.min(1).max(36_500).nullable().default(365),
});
export const TransferState = z.object({ id: z.string(), state: z.enum(['draft', 'granted', 'reversed']) });
export type TransferState = z.infer<typeof TransferState>;

/** `fapiao`: requests for an invoice. `q`: order's number, title, tax number, address. */
export const AdminFapiao = z.object({
  id: z.string(),
  at: z.string(),
  orderId: z.string(),
  number: z.string(),
  /** What is left of the price after refunds. */
  fen: count,
  title: z.string(),
  taxNumber: maybe,
  email: z.string(),
  simulated: z.boolean(),
  state: z.enum(['open', 'issued', 'refused']),
  note: maybe,
  endedBy: maybe,
  endedAt: maybe,
});
export type AdminFapiao = z.infer<typeof AdminFapiao>;
/** `POST /fapiao/:id/issue` with the invoice's number, `…/refuse` with why, which the buyer reads. 204. */
export const FapiaoNote = z.object({ note: z.string().trim().min(1).max(500) });
