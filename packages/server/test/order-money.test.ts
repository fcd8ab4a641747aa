import pino from 'pino';
import { expect, it } from 'vitest';
import { askFapiao, endFapiao } from '../src/fapiao.ts';
import { applyPaid } from '../src/order-payments.ts';
import { orderView } from '../src/order-view.ts';
import { closeOrder } from '../src/orders.ts';
import { TAMPERS } from '../src/payments/simulator/notices.ts';
import { followPayments } from '../src/payments/sweep.ts';
import { ownRebates } from '../src/rebates.ts';
import { openIssues } from '../src/recon-issues.ts';
import { applyRefund, askRefund } from '../src/refunds.ts';
import { forgetPerson } from '../src/users.ts';
import { listLots } from '../src/wallets.ts';
import { openOrders } from './orders.ts';

const { shop, db, clock, simulator, deps, credits, issuesOf, kinds } = await openOrders();

it('grants a paid order once, for a year, with the rights of its package', async () => {
  const { order, code } = await shop.buy({ package: 'photos-10' });
  expect(order).toMatchObject({ state: 'paying', fen: 15_000, credits: 10, currency: 'CNY', simulated: false });
  expect(order.expiresAt.getTime() - order.createdAt.getTime()).toBe(900_000);
  expect(simulator.pay(code)).toBe('paid');
  await shop.pass(1);
  const paid = await shop.order(order);
  expect(paid).toMatchObject({ state: 'paid', transactionId: expect.stringMatching(/^42000/), nextCheckAt: null });
  const [lot] = await listLots(db, order.walletId, clock());
  expect(lot).toMatchObject({ source: 'purchase', available: 10, package: 'photos-10', batch: true, maxSide: 6000 });
  expect(lot?.expiresAt).toEqual(new Date((paid.paidAt as Date).getTime() + 365 * 86_400_000));
  expect(await kinds(order.id)).toEqual(['created', 'paying', 'granted']);
});

it('grants once however many copies of a notice and answers to queries arrive at once', async () => {
  const { order, code } = await shop.buy();
  simulator.notices.faults.push({ copies: 5 });
  simulator.pay(code);
  await shop.pass(1);
  const { paid } = (await shop.provider.query({ ...order, photos: 3 })) as { paid: Parameters<typeof applyPaid>[3] };
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, () =>
      db.transaction().execute((tx) => applyPaid(tx, deps, 'wechat', paid, { actor: 'query' }, clock())),
    ),
  );
  expect(outcomes).toEqual(Array(8).fill('replay'));
  expect(simulator.notices.tries.slice(-5).map(({ status }) => status)).toEqual(Array(5).fill(204));
  expect(await credits(order)).toBe(3);
});

it.each(TAMPERS.filter((tamper) => tamper !== 'amount'))(
  'refuses a notice with another %s, and grants by the good one that follows',
  async (tamper) => {
    const { order, code } = await shop.buy();
    simulator.notices.faults.push({ tamper });
    simulator.pay(code);
    await shop.pass(1);
    expect(simulator.notices.tries.at(-1)).toMatchObject({ tamper, status: 401 });
    expect(await credits(order)).toBe(0);
    expect(await kinds(order.id)).toEqual(['created', 'paying']);
    await shop.pass(15);
    expect(await credits(order)).toBe(3);
  },
);

it('grants nothing for another amount although it is signed, and shows it to the operator', async () => {
  const { order, code } = await shop.buy();
  simulator.notices.faults.push({ tamper: 'amount' });
  simulator.pay(code);
  await shop.pass(1);
  expect(await credits(order)).toBe(0);
  expect(await issuesOf(order.outTradeNo)).toEqual(['amount_mismatch']);
  expect(await orderView(deps, await shop.order(order))).toMatchObject({ state: 'paying', underReview: true });
});

it('keeps even a sum that no table holds for the operator, and takes it from the provider once', async () => {
  for (const fen of [2 ** 31, -(2 ** 31), Number.MAX_SAFE_INTEGER, 0, -1]) {
    const { order } = await shop.buy();
    const { outTradeNo } = order;
    const paid = { outTradeNo, transactionId: `t${fen}`, fen, currency: 'CNY', payer: null, paidAt: clock() };
    const outcome = await db
      .transaction()
      .execute((tx) => applyPaid(tx, deps, 'wechat', paid, { actor: 'notice' }, clock()));
    expect(outcome).toBe('amount_mismatch');
    expect(await issuesOf(outTradeNo)).toEqual(['amount_mismatch']);
    expect(await credits(order)).toBe(0);
    await closeOrder(deps, order, 'test');
  }
});

it('lays money before the operator that comes for an account which is deleted, and owes nobody cash for it', async () => {
  const { order, code } = await shop.buy();
  await db.transaction().execute((tx) => forgetPerson(tx, order.userId, clock()));
  simulator.pay(code);
  await shop.pass(1);
  expect(await kinds(order.id)).toEqual(['created', 'paying', 'granted']);
  expect(await issuesOf(order.outTradeNo)).toEqual(['account_gone']);
  expect(await ownRebates(db, order.userId)).toEqual([]);
  const refunded = await askRefund(deps, order.id, 'operator');
  expect(refunded).toMatchObject({ credits: 3, fen: order.fen });
});

it('grants nothing for another currency, another order, or the number of another provider', async () => {
  const { order } = await shop.buy();
  const paid = {
    outTradeNo: order.outTradeNo,
    transactionId: 't1',
    fen: order.fen,
    currency: 'CNY',
    payer: null,
    paidAt: clock(),
  };
  const apply = (change: object, provider = 'wechat') =>
    db
      .transaction()
      .execute((tx) => applyPaid(tx, deps, provider, { ...paid, ...change }, { actor: 'notice' }, clock()));
  expect(await apply({ currency: 'JPY' })).toBe('amount_mismatch');
  expect(await apply({ fen: -order.fen })).toBe('amount_mismatch');
  expect(await apply({ fen: order.fen + 1 })).toBe('amount_mismatch');
  expect(await apply({ outTradeNo: 'HNOBODY' })).toBe('unknown_order');
  expect(await apply({}, 'stripe')).toBe('unknown_order');
  expect(await credits(order)).toBe(0);
  expect(await apply({})).toBe('granted');
  expect(await apply({ transactionId: 't2' })).toBe('second_payment');
  expect(await credits(order)).toBe(3);
});

it('keeps what a provider says in letters that no text has, of payments and refunds alike, and takes it from the provider once', async () => {
  const odd = 'H\0\ud800';
  const paid = { transactionId: odd, fen: 4980, currency: 'C\0Y', payer: odd, paidAt: clock() };
  const source = { actor: 'notice', eventId: odd };
  const before = (await openIssues(db)).length;
  for (const _ of [1, 2]) {
    const outcomes = await db
      .transaction()
      .execute(async (tx) => [
        await applyPaid(tx, deps, 'wechat', { ...paid, outTradeNo: odd }, source, clock()),
        await applyRefund(tx, 'wechat', { outRefundNo: odd, fen: 4980, state: 'done' }, source, clock()),
      ]);
    expect(outcomes).toEqual(['unknown_order', 'unknown_refund']);
  }
  expect((await openIssues(db)).slice(before)).toMatchObject([
    { kind: 'unknown_order', outTradeNo: 'H\ufffd\ufffd', detail: { currency: 'C\ufffdY', fen: 4980 } },
    { kind: 'unknown_refund', outTradeNo: null },
  ]);
});

it('writes each finding into the log once, as an error, after it is committed, and nothing about a person', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const told = () => lines.map((line) => JSON.parse(line)).filter(({ issue }) => issue !== undefined);
  const paid = { transactionId: 't9', fen: 4980, currency: 'CNY', payer: 'somebody', paidAt: clock() };
  const find = async (outTradeNo: string, outcome: 'commit' | 'rollback') =>
    db
      .transaction()
      .execute(async (tx) => {
        await applyPaid(tx, deps, 'wechat', { ...paid, outTradeNo }, { actor: 'query' }, clock());
        if (outcome === 'rollback') throw new Error('rolled back');
      })
      .catch(() => {});
  const open = (await openIssues(db)).length;
  await find('HTOLD1', 'commit');
  await find('HTOLD2', 'rollback');
  for (const rounds of [1, 2]) {
    const stops = [followPayments({ ...deps, log }), followPayments({ ...deps, log })];
    await expect.poll(() => told().length).toBe(open + 1);
    for (const stop of stops) await stop();
    expect(told(), `after ${rounds}`).toHaveLength(open + 1);
  }
  expect(told().at(-1)).toMatchObject({ level: 50, kind: 'unknown_order', provider: 'wechat', outTradeNo: 'HTOLD1' });
  expect(lines.join('')).not.toContain('somebody');
});

it('tells the operator of a fapiao that was issued before its order was refunded, and of no other', async () => {
  const told = [];
  for (const when of ['before', 'after', 'never'] as const) {
    const { order, code } = await shop.buy();
    simulator.pay(code);
    await shop.pass(1);
    const wish = { title: '李雷', email: 'lee@example.com' };
    const by = { userId: undefined, name: 'operator' };
    const asked = await askFapiao(db, await shop.order(order), wish, { language: 'zh', operator: undefined }, clock());
    const issue = () => endFapiao(db, asked.id, { state: 'issued', note: '24312000000012345678' }, by, clock());
    if (when === 'before') await issue();
    clock.advance(60);
    const { outRefundNo, fen } = await askRefund(deps, order.id, order.userId);
    if (when === 'after') await issue();
    simulator.settleRefund(outRefundNo);
    await shop.pass(1);
    expect((await shop.order(order)).state).toBe('refunded');
    const found = (await openIssues(db)).filter((each) => each.outTradeNo === order.outTradeNo);
    told.push(found.map(({ kind, detail }) => ({ kind, detail, fen })));
  }
  const detail = { fapiao: '24312000000012345678', fen: 4980 };
  expect(told).toEqual([[{ kind: 'fapiao_refunded', detail, fen: 4980 }], [], []]);
});
