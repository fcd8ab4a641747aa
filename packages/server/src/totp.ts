import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds of a step, and digits of a code, as every authenticator app assumes them. */
const STEP_SECONDS = 30;
const DIGITS = 6;
/** Steps before and after the present one whose codes count, for clocks that differ. */
const TOLERANCE = 1;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, without padding. @example base32(Buffer.from('hili')) === 'NBUWY2I' */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** The step that a moment is in. */
export const stepOf = (now: Date): number => Math.floor(now.getTime() / 1000 / STEP_SECONDS);

/** The code of a step: HOTP by HMAC-SHA-1 (RFC 4226, 5.3; RFC 6238). */
export function codeOfStep(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hmac = createHmac('sha1', secret).update(counter).digest();
  const offset = hmac.readUInt8(hmac.length - 1) & 15;
  const number = hmac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** The step near now whose code this is; undefined for none. Every step is compared, in constant time. */
export function matchingStep(secret: Uint8Array, code: string, now: Date): number | undefined {
  const given = Buffer.from(code.padEnd(DIGITS).slice(0, DIGITS));
  const steps = Array.from({ length: 2 * TOLERANCE + 1 }, (_, n) => stepOf(now) - TOLERANCE + n);
  return steps.filter((step) => timingSafeEqual(Buffer.from(codeOfStep(secret, step)), given)).at(-1);
}

/** The text of the QR code that sets an authenticator app up. */
export function totpUri(secret: string, account: string): string {
  const issuer = 'Hili PhotoEnhance';
  const query = new URLSearchParams({ secret, issuer, algorithm: 'SHA1', digits: '6', period: String(STEP_SECONDS) });
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?${query.toString().replaceAll('+', '%20')}`;
}
