import { AppError } from '@hili/contract';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { checkOrder, closeOrder, createOrder } from '../src/orders.ts';
import { RETRY_SECONDS } from '../src/payments/simulator/notices.ts';
import { brokenInvariants } from '../src/wallets.ts';
import { openOrders, refusal } from './orders.ts';

const { shop, db, simulator, deps, credits, kinds } = await openOrders();

it('finds out by itself when no notice ever arrives', async () => {
  const { order, code } = await shop.buy();
  shop.divert(async (c) => c.body(null, 503));
  simulator.pay(code);
  await shop.pass(25 * 3600);
  expect(simulator.notices.tries.filter(({ status }) => status === 503)).toHaveLength(RETRY_SECONDS.length + 1);
  expect(await credits(order)).toBe(0);
  expect(await shop.sweep()).toBeGreaterThan(0);
  expect(await credits(order)).toBe(3);
});

it('asks after 5 s, and closes what was not paid a minute after its end', async () => {
  const { order, code } = await shop.buy();
  expect(await shop.sweep()).toBe(0);
  await shop.pass(6);
  expect(await shop.sweep()).toBe(1);
  await shop.pass(1000, { sweepEvery: 30 });
  expect(await shop.order(order)).toMatchObject({ state: 'closed', nextCheckAt: null });
  expect(simulator.pay(code)).toBe('ended');
  expect(await kinds(order.id)).toEqual(['created', 'paying', 'closed']);
});

it('goes on with the same order when the answer to its first request was lost', async () => {
  const { id } = await shop.user();
  const wish = { package: 'photos-50', provider: 'wechat' };
  simulator.faults.push({ match: /native/, times: 1, kind: 'drop_after' });
  await expect(createOrder(deps, id, wish)).rejects.toEqual(refusal('PAYMENT_FAILED'));
  const { order, isNew } = await createOrder(deps, id, wish);
  expect({ isNew, state: order.state }).toEqual({ isNew: false, state: 'paying' });
  expect([...simulator.world.orders.values()].filter(({ total }) => total === 40_000)).toHaveLength(1);
  const again = await Promise.all([createOrder(deps, id, wish), createOrder(deps, id, wish)]);
  expect(again.map((each) => each.order.payment)).toEqual([order.payment, order.payment]);
});

it.each(['hang', '500', 'bad_sig', 'corrupt', 'drop_before'] as const)(
  'believes no answer that is spoilt by %s',
  async (kind) => {
    const { order, code } = await shop.buy();
    simulator.notices.faults.push({ drop: true });
    simulator.pay(code);
    simulator.faults.push({ match: /GET .*out-trade-no/, times: 1, kind });
    await expect(checkOrder(deps, order)).rejects.toThrow();
    expect(await credits(order)).toBe(0);
    expect(await checkOrder(deps, order)).toBe('granted');
  },
);

it('grants what was paid while its buyer gave it up, and what is told after it was closed', async () => {
  const raced = await shop.buy();
  simulator.notices.faults.push({ drop: true });
  simulator.pay(raced.code);
  expect(await closeOrder(deps, raced.order, raced.order.userId)).toMatchObject({ state: 'paid' });
  expect(await credits(raced.order)).toBe(3);

  const late = await shop.buy();
  simulator.notices.faults.push({ delaySeconds: 600 });
  simulator.pay(late.code);
  await db.updateTable('orders').set({ state: 'closed' }).where('id', '=', late.order.id).execute();
  await shop.pass(601);
  expect(await shop.order(late.order)).toMatchObject({ state: 'paid' });
  expect(await credits(late.order)).toBe(3);
});

it('lets nobody pay what was closed or is over', async () => {
  const { order, code } = await shop.buy();
  expect(await closeOrder(deps, order, order.userId)).toMatchObject({ state: 'closed' });
  expect(simulator.pay(code)).toBe('ended');
  const other = await shop.buy();
  await shop.pass(901);
  expect(simulator.pay(other.code)).toBe('expired');
});

it('keeps three orders of one user open at once, and makes ten in an hour', async () => {
  const { id } = await shop.user();
  const make = (code: string) => createOrder(deps, id, { package: code, provider: 'wechat' });
  const open = [];
  for (const code of ['photos-3', 'photos-10', 'photos-50']) open.push((await make(code)).order);
  await expect(make('photos-200')).rejects.toEqual(refusal('ORDERS_OPEN'));
  for (const order of open) await closeOrder(deps, order, id);
  for (let n = 3; n < 10; n += 1) await closeOrder(deps, (await make('photos-200')).order, id);
  await expect(make('photos-3')).rejects.toEqual(refusal('RATE_LIMITED'));
  await shop.pass(3600);
  expect((await make('photos-3')).isNew).toBe(true);
  for (const wrong of [
    { package: 'photos-1', provider: 'wechat' },
    { package: 'photos-3', provider: 'cash' },
  ])
    await expect(createOrder(deps, id, wrong)).rejects.toBeInstanceOf(AppError);
});

it('lets no event of a payment be changed or removed', async () => {
  const { order } = await shop.buy();
  for (const change of [
    sql`update payment_event set kind = 'x'`,
    sql`delete from payment_event`,
    sql`truncate payment_event`,
  ])
    await expect(change.execute(db)).rejects.toThrow('append-only');
  expect(await kinds(order.id)).toHaveLength(2);
});

it('names a paid order without its lot, and a lot without a paid order', async () => {
  const { order, code } = await shop.buy();
  simulator.pay(code);
  await shop.pass(1);
  await db.transaction().execute(async (tx) => {
    await sql`update orders set out_trade_no = 'HOTHER1234' where id = ${order.id}`.execute(tx);
    const broken = await brokenInvariants(tx);
    expect(broken).toContainEqual('paid order without lot HOTHER1234');
    expect(broken).toContainEqual(expect.stringMatching(/^lot without paid order \d+$/));
    await sql`update orders set out_trade_no = ${order.outTradeNo} where id = ${order.id}`.execute(tx);
  });
});
