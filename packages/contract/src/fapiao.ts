import { z } from 'zod';
import { Email } from './accounts.ts';

export const FAPIAO_STATES = ['open', 'issued', 'refused'] as const;
export type FapiaoState = (typeof FAPIAO_STATES)[number];

/**
 * `POST /api/v1/orders/:id/fapiao`: asks for the invoice of the Chinese tax office of a paid order, and answers FapiaoView with 201. While it
 * is open another request takes its place. `GET …/fapiao` answers FapiaoView, or DATA_NOT_FOUND before one is asked for. ORDER_ENDED when
 * nothing of the order is paid; BAD_REQUEST when it was answered before, or is not in CNY.
 */
export const FapiaoWish = z.object({
  /** To whom it is made out: a person's or a company's name. */
  title: z
    .string()
    .trim()
    .min(1, 'expected a name')
    .max(100)
    .regex(/^\P{Cc}*$/u, 'expected one line'),
  /** Of a company: 15 to 20 letters and digits. Absent for a person. */
  taxNumber: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[0-9A-Z]{15,20}$/, 'expected 15 to 20 letters and digits')
    .optional(),
  /** Where it is sent. */
  email: Email,
});
export type FapiaoWish = z.infer<typeof FapiaoWish>;

export const FapiaoView = z.object({
  title: z.string(),
  taxNumber: z.string().nullable(),
  email: z.string(),
  state: z.enum(FAPIAO_STATES),
  /** Its number once it is issued, or why it is not. */
  note: z.string().nullable(),
  askedAt: z.string(),
  endedAt: z.string().nullable(),
});
export type FapiaoView = z.infer<typeof FapiaoView>;
