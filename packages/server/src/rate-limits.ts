import { createHmac } from 'node:crypto';
import { AppError } from '@hili/contract';
import pg from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Connection } from './embedded-postgres.ts';
import type { Log } from './log.ts';
import type { Keys } from './secrets.ts';

/**
 * Requests in so many seconds, counted by the caller's network address, or by the account that they are about. Generous: they stop a
 * runaway loop or a flood, and nobody who works.
 */
const RULES = {
  /** Calls of the partner API: a partner that polls 1000 photos every ten seconds stays inside. */
  partner: { by: 'address', points: 6000, duration: 60 },
  /** Calls of the page. */
  page: { by: 'address', points: 600, duration: 60 },
  /** Uploads of the page, those that fail included. */
  upload: { by: 'address', points: 120, duration: 3600 },
  /** Looks at drafts, and photos made of them, which send no file. */
  look: { by: 'address', points: 1200, duration: 3600 },
  /** Tries to sign in. */
  signIn: { by: 'address', points: 60, duration: 600 },
  /** Mails that somebody asks for. */
  mail: { by: 'address', points: 30, duration: 3600 },
  /** Mails to one address: in a minute, and in a day. */
  mailTo: { by: 'account', points: 3, duration: 60 },
  mailToDay: { by: 'account', points: 10, duration: 86_400 },
  /** Passwords and codes that are tried for one address. */
  guess: { by: 'account', points: 20, duration: 3600 },
  /** Words to the operator. */
  complaint: { by: 'account', points: 10, duration: 3600 },
  /** QR codes with which a rebate is claimed. */
  claim: { by: 'account', points: 20, duration: 3600 },
  /** Voucher codes that one user tries, and one address: fewer than anybody needs who guesses. */
  voucher: { by: 'account', points: 10, duration: 3600 },
  voucherFrom: { by: 'address', points: 30, duration: 3600 },
  /** Receipts as PDF that one user has made: each takes a second of a busy machine. */
  papers: { by: 'account', points: 60, duration: 3600 },
  /** ZIP files of everything that one user has. */
  exports: { by: 'account', points: 10, duration: 3600 },
} as const;

export type Rule = keyof typeof RULES;

/** What stands for an e-mail address or an account where requests are counted, so that none is stored there. */
export const hashedKey = (keys: Pick<Keys, 'addresses'>, text: string): string =>
  createHmac('sha256', keys.addresses).update(text).digest('base64url');

export interface RateLimits {
  /** Counts one request of an address, or about an account. @throws AppError RATE_LIMITED once there are too many. */
  take(rule: Rule, key: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the limits, counted in the database for all servers together (table `rate_limit`, made here). While the database is away each
 * process counts for itself.
 * @param byAddress false where a proxy in front counts addresses; what an account may do is always counted.
 */
export async function openRateLimits(connection: Connection, log: Log, byAddress: boolean): Promise<RateLimits> {
  const pool = new pg.Pool({ ...connection, max: 3, options: '-c synchronous_commit=off' }); // a count may be lost in a crash
  pool.on('error', (error) => log.warn({ error }, 'a connection for rate limits broke'));
  const limiters = new Map<Rule, RateLimiterPostgres>();
  for (const [rule, { by, ...limit }] of Object.entries(RULES) as [Rule, (typeof RULES)[Rule]][]) {
    if (by === 'address' && !byAddress) continue;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const limiter = new RateLimiterPostgres(
      {
        ...limit,
        storeClient: pool,
        tableName: 'rate_limit',
        keyPrefix: rule,
        inMemoryBlockOnConsumed: limit.points + 1,
        insuranceLimiter: new RateLimiterMemory({ ...limit, keyPrefix: rule }),
      },
      (error) => (error ? reject(error) : resolve()),
    );
    await promise;
    limiters.set(rule, limiter);
  }
  return {
    async take(rule, key) {
      try {
        await limiters.get(rule)?.consume(key);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        throw new AppError('RATE_LIMITED', { retryAfter: refusal.msBeforeNext / 1000 });
      }
    },
    close: () => pool.end(),
  };
}
