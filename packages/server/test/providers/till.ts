import { Hono } from 'hono';
import { sql } from 'kysely';
import { afterAll } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { AppEnv } from '../../src/deps.ts';
import { listen } from '../../src/listen.ts';
import { openLog } from '../../src/log.ts';
import { findOrder } from '../../src/order-rows.ts';
import type { Order } from '../../src/order-tables.ts';
import { createOrder, type OrderDeps } from '../../src/orders.ts';
import type { Provider } from '../../src/payments/provider.ts';
import { sweepPayments } from '../../src/payments/sweep.ts';
import { noticeRoutes } from '../../src/routes/notices.ts';
import { deriveKeys } from '../../src/secrets.ts';
import { findOrCreateUser } from '../../src/users.ts';
import { type TestClock, testClock, testDatabase } from '../harness.ts';
import type { NoticeFault } from './fake-server.ts';

/** What a provider may say, although it is not so. */
export interface Misstated {
  readonly fen?: number;
  readonly currency?: string;
  readonly transactionId?: string;
}

/** A provider's side of the counter, for the shared suite. */
export interface FakeProvider {
  /** The provider under test, unchanged, which asks the fake. */
  readonly provider: Provider;
  /** Ways in which a notice can be forged or tampered with. */
  readonly tampers: readonly string[];
  readonly noticeFaults: NoticeFault[];
  /** How the first try of each notice went, and the later ones. */
  tries(): readonly { readonly tamper: string | undefined; readonly accepted: boolean }[];
  /** Payments that it has been asked for under this number. */
  made(outTradeNo: string): number;
  /** The buyer pays with what they were shown, and the notice is on its way. @returns false when that is no longer possible. */
  pay(order: Order): boolean;
  /** What it says of a payment from now on, correctly signed. */
  misstate(outTradeNo: string, said: Misstated): void;
  /** Requests that the client makes, when each loses its answer, before it gives up. */
  readonly clientTries: number;
  /** Requests before the one that asks for a refund. */
  readonly looksFirst: number;
  /** Rounds of faults at random: fewer where the client waits between its tries. */
  readonly runs: number;
  /** Spoils the next answers; `none` leaves one as it is. */
  spoil(faults: readonly ('none' | 'drop_before' | 'drop_after' | '500')[]): void;
  /** What becomes of refunds that are asked for from now on. */
  refundsWill(outcome: 'done' | 'pending' | 'failed'): void;
  /** Ends a refund that is pending. */
  settle(outRefundNo: string, outcome: 'done' | 'failed'): void;
  /** Fen that went back, or are on their way. */
  refunded(outTradeNo: string): number;
  /** Delivers the notices that are due until a moment. */
  deliver(until: number, choose?: (count: number) => number, turn?: (at: number) => void): Promise<void>;
  clear(): void;
  close(): Promise<void>;
}

export type OpenFake = (at: {
  readonly clock: TestClock;
  readonly notifyUrl: (name: string) => string;
}) => Promise<FakeProvider>;

/** Orders against a fake provider on one virtual clock, with the real route for its notices. */
export async function openTill(openFake: OpenFake) {
  const { db, connection } = await testDatabase();
  const clock = testClock();
  const providers = new Map<string, Provider>();
  const secret = 's'.repeat(32);
  const deps: OrderDeps = {
    ...{ db, clock, keys: deriveKeys(secret), log: openLog('silent', 'test'), providers },
    config: loadConfig({ HILI_SECRET: secret, REBATE_FEN: 'photos-3:200' }),
  };
  const server = await listen('127.0.0.1', 0, () => new Hono<AppEnv>().route('/', noticeRoutes(deps)));
  const notifyUrl = (name: string) => `http://127.0.0.1:${server.port}/${name}/notify`;
  const fake = await openFake({ clock, notifyUrl });
  const { provider } = fake;
  providers.set(provider.name, provider);
  afterAll(async () => {
    await server.close(100);
    await fake.close();
  });
  const turn = (at: number) => clock.set(new Date(at).toISOString());

  async function user(): Promise<{ id: string; walletId: string }> {
    const { rows } = await sql<{ id: string }>`
      insert into auth."user" (name, email, "emailVerified", "updatedAt")
        values ('', gen_random_uuid() || '@example.com', true, now()) returning id`.execute(db);
    return findOrCreateUser(db, String(rows[0]?.id), 'en', clock());
  }

  return {
    ...{ db, connection, clock, deps, fake, provider, user },
    async buy(buyer?: { id: string }, code = 'photos-3'): Promise<Order> {
      const { id } = buyer ?? (await user());
      return (await createOrder(deps, id, { package: code, provider: provider.name })).order;
    },
    async order({ id }: Pick<Order, 'id'>): Promise<Order> {
      const found = await findOrder(db, id);
      if (!found) throw new Error('expected an order');
      return found;
    },
    /** Lets time pass, and delivers the notices that fall due. */
    async pass(seconds: number, choose?: (count: number) => number) {
      const end = clock().getTime() + seconds * 1000;
      await fake.deliver(end, choose, turn);
      turn(end);
    },
    /** Sweeps until nothing is due. */
    async sweep() {
      while ((await sweepPayments(deps)) > 0);
    },
  };
}

export type Till = Awaited<ReturnType<typeof openTill>>;
