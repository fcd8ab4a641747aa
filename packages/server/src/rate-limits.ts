import { AppError } from '@hili/contract';
import pg from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Connection } from './embedded-postgres.ts';
import type { Log } from './log.ts';

/** Requests of one address in so many seconds. Generous: they stop a runaway loop or a flood, and nobody who works. */
const RULES = {
  /** Calls of the partner API: a partner that polls 1000 photos every ten seconds stays inside. */
  partner: { points: 6000, duration: 60 },
  /** Calls of the page. */
  page: { points: 600, duration: 60 },
  /** Uploads of the page, those that fail included. */
  upload: { points: 120, duration: 3600 },
} as const;

export type Rule = keyof typeof RULES;

export interface RateLimits {
  /** Counts one request of an address. @throws AppError RATE_LIMITED once there are too many. */
  take(rule: Rule, address: string): Promise<void>;
  close(): Promise<void>;
}

/** For installations whose proxy counts. */
export const noRateLimits: RateLimits = { take: async () => {}, close: async () => {} };

/**
 * Opens the limits, counted in the database for all servers together (table `rate_limit`, made here). While the database is away each
 * process counts for itself.
 */
export async function openRateLimits(connection: Connection, log: Log): Promise<RateLimits> {
  const pool = new pg.Pool({ ...connection, max: 3, options: '-c synchronous_commit=off' }); // a count may be lost in a crash
  pool.on('error', (error) => log.warn({ error }, 'a connection for rate limits broke'));
  const limiters = new Map<Rule, RateLimiterPostgres>();
  for (const [rule, limit] of Object.entries(RULES) as [Rule, (typeof RULES)[Rule]][]) {
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
    async take(rule, address) {
      try {
        await limiters.get(rule)?.consume(address);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        throw new AppError('RATE_LIMITED', { retryAfter: refusal.msBeforeNext / 1000 });
      }
    },
    close: () => pool.end(),
  };
}
