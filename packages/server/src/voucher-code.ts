import { randomInt } from 'node:crypto';

/** 31 letters and digits of which none is taken for another. A prime number of them, so that the check finds every slip of one or two. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
/** 15 at random, 74 bits, and the check. */
const RANDOM = 15;

/** The last letter of a code: the sum of all others, each times its place. */
function checkOf(letters: string): string {
  const sum = [...letters].reduce((total, letter, place) => total + (place + 1) * ALPHABET.indexOf(letter), 0);
  return ALPHABET[sum % ALPHABET.length] as string;
}

/** A new code: 16 characters. */
export function newVoucherCode(): string {
  const letters = Array.from({ length: RANDOM }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return letters + checkOf(letters);
}

/** A code as people read it. @example writeVoucherCode('ABCDEFGH23456789') === 'ABCD-EFGH-2345-6789' */
export const writeVoucherCode = (code: string): string => code.replace(/.{4}(?=.)/g, '$&-');

/** Reads what somebody typed: any case, width, blanks and dashes. @returns undefined for a slip, or for what is no code at all. */
export function readVoucherCode(text: string): string | undefined {
  const code = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '');
  if (code.length !== RANDOM + 1 || [...code].some((letter) => !ALPHABET.includes(letter))) return undefined;
  return checkOf(code.slice(0, RANDOM)) === code[RANDOM] ? code : undefined;
}
