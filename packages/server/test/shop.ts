import type { OrderWish } from '@hili/contract';
import { type Context, Hono } from 'hono';
import { sql } from 'kysely';
import { afterAll } from 'vitest';
import type { z } from 'zod';
import { loadConfig } from '../src/config.ts';
import type { AppEnv } from '../src/deps.ts';
import { listen } from '../src/listen.ts';
import { openLog } from '../src/log.ts';
import { findOrder } from '../src/order-rows.ts';
import type { Order } from '../src/order-tables.ts';
import { createOrder, type OrderDeps } from '../src/orders.ts';
import type { Payouts } from '../src/payments/payouts.ts';
import type { Pick as Choice } from '../src/payments/simulator/notices.ts';
import { SIM_SECRET } from '../src/payments/simulator/people.ts';
import { openSimulator } from '../src/payments/simulator/simulator.ts';
import { sweepPayments } from '../src/payments/sweep.ts';
import { wechatPayouts } from '../src/payments/wechat/payouts.ts';
import { wechat } from '../src/payments/wechat.ts';
import { noticeRoutes } from '../src/routes/notices.ts';
import { deriveKeys } from '../src/secrets.ts';
import { findOrCreateUser } from '../src/users.ts';
import { testClock, testDatabase } from './harness.ts';

/** Milliseconds that the client waits for the simulator, also on a busy machine; a hang lasts longer. */
const PATIENCE_MS = 1_000;

/** Orders, the unchanged client of WeChat Pay, and the simulator, on one virtual clock, with the real route for its notices. */
export async function openShop(settings: Readonly<Record<string, string>> = {}) {
  const { db, connection } = await testDatabase();
  const clock = testClock();
  const simulator = await openSimulator(clock);
  const config = loadConfig({ HILI_SECRET: 's'.repeat(32), REBATE_FEN: 'photos-3:200', ...settings });
  const deps: OrderDeps & { providers: Map<string, ReturnType<typeof wechat>>; payouts?: Payouts } = {
    ...{ db, clock, config, keys: deriveKeys('s'.repeat(32)), log: openLog('silent', 'test') },
    providers: new Map(),
  };
  // Somebody who takes the notices instead of our route, if there is one.
  let taker: ((c: Context) => Promise<Response>) | undefined;
  const server = await listen('127.0.0.1', 0, (port) => {
    const notifyUrl = `http://127.0.0.1:${port}/wechat/notify`;
    const provider = wechat({ account: simulator.account, clock, notifyUrl, timeoutMs: PATIENCE_MS });
    deps.providers.set(provider.name, provider);
    const { account } = simulator;
    const service = { appid: account.appid, secret: SIM_SECRET, api: String(account.hosts[0]) };
    deps.payouts = wechatPayouts({ account, service, clock, notifyUrl, timeoutMs: PATIENCE_MS });
    const app = new Hono<AppEnv>();
    app.use(async (c, next) => (taker ? taker(c) : next()));
    return app.route('/', noticeRoutes(deps));
  });
  afterAll(async () => {
    await server.close(100);
    await simulator.close();
  });

  /** Somebody with an account. */
  async function user(): Promise<{ id: string; walletId: string }> {
    const { rows } = await sql<{ id: string }>`
      insert into auth."user" (name, email, "emailVerified", "updatedAt")
        values ('', gen_random_uuid() || '@example.com', true, now()) returning id`.execute(db);
    return findOrCreateUser(db, String(rows[0]?.id), 'en', clock());
  }

  return {
    ...deps,
    connection,
    deps,
    simulator,
    provider: deps.providers.get('wechat') as ReturnType<typeof wechat>,
    payouts: deps.payouts as Payouts,
    clock,
    user,
    notifyUrl: `http://127.0.0.1:${server.port}/wechat/notify`,
    /** Lets somebody else take the notices from now on; nobody else, when it is undefined. */
    divert(to: typeof taker) {
      taker = to;
    },
    /** An order of somebody new, and the text of its QR code. */
    async buy(wish: Partial<z.infer<typeof OrderWish>> = {}, buyer?: { id: string }) {
      const { id } = buyer ?? (await user());
      const { order } = await createOrder(deps, id, { package: 'photos-3', provider: 'wechat', ...wish });
      if (order.payment?.kind !== 'qr') throw new Error('expected a QR code');
      return { order, code: order.payment.code };
    },
    async order({ id }: Pick<Order, 'id'>): Promise<Order> {
      const found = await findOrder(db, id);
      if (!found) throw new Error('expected an order');
      return found;
    },
    /**
     * Lets time pass; notices that fall due meanwhile are delivered, and with `sweepEvery` the server asks by itself
     * every so many seconds.
     */
    async pass(
      seconds: number,
      { choose, sweepEvery = Number.POSITIVE_INFINITY }: { choose?: Choice; sweepEvery?: number } = {},
    ) {
      const end = clock().getTime() + seconds * 1000;
      const turn = (at: number) => clock.set(new Date(at).toISOString());
      while (clock().getTime() + sweepEvery * 1000 < end) {
        await simulator.notices.deliver(clock().getTime() + sweepEvery * 1000, choose, turn);
        clock.advance(sweepEvery);
        while ((await sweepPayments(deps)) > 0);
      }
      await simulator.notices.deliver(end, choose, turn);
      turn(end);
    },
    sweep: () => sweepPayments(deps),
  };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;
