import { z } from 'zod';

const Reason = z.string().trim().min(1, 'expected a reason').max(500);
const maybe = z.string().nullable();

/** `batches`: vouchers made together. `q`: note, package, id. */
export const AdminBatch = z.object({
  id: z.string(),
  at: z.string(),
  package: z.string(),
  vouchers: z.number().int(),
  redeemed: z.number().int(),
  revoked: z.number().int(),
  expiresAt: maybe,
  note: z.string(),
  createdBy: z.string(),
});
export type AdminBatch = z.infer<typeof AdminBatch>;

/**
 * `POST /batches` (money): 201 with NewBatchCodes, the only time that the codes are shown. `POST /batches/:id/revoke` with Reasoned (money)
 * ends those that nobody has redeemed; 204.
 */
export const NewBatch = z.object({
  key: z.string().regex(/^[\w-]{16,64}$/, 'expected 16 to 64 letters, digits, "-" or "_"'),
  package: z.string().max(40),
  vouchers: z.number().int().min(1).max(1000),
  /** Days until which they can be redeemed. */
  days: z.number().int().min(1).max(3650),
  reason: Reason,
});
export const NewBatchCodes = z.object({ id: z.string(), codes: z.array(z.string()) });
export type NewBatchCodes = z.infer<typeof NewBatchCodes>;

/**
 * `POST /orders/:id/confirm` (money): the transfer of an order of the provider `offline` has come in. Above the limit it takes two operators;
 * answers AdminOrderView, whose order is paid once enough of them have said so.
 */
export const OfflineConfirmation = z.object({
  /** The bank's own number of the transfer; one number is one order. */
  reference: z.string().trim().min(4).max(64),
  fen: z.number().int().min(1),
  reason: Reason,
});

/** `fapiao`: requests for an invoice. `q`: order's number, title, tax number, address. */
export const AdminFapiao = z.object({
  id: z.string(),
  at: z.string(),
  orderId: z.string(),
  number: z.string(),
  fen: z.number().int(),
  title: z.string(),
  taxNumber: maybe,
  email: z.string(),
  state: z.enum(['open', 'issued', 'refused']),
  note: maybe,
  endedAt: maybe,
});
export type AdminFapiao = z.infer<typeof AdminFapiao>;
/** `POST /fapiao/:id/issued` with the invoice's number, `…/refuse` with why. 204. */
export const FapiaoNote = z.object({ note: z.string().trim().min(1).max(500) });
