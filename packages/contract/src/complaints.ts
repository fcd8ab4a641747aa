import { z } from 'zod';
import { COMPLAINT_LENGTH, FAULTS } from './faults.ts';

/**
 * `POST /api/v1/photos/:id/complaint`: tells the operator what is wrong with a result; 204. One for a photo: until it is answered, another
 * one takes its place. `mayLook` lets the operator look at the pictures for as long as they are kept, and no longer.
 */
export const ComplaintFields = z
  .object({
    fault: z.enum(FAULTS, { error: `expected one of ${FAULTS.join(', ')}` }),
    text: z.string().trim().max(COMPLAINT_LENGTH).default(''),
    mayLook: z.boolean().default(false),
  })
  .refine(({ fault, text }) => fault !== 'other' || text !== '', { path: ['text'], error: 'expected words' });
export type ComplaintFields = z.infer<typeof ComplaintFields>;

/** A complaint as its photo's owner sees it. */
export const ComplaintView = z.object({
  fault: z.enum(FAULTS),
  text: z.string(),
  mayLook: z.boolean(),
  state: z.enum(['open', 'answered']),
  /** What the operator answered; null while it is open. */
  answer: z.string().nullable(),
});
export type ComplaintView = z.infer<typeof ComplaintView>;
