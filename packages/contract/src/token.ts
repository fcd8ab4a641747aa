import { createHash, timingSafeEqual } from 'node:crypto';

/** Seconds for which a token is good after its own time. */
export const TOKEN_SECONDS = 120;
/** Seconds by which a partner's clock may run ahead of ours. */
export const TOKEN_SKEW_SECONDS = 30;

/**
 * Makes the partner wire's token: `md5_hex(utf8(secret + time)) + "," + time`.
 * @param time Unix time in whole seconds.
 * @example makeToken('hiliad', 1629962357) === '5484490c8e797dabe52af90ab8bd1e50,1629962357'
 */
export function makeToken(secret: string, time: number): string {
  return `${createHash('md5').update(`${secret}${time}`, 'utf8').digest('hex')},${time}`;
}

/** A token that is well formed and of our time; whether it is anybody's is for `tokenMatches` to say. */
export interface FreshToken {
  readonly digest: Buffer;
  readonly time: number;
}

/**
 * Reads a token without knowing a secret, so that a request can be refused before its body is read.
 * @param now Unix time in seconds.
 * @returns undefined when missing, malformed, older than two minutes, or more than 30 s ahead.
 */
export function readToken(header: string | undefined, now: number): FreshToken | undefined {
  const match = /^([0-9a-f]{32}),(\d{1,12})$/i.exec(header?.trim() ?? '');
  if (!match) return undefined;
  const time = Number(match[2]);
  if (now - time > TOKEN_SECONDS || time - now > TOKEN_SKEW_SECONDS) return undefined;
  return { digest: Buffer.from(match[1] as string, 'hex'), time };
}

/**
 * Compares in constant time against every secret that is valid now (two during a rotation). Give a decoy for an unknown
 * partner, so that its answer takes the same time.
 */
export function tokenMatches(token: FreshToken, secrets: readonly string[]): boolean {
  let matches = false;
  for (const secret of secrets) {
    const expected = createHash('md5').update(`${secret}${token.time}`, 'utf8').digest();
    if (timingSafeEqual(expected, token.digest)) matches = true;
  }
  return matches;
}
