import { expect, it } from 'vitest';
import { applyDispute } from '../src/disputes.ts';
import { applyPaid } from '../src/order-payments.ts';
import { orderView } from '../src/order-view.ts';
import { PaymentRefused, type RefundWish } from '../src/payments/provider.ts';
import { applyRefund, askRefund } from '../src/refunds.ts';
import { capture, hold, release } from '../src/wallets.ts';
import { openOrders, refusal } from './orders.ts';

const { shop, db, clock, simulator, deps, credits, issuesOf } = await openOrders();

/** What mails are posted to a buyer are about. */
async function mailsTo({ userId }: { readonly userId: string }) {
  const mails = await db.selectFrom('mail').select(['kind', 'about']).where('userId', '=', userId).execute();
  return mails.map(({ kind, about }) => `${kind} ${about}`);
}

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
  expect(await mailsTo(order)).toEqual([]);
  simulator.notices.faults.push({ copies: 3 });
  simulator.settleRefund(String(refund?.outRefundNo));
  await shop.pass(1);
  expect(await shop.order(order)).toMatchObject({ state: 'refunded' });
  expect(await mailsTo(order), 'one mail for three notices').toEqual([`refunded ${refund?.outRefundNo}`]);
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
    expect(await mailsTo(order)).toEqual([]);
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

it('refunds nothing of an order whose money the bank has taken back', async () => {
  const { order, code } = await shop.buy();
  simulator.pay(code);
  await shop.pass(1);
  const job = crypto.randomUUID();
  await hold(db, order.walletId, job, 1, clock());
  const said = { id: 'd1', outTradeNo: order.outTradeNo, fen: order.fen, currency: 'CNY', state: 'lost' } as const;
  await db.transaction().execute((tx) => applyDispute(tx, 'wechat', said, { actor: 'notice' }, clock()));
  await release(db, job, clock());
  await expect(askRefund(deps, order.id, order.userId)).rejects.toEqual(refusal('NOT_REFUNDABLE'));
});
