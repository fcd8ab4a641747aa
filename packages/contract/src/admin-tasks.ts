import { z } from 'zod';
import { AdminOrder } from './admin-tables.ts';
import { COMPLAINT_LENGTH } from './faults.ts';

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
