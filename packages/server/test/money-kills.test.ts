import { beforeEach, expect, it, vi } from 'vitest';
import { ordersOf } from '../src/order-rows.ts';
import type { Order } from '../src/order-tables.ts';
import { createOrder } from '../src/orders.ts';
import { askRefund } from '../src/refunds.ts';
import { available, brokenInvariants } from '../src/wallets.ts';
import { openKills } from './kills.ts';
import { openShop } from './shop.ts';

// Each kill starts a process, which takes 0.2 s of an idle core.
vi.setConfig({ testTimeout: 400_000 });

const shop = await openShop();
const { db, clock, simulator, deps } = shop;
const { run, killAtEach, survived, divertTo } = await openKills(shop);

beforeEach(() => {
  simulator.notices.clear();
  simulator.faults.length = 0;
  shop.divert(undefined);
});

async function bought(): Promise<Order> {
  const { order, code } = await shop.buy();
  simulator.pay(code);
  await shop.pass(0);
  return shop.order(order);
}

it('makes one order of each wish, and grants it once, when killed between any two statements of making it', async () => {
  const buyers: { id: string; walletId: string }[] = [];
  await killAtEach('order', async () => {
    const buyer = await shop.user();
    buyers.push(buyer);
    return (dieAt) => run({ act: 'order', dieAt, id: buyer.id });
  });
  for (const { id, walletId } of buyers) {
    const { order } = await createOrder(deps, id, { package: 'photos-3', provider: 'wechat' });
    expect(await ordersOf(db, id)).toHaveLength(1);
    if (order.payment?.kind === 'qr') simulator.pay(order.payment.code);
    await shop.pass(1);
    expect(await available(db, walletId, clock())).toBe(3);
  }
  expect(await brokenInvariants(db)).toEqual([]);
  survived('order');
});

it('grants once when killed between any two statements of taking note of a payment', async () => {
  const orders: Order[] = [];
  await killAtEach('payment', async () => {
    shop.divert(undefined);
    const { order, code } = await shop.buy();
    orders.push(order);
    return async (dieAt) => {
      const taken = divertTo(dieAt);
      simulator.pay(code);
      await shop.pass(0);
      return taken;
    };
  });
  shop.divert(undefined);
  await shop.pass(15);
  for (const order of orders) {
    expect(await shop.order(order)).toMatchObject({ state: 'paid' });
    expect(await available(db, order.walletId, clock())).toBe(3);
    const rebates = await db.selectFrom('rebate').select('fen').where('orderId', '=', order.id).execute();
    expect(rebates).toEqual([{ fen: 200 }]);
  }
  expect(await brokenInvariants(db)).toEqual([]);
  survived('payment');
});

it('closes an order once when killed between any two statements of closing it', async () => {
  const orders: Order[] = [];
  await killAtEach('close', async () => {
    const { order } = await shop.buy();
    orders.push(order);
    return (dieAt) => run({ act: 'close', dieAt, id: order.id });
  });
  await shop.pass(1600, { sweepEvery: 300 });
  for (const order of orders) expect(await shop.order(order)).toMatchObject({ state: 'closed' });
  expect(await brokenInvariants(db)).toEqual([]);
  survived('close');
});

it.each(['SUCCESS', 'CLOSED'] as const)(
  'returns money and photos once when killed between any two statements of a refund that ends %s',
  async (end) => {
    const asked: Order[] = [];
    const step = `refund, ${end}`;
    if (end === 'SUCCESS') {
      await killAtEach('refund asked', async () => {
        const order = await bought();
        asked.push(order);
        return (dieAt) => run({ act: 'refund', dieAt, id: order.id });
      });
      for (const { id } of asked) await askRefund(deps, id, 'test').catch(() => {});
      await shop.pass(61);
      while ((await shop.sweep()) > 0);
      for (const order of asked) expect(await shop.order(order)).toMatchObject({ state: 'refunding' });
      survived('refund asked');
    }
    const ending: Order[] = [];
    await killAtEach(step, async () => {
      shop.divert(undefined);
      const order = await bought();
      const { outRefundNo } = await askRefund(deps, order.id, 'test');
      ending.push(order);
      return async (dieAt) => {
        const taken = divertTo(dieAt);
        simulator.settleRefund(outRefundNo, end);
        await shop.pass(0);
        return taken;
      };
    });
    shop.divert(undefined);
    for (const { outRefundNo, status } of simulator.world.refunds.values())
      if (status === 'PROCESSING') simulator.settleRefund(outRefundNo);
    await shop.pass(15);
    for (const order of [...asked, ...ending]) {
      const isBack = end === 'SUCCESS' || asked.includes(order);
      expect(await shop.order(order)).toMatchObject({ state: isBack ? 'refunded' : 'paid' });
      expect(await available(db, order.walletId, clock())).toBe(isBack ? 0 : 3);
      expect(simulator.world.orders.get(order.outTradeNo)).toMatchObject({ refunded: isBack ? 4980 : 0 });
    }
    expect(await brokenInvariants(db)).toEqual([]);
    survived(step);
  },
);
