import { z } from 'zod';

/**
 * `POST /api/v1/vouchers/redeem`: turns a code into photos, once, and answers VoucherAnswer; needs an account (SIGN_IN_REQUIRED). The same
 * user with the same code again is answered the same. BAD_REQUEST for a code with a slip, VOUCHER_INVALID for one that is unknown, used,
 * ended or too old, RATE_LIMITED after 10 tries in an hour.
 */
export const VoucherCode = z.object({ code: z.string().trim().min(1, 'expected a code').max(100) });

export const VoucherAnswer = z.object({
  photos: z.number().int(),
  /** Whether they let several photos be under way at once. */
  batch: z.boolean(),
  /** Pixels of the longest side of a result that they pay for; null when only the engine sets a limit. */
  maxSide: z.number().int().nullable(),
  /** Until when the photos are good. */
  expiresAt: z.string(),
});
export type VoucherAnswer = z.infer<typeof VoucherAnswer>;
