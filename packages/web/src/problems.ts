import type { ProblemCode } from './client.ts';
import type { FirstKey } from './texts.ts';

type Spoken = Extract<FirstKey, `problem.${string}.title`> extends `problem.${infer Code}.title` ? Code : never;

/** The failures that a visitor of the page can meet; any other is spoken of as INTERNAL. */
const SPOKEN = [
  'NO_CREDITS',
  'BAD_REQUEST',
  'UNSUPPORTED_TYPE',
  'UPLOAD_FAILED',
  'TOO_LARGE',
  'PHOTO_DAMAGED',
  'PHOTO_TOO_LARGE',
  'TIMED_OUT',
  'OUT_OF_MEMORY',
  'CRASHED',
  'PHOTO_NOT_FOUND',
  'PHOTO_EXPIRED',
  'NOT_FINISHED',
  'PHOTO_BUSY',
  'CANCELLED',
  'RATE_LIMITED',
  'OVERLOADED',
  'INTERNAL',
  'OFFLINE',
  'SIGN_IN_REQUIRED',
  'SIGN_IN_FAILED',
  'SIGN_IN_AGAIN',
  'LINK_EXPIRED',
  'PROOF_INVALID',
  'INSECURE',
  'PASSKEY_FAILED',
  'ORDERS_OPEN',
  'ORDER_ENDED',
  'NOT_REFUNDABLE',
  'VOUCHER_INVALID',
  'PAYMENT_FAILED',
  'DATA_NOT_FOUND',
  'ADDRESS',
  'FIELD',
  'FAULT',
] as const satisfies readonly Spoken[];

/** The names of the two texts that say what happened and what to do about it. */
export function problemKeys(code: ProblemCode) {
  const spoken = SPOKEN.find((known) => known === code) ?? 'INTERNAL';
  return { title: `problem.${spoken}.title`, advice: `problem.${spoken}.advice` } as const;
}

/** The same where no photo is at stake: what was typed, or the account. */
export function accountProblemKeys(code: ProblemCode) {
  if (code === 'BAD_REQUEST') return { title: 'problem.FIELD.title', advice: 'problem.FIELD.advice' } as const;
  const keys = problemKeys(code);
  if (keys.title === 'problem.INTERNAL.title')
    return { title: 'problem.FAULT.title', advice: 'problem.FAULT.advice' } as const;
  return keys;
}
