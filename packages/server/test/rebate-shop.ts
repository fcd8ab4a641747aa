import { afterEach, expect } from 'vitest';
import { confirmClaim, openClaim } from '../src/claims.ts';
import type { Db } from '../src/database.ts';
import { matureRebates, rebatesOf } from '../src/rebate-rows.ts';
import { accrueRebate, voidRebate } from '../src/rebates.ts';
import { findOrCreateUser } from '../src/users.ts';
import { brokenInvariants } from '../src/wallets.ts';
import { testServices } from './harness.ts';
import { type OpenOrder, openOrder, takeMoney } from './paid-orders.ts';

const rules = { REBATE_FEN: 'photos-3:200, photos-10:600', REBATE_DAYS: 7 };
export const ceiling = { REBATE_DAILY_FEN: 1_000_000, DEMO_PAYMENTS: false, WECHAT_SERVICE_APPID: undefined };
export const operator = { userId: undefined, name: 'operator' };
export const payee = { wechat: 'lee_1990', name: '李雷' };
export const WEEK = 7 * 86_400;

/** Services of a test file's own where orders bring cash back, and whose books agree after each test. */
export async function openRebates() {
  const services = await testServices();
  const { db, pool, clock, keys } = services;
  afterEach(async () => {
    expect(await brokenInvariants(db)).toEqual([]);
  });

  async function join() {
    const { rows } = await pool.query(
      `insert into auth."user" (name, email, "emailVerified") values ('', gen_random_uuid() || '@example.com', true) returning id`,
    );
    return findOrCreateUser(db, rows[0].id, 'en', clock());
  }
  type Member = Awaited<ReturnType<typeof join>>;

  async function pay(order: OpenOrder, on: Db = db) {
    await on.transaction().execute(async (tx) => {
      await takeMoney(tx, services, order, clock());
      await accrueRebate(tx, rules, order, clock());
    });
  }
  async function buy(member: Member): Promise<OpenOrder> {
    const order = await openOrder(db, member, clock());
    await pay(order);
    return order;
  }
  const refund = (orderId: string) => db.transaction().execute((tx) => voidRebate(tx, orderId));
  const statesOf = async ({ id }: Member) => (await rebatesOf(db, id)).map(({ state }) => state);
  /** Somebody with a rebate that has been claimed, and its id. */
  async function claimed(member?: Member, answer = payee) {
    const lee = member ?? (await join());
    const order = await buy(lee);
    clock.advance(WEEK);
    await matureRebates(db, clock());
    const { token } = await openClaim(db, lee.id, clock());
    await confirmClaim(db, keys, token, answer, clock());
    const [rebate] = await rebatesOf(db, lee.id);
    return { lee, order, token, id: rebate!.id };
  }

  return { services, ...services, rules, join, pay, buy, refund, statesOf, claimed };
}

export const codeOf = (act: Promise<unknown>) =>
  act.then(
    () => 'done',
    (error) => error.code,
  );
