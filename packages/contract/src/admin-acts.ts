import { z } from 'zod';

/** Why an operator acts; kept in the audit. */
export const Reason = z.string().trim().min(1, 'expected a reason').max(500);

export const Reasoned = z.object({ reason: Reason });

/** Chosen by the page, new for each wish: the same key, however often it is sent, acts once. */
export const Key = z.string().regex(/^[\w-]{16,64}$/, 'expected 16 to 64 letters, digits, "-" or "_"');
