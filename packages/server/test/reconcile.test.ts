import { expect, it } from 'vitest';
import { billDay, compareDay, reconcile } from '../src/payments/reconcile.ts';
import { readBill, toFen } from '../src/payments/wechat/bill.ts';
import { openIssues, resolveIssue } from '../src/recon-issues.ts';
import { askRefund } from '../src/refunds.ts';
import { available, brokenInvariants } from '../src/wallets.ts';
import { openShop } from './shop.ts';

const shop = await openShop();
const { db, clock, deps, simulator, provider } = shop;

it('compares each day of WeChat once with our books, and lays what differs before the operator', async () => {
  const orders = [];
  for (const code of ['photos-3', 'photos-10', 'photos-50', 'photos-200']) {
    const { order, code: qr } = await shop.buy({ package: code });
    if (code === 'photos-50') simulator.notices.faults.push({ drop: true });
    simulator.pay(qr);
    orders.push(order);
  }
  await shop.pass(1);
  const [three, ten, fifty, most] = orders as [
    (typeof orders)[0],
    (typeof orders)[0],
    (typeof orders)[0],
    (typeof orders)[0],
  ];
  await askRefund(deps, three.id, three.userId);
  // Somebody has laid hands on our books.
  await db.updateTable('orders').set({ transactionId: 'another' }).where('id', '=', ten.id).execute();
  simulator.world.orders.delete(most.outTradeNo);

  clock.set('2026-03-02T02:29:00Z');
  await reconcile(deps);
  expect(await openIssues(db), 'half past ten in China has not come').toEqual([]);
  clock.set('2026-03-02T02:31:00Z');
  simulator.faults.push({ match: /billdownload/, times: 1, kind: 'corrupt' });
  expect(await reconcile(deps), 'a bill of another SHA-1').toBe(0);
  expect(await reconcile(deps)).toBe(1);
  expect(await reconcile(deps)).toBe(0);

  const found = (await openIssues(db)).map(({ kind, outTradeNo }) => ({ kind, outTradeNo }));
  expect(found).toHaveLength(3);
  expect(found).toContainEqual({ kind: 'bill_transaction', outTradeNo: ten.outTradeNo });
  expect(found).toContainEqual({ kind: 'missing_there', outTradeNo: ten.outTradeNo });
  expect(found).toContainEqual({ kind: 'missing_there', outTradeNo: most.outTradeNo });
  // Paid there and not here: asked for again, and granted.
  expect(await available(db, fifty.walletId, clock())).toBe(50);

  const [issue] = await openIssues(db);
  expect(await resolveIssue(db, Number(issue?.id), 'lee@example.com', 'called the bank', clock())).toBe(true);
  expect(await resolveIssue(db, Number(issue?.id), 'lee@example.com', 'again', clock())).toBe(false);
  expect(await openIssues(db)).toHaveLength(2);
  expect(await brokenInvariants(db)).toEqual([]);
});

it('finds amounts, refunds and payments that our books do not have', async () => {
  const { order, code } = await shop.buy();
  simulator.pay(code);
  await shop.pass(1);
  const day = new Date(clock().getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
  const { transactionId } = await shop.order(order);
  const line = { outTradeNo: order.outTradeNo, transactionId: String(transactionId), fen: 4980, refund: null };
  const { outRefundNo, fen } = await askRefund(deps, order.id, order.userId);
  const before = (await openIssues(db)).length;
  const lines = [
    { ...line, fen: 4981 },
    { ...line, refund: { outRefundNo: 'nobody', fen: 10 } },
    { ...line, refund: { outRefundNo, fen: fen + 1 } },
    { ...line, refund: { outRefundNo: outRefundNo, fen } },
    { ...line, outTradeNo: 'HSOMEBODYELSES', transactionId: '1' },
  ];
  expect(await compareDay(deps, provider, day, lines)).toBe(4);
  expect(await compareDay(deps, provider, day, lines), 'the same once more').toBe(0);
  const kinds = (await openIssues(db)).slice(before).map(({ kind }) => kind);
  expect(kinds.sort()).toEqual(['bill_amount', 'bill_refund', 'bill_refund', 'missing_here']);
});

it('compares every day that an outage has left out, oldest first, and says of one whose bill cannot be had that it is missing', async () => {
  clock.set('2026-03-02T03:00:00Z');
  const { order, code } = await shop.buy();
  simulator.pay(code);
  await shop.pass(1);
  simulator.world.orders.delete(order.outTradeNo);
  const before = (await openIssues(db)).length;
  const fresh = async () => (await openIssues(db)).slice(before).map(({ kind, outTradeNo }) => ({ kind, outTradeNo }));
  simulator.faults.push({ match: /bill_date=2026-03-04/, times: Number.POSITIVE_INFINITY, kind: '500' });

  // The machine was off in the mornings of the 3rd, 4th and 5th.
  clock.set('2026-03-06T02:31:00Z');
  expect(await reconcile(deps), '2, 3 and 5 March').toBe(3);
  expect(await fresh()).toEqual([{ kind: 'missing_there', outTradeNo: order.outTradeNo }]);
  clock.set('2026-03-08T02:31:00Z');
  expect(await reconcile(deps), '6 and 7 March').toBe(2);
  expect(await reconcile(deps), 'still refused').toBe(0);
  expect((await fresh()).slice(1)).toEqual([{ kind: 'bill_missing', outTradeNo: null }]);
  simulator.faults.length = 0;
  expect(await reconcile(deps), '4 March after all').toBe(1);
  expect(await reconcile(deps)).toBe(0);

  clock.set('2026-06-08T02:31:00Z');
  expect(await reconcile(deps), 'a month back and no more').toBe(30);
  expect(await fresh()).toHaveLength(2);
});

it('begins with the newest day where it has never compared one', async () => {
  const other = { ...provider, name: 'other', bill: async () => [] };
  const providers = new Map([[other.name, other]]);
  expect(await reconcile({ ...deps, providers })).toBe(1);
  expect(await reconcile({ ...deps, providers })).toBe(0);
});

it('knows the newest day whose bill is there', () => {
  expect(billDay(new Date('2026-03-02T02:29:59Z'))).toBe('2026-02-28');
  expect(billDay(new Date('2026-03-02T02:30:00Z'))).toBe('2026-03-01');
});

it('reads yuan as whole fen, and nothing else as an amount', () => {
  for (const [yuan, fen] of [
    ['49.80', 4980],
    ['0.07', 7],
    ['1000', 100_000],
    ['8.1', 810],
  ] as const)
    expect(toFen(yuan)).toBe(fen);
  for (const wrong of ['', '-1.00', '1,000.00', '1e3', '0.001', '¥1', ' 1'])
    expect(() => toFen(wrong)).toThrow('expected an amount');
});

it('reads no bill whose sums do not fit its lines', async () => {
  const head = '微信订单号,商户订单号,交易状态,商户退款单号,订单金额,申请退款金额';
  const bill = (rows: string[], count: number, sum: string) =>
    `\ufeff${[head, ...rows, '总交易单数,订单总金额', `\`${count},\`${sum}`].join('\r\n')}\r\n`;
  const row = '`42,`H1,`SUCCESS,`0,`49.80,`0.00';
  expect(readBill(bill([row], 1, '49.80'))).toEqual([
    { transactionId: '42', outTradeNo: 'H1', fen: 4980, refund: null },
  ]);
  for (const wrong of [bill([row], 2, '49.80'), bill([row], 1, '49.81'), bill([], 1, '49.80'), 'a page of a proxy', ''])
    expect(() => readBill(wrong)).toThrow('expected');
});
