import type { ProblemCode } from './client.ts';
import type { TextKey } from './texts.ts';

type Spoken = Extract<TextKey, `problem.${string}.title`> extends `problem.${infer Code}.title` ? Code : never;

/** The failures that a visitor of the page can meet; any other is spoken of as INTERNAL. */
const SPOKEN = [
  'NO_CREDITS',
  'BAD_REQUEST',
  'UNSUPPORTED_TYPE',
  'UPLOAD_FAILED',
  'TOO_LARGE',
  'PHOTO_DAMAGED',
  'PHOTO_TOO_LARGE',
  'PHOTO_NOT_FOUND',
  'PHOTO_EXPIRED',
  'NOT_FINISHED',
  'PHOTO_BUSY',
  'CANCELLED',
  'RATE_LIMITED',
  'OVERLOADED',
  'INTERNAL',
  'OFFLINE',
] as const satisfies readonly Spoken[];

/** The names of the two texts that say what happened and what to do about it. */
export function problemKeys(code: ProblemCode) {
  const spoken = SPOKEN.find((known) => known === code) ?? 'INTERNAL';
  return { title: `problem.${spoken}.title`, advice: `problem.${spoken}.advice` } as const;
}
