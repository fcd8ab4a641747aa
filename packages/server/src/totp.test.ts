import { expect, it } from 'vitest';
import { base32, codeOfStep, matchingStep, stepOf, totpUri } from './totp.ts';

// RFC 6238, appendix B: SHA-1, the last six of its eight digits.
const SECRET = Buffer.from('12345678901234567890');
const VECTORS = {
  59: '287082',
  1111111109: '081804',
  1111111111: '050471',
  1234567890: '005924',
  2000000000: '279037',
};
const at = (seconds: number) => new Date(seconds * 1000);

it('makes the codes of RFC 6238', () => {
  for (const [seconds, code] of Object.entries(VECTORS))
    expect(codeOfStep(SECRET, stepOf(at(Number(seconds))))).toBe(code);
});

it('takes the code of a step from 30 s before it to 30 s after it, and no other', () => {
  const code = codeOfStep(SECRET, 1000);
  const taken = [998, 999, 1000, 1001, 1002].map((step) => matchingStep(SECRET, code, at(step * 30 + 29)));
  expect(taken).toEqual([undefined, 1000, 1000, 1000, undefined]);
  for (const wrong of ['', '00000', '0000000', 'abcdef', `${code}1`.slice(1)])
    if (wrong !== code) expect(matchingStep(SECRET, wrong, at(30_000))).toBeUndefined();
});

it('writes secrets in base32 and the text of a QR code as authenticator apps read them', () => {
  expect(base32(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
  expect(base32(SECRET)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  const uri = new URL(totpUri('MZXW6YTBOI', 'me@example.com'));
  expect(decodeURIComponent(uri.pathname)).toBe('/Hili PhotoEnhance:me@example.com');
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    secret: 'MZXW6YTBOI',
    issuer: 'Hili PhotoEnhance',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
});
