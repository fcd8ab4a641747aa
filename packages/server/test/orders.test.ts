import { AppError } from '@hili/contract';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askFapiao, endFapiao } from '../src/fapiao.ts';
import { eventsOf } from '../src/order-rows.ts';
import { orderView } from '../src/order-view.ts';
import { applyPaid, checkOrder, closeOrder, createOrder } from '../src/orders.ts';
import { PaymentRefused, type RefundWish } from '../src/payments/provider.ts';
import { RETRY_SECONDS, TAMPERS } from '../src/payments/simulator/notices.ts';
import { ownRebates } from '../src/rebates.ts';
import { openIssues } from '../src/recon-issues.ts';
import { applyRefund, askRefund } from '../src/refunds.ts';
import { forgetPerson } from '../src/users.ts';
import { available, brokenInvariants, capture, hold, listLots, release } from '../src/wallets.ts';
import { openShop } from './shop.ts';

const shop = await openShop();
const { db, clock, simulator, deps } = shop;

beforeEach(() => {
  simulator.notices.clear();
  simulator.faults.length = 0;
  shop.divert(undefined);
});
afterEach(async () => expect(await brokenInvariants(db)).toEqual([]));

const credits = ({ walletId }: { walletId: string }) => available(db, walletId, clock());
const issuesOf = async (outTradeNo: string) =>
  (await openIssues(db)).filter((issue) => issue.outTradeNo === outTradeNo).map(({ kind }) => kind);
const kinds = async (id: string) => (await eventsOf(db, id)).map(({ kind }) => kind);
const refusal = (code: string) => expect.objectContaining({ code });

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

it('gives back the price of what is unused, once, and takes those photos', async () => {
  const { order, code } = await shop.buy({ package: 'photos-10' });
  simulator.pay(code);
  await shop.pass(1);
  const [spent, running] = [crypto.randomUUID(), crypto.randomUUID()];
  for (const job of [spent, running]) await hold(db, order.walletId, job, 1, clock());
  await capture(db, spent, 1, clock());
  expect(await orderView(deps, await shop.order(order))).toMatchObject({ refundable: { photos: 8, fen: 12_000 } });

  const asked = await Promise.allSettled([1, 2, 3].map(() => askRefund(deps, order.id, order.userId)));
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await credits(order)).toBe(0);
  const [refund] = [...simulator.world.refunds.values()].filter(({ outTradeNo }) => outTradeNo === order.outTradeNo);
  expect(refund).toMatchObject({ amount: 12_000, status: 'PROCESSING' });
  expect(await orderView(deps, await shop.order(order))).toMatchObject({
    state: 'refunding',
    refund: { photos: 8, fen: 12_000, state: 'accepted' },
  });
  const other = { outRefundNo: String(refund?.outRefundNo), fen: 1, state: 'done' } as const;
  const mistaken = db.transaction().execute((tx) => applyRefund(tx, 'wechat', other, { actor: 'notice' }, clock()));
  expect(await mistaken, 'of another amount').toBe('refund_mismatch');
  expect(await shop.order(order)).toMatchObject({ state: 'refunding' });
  simulator.notices.faults.push({ copies: 3 });
  simulator.settleRefund(String(refund?.outRefundNo));
  await shop.pass(1);
  expect(await shop.order(order)).toMatchObject({ state: 'refunded' });
  await expect(askRefund(deps, order.id, order.userId)).rejects.toEqual(refusal('ORDER_ENDED'));
  // A notice of the payment that comes as late as this changes nothing.
  const { transactionId } = await shop.order(order);
  const paid = { ...order, transactionId: String(transactionId), payer: null, paidAt: clock() };
  const late = db.transaction().execute((tx) => applyPaid(tx, deps, 'wechat', paid, { actor: 'notice' }, clock()));
  expect(await late).toBe('replay');
  expect(await shop.order(order)).toMatchObject({ state: 'refunded' });
  // What a job of that time gives back later is the buyer's.
  await release(db, running, clock());
  expect(await credits(order)).toBe(1);
});

it.each(['CLOSED', 'ABNORMAL'] as const)(
  'gives the photos back when a refund ends %s, tells the operator, and can be asked again',
  async (end) => {
    const { order, code } = await shop.buy();
    simulator.pay(code);
    await shop.pass(1);
    const { outRefundNo } = await askRefund(deps, order.id, order.userId);
    simulator.settleRefund(outRefundNo, end);
    await shop.pass(1);
    expect(await shop.order(order)).toMatchObject({ state: 'paid' });
    expect(await credits(order)).toBe(3);
    expect(await issuesOf(order.outTradeNo)).toEqual(['refund_failed']);
    if (end === 'CLOSED') (simulator.world.orders.get(order.outTradeNo) as { refunded: number }).refunded = 0;
    else return;
    const second = await askRefund(deps, order.id, order.userId);
    expect(second.outRefundNo).not.toBe(outRefundNo);
    simulator.settleRefund(second.outRefundNo);
    await shop.pass(1);
    expect(await shop.order(order)).toMatchObject({ state: 'refunded' });
  },
);

it.each(['drop_after', 'drop_before', 'hang', '500'] as const)(
  'asks for a refund again with the same number when its answer was lost by %s',
  async (kind) => {
    const { order, code } = await shop.buy();
    simulator.pay(code);
    await shop.pass(1);
    simulator.faults.push({ match: /POST .*refunds/, times: 1, kind });
    expect(await askRefund(deps, order.id, order.userId)).toMatchObject({ state: 'asked', fen: 4980 });
    await shop.pass(61);
    await shop.sweep();
    const [refund, ...more] = [...simulator.world.refunds.values()].filter(
      (each) => each.outTradeNo === order.outTradeNo,
    );
    expect(more).toEqual([]);
    simulator.notices.faults.push({ drop: true });
    simulator.settleRefund(String(refund?.outRefundNo));
    await shop.pass(61);
    await shop.sweep();
    expect(await shop.order(order)).toMatchObject({ state: 'refunded' });
  },
);

it('gives the photos back when a refund is refused for good, and not when an earlier request was taken', async () => {
  const [lost, taken] = [await shop.buy(), await shop.buy()];
  for (const { code } of [lost, taken]) simulator.pay(code);
  await shop.pass(1);
  simulator.world.orders.delete(lost.order.outTradeNo);
  expect(await askRefund(deps, lost.order.id, 'x')).toMatchObject({ state: 'failed' });
  expect(await credits(lost.order)).toBe(3);
  expect(await issuesOf(lost.order.outTradeNo)).toEqual(['refund_failed']);

  const refund = async (wish: RefundWish) => {
    await shop.provider.refund(wish);
    throw new PaymentRefused('said no after it had acted');
  };
  const unsure = { ...deps, providers: new Map([['wechat', { ...shop.provider, refund }]]) };
  expect(await askRefund(unsure, taken.order.id, 'x')).toMatchObject({ state: 'accepted' });
  expect(await credits(taken.order)).toBe(0);
});

it('refunds nothing that is used up, unpaid or too old', async () => {
  const unpaid = await shop.buy();
  await expect(askRefund(deps, unpaid.order.id, 'x')).rejects.toEqual(refusal('ORDER_ENDED'));
  const used = await shop.buy();
  simulator.pay(used.code);
  await shop.pass(1);
  const job = crypto.randomUUID();
  await hold(db, used.order.walletId, job, 3, clock());
  await expect(askRefund(deps, used.order.id, 'x')).rejects.toEqual(refusal('NOT_REFUNDABLE'));
  await release(db, job, clock());
  await shop.pass(30 * 86_400);
  await expect(askRefund(deps, used.order.id, 'x')).rejects.toEqual(refusal('NOT_REFUNDABLE'));
  expect(await credits(used.order)).toBe(3);
});

it('takes the cash back that has gone out off a refund, and ends the one that has not', async () => {
  const [one, two] = [await shop.buy(), await shop.buy()];
  for (const { code } of [one, two]) simulator.pay(code);
  await shop.pass(1);
  const rebates = (id: string) => db.selectFrom('rebate').select(['fen', 'state']).where('orderId', '=', id).execute();
  expect(await rebates(one.order.id)).toEqual([{ fen: 200, state: 'accrued' }]);
  await db
    .updateTable('rebate')
    .set({ state: 'paid', approvedBy: 'lee', method: 'manual', receipt: 'R1', paidBy: 'kim', paidAt: clock() })
    .where('orderId', '=', one.order.id)
    .execute();
  expect(await orderView(deps, await shop.order(one.order))).toMatchObject({ refundable: { photos: 3, fen: 4780 } });
  expect(await askRefund(deps, one.order.id, 'x')).toMatchObject({ fen: 4780, credits: 3 });
  expect(await askRefund(deps, two.order.id, 'x')).toMatchObject({ fen: 4980 });
  expect(await rebates(two.order.id)).toMatchObject([{ state: 'void' }]);
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
