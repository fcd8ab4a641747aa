import { RebateView } from '@hili/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deleteAccount } from '../src/account-deletion.ts';
import { openAcceptance, openClaim, readClaim } from '../src/claims.ts';
import type { JobDeps } from '../src/jobs.ts';
import { TAMPERS } from '../src/payments/simulator/notices.ts';
import { listRebates, paidRebates } from '../src/rebate-rows.ts';
import { approveRebate, exportRebates, ownRebates, payRebate, returnRebate } from '../src/rebates.ts';
import { openIssues } from '../src/recon-issues.ts';
import { askRefund } from '../src/refunds.ts';
import { brokenInvariants } from '../src/wallets.ts';
import { OPERATOR, openCounter } from './claims.ts';
import { openShop } from './shop.ts';

const shop = await openShop({ REBATE_DAYS: '0' });
const { db, clock, keys, simulator, deps } = shop;
const { notices, transfers } = simulator;
const counter = openCounter(shop);
const { sent, accept, rebate, payouts } = counter;

beforeEach(() => {
  notices.clear();
  simulator.faults.length = 0;
  transfers.isSlow = false;
  transfers.funds = 10_000_000;
});
afterEach(async () => {
  expect(await brokenInvariants(db)).toEqual([]);
  // What one test leaves open is nothing that the next one's sweeps ask for.
  for (const { outBillNo, state } of transfers.made.values())
    if (state === 'WAIT_USER_CONFIRM') simulator.failTransfer(outBillNo);
  await shop.pass(0);
});

const codeOf = (act: Promise<unknown>) =>
  act.then(
    () => 'done',
    (error) => error.code,
  );
async function sweep() {
  while ((await shop.sweep()) > 0);
}
const issuesOf = async (outBillNo: string) =>
  (await openIssues(db)).filter(({ key }) => key.endsWith(outBillNo)).map(({ kind }) => kind);
const DAY = 86_400;

it('asks for the payment in the words of the documentation, with a number that was stored before', async () => {
  const who = counter.payee();
  const paid = await sent(who);
  const [asked] = await payouts(paid);
  expect(asked).toMatchObject({ state: 'asked', fen: 200, outBillNo: expect.stringMatching(/^R\d{8}[0-9a-f]{20}$/) });
  expect(transfers.made.size).toBe(0);
  await sweep();
  const transfer = transfers.made.get(String(asked?.outBillNo));
  expect(JSON.parse(String(transfer?.body))).toEqual({
    appid: simulator.account.appid,
    out_bill_no: asked?.outBillNo,
    openid: who.openid,
    transfer_amount: 200,
    transfer_remark: '照片修复返现',
    notify_url: shop.notifyUrl,
    transfer_scene_id: '1000',
    user_recv_perception: '现金奖励',
    transfer_scene_report_infos: [
      { info_type: '活动名称', info_content: '购买照片修复返现' },
      { info_type: '奖励说明', info_content: '购买照片修复套餐所得的返现' },
    ],
  });
});

it('goes from the claim in WeChat by the operator to the yes of who is paid, and shows each state', async () => {
  transfers.isSlow = true;
  const paid = await sent();
  const shown = async () => RebateView.parse((await ownRebates(db, paid.buyer.id))[0]);
  const until = new Date(clock().getTime() + DAY * 1000).toISOString();
  expect(await shown()).toMatchObject({ state: 'sent', method: 'transfer', payout: { state: 'asked', until } });
  await sweep();
  expect(await shown()).toMatchObject({ state: 'sent', payout: { state: 'accepted' } });
  expect(await codeOf(openAcceptance(db, paid.buyer.id, paid.id, clock()))).toBe('DATA_NOT_FOUND');
  await shop.pass(120, { sweepEvery: 10 });
  expect(await shown()).toMatchObject({ state: 'sent', payout: { state: 'waiting' } });
  const { token } = await openAcceptance(db, paid.buyer.id, paid.id, clock());
  const stranger = await shop.user();
  expect(await codeOf(openAcceptance(db, stranger.id, paid.id, clock()))).toBe('DATA_NOT_FOUND');
  const claim = await readClaim(db, token, clock());
  expect(claim).toMatchObject({ fen: 200, payout: { state: 'waiting', packageInfo: expect.any(String) } });
  expect(await codeOf(counter.confirm(token))).toBe('LINK_EXPIRED');
  expect(await accept(paid)).toBe(true);
  await shop.pass(0);
  const [payout] = await payouts(paid);
  expect(await shown()).toMatchObject({ state: 'paid', receipt: payout?.billNo, payout: { state: 'done' } });
  expect(await rebate(paid)).toMatchObject({ payee: null, method: 'transfer', paidBy: 'wechat' });
  expect(await readClaim(db, token, clock())).toMatchObject({ payout: { state: 'done', packageInfo: null } });
  expect(await exportRebates(db, keys, paid.buyer.id)).toMatchObject([
    { state: 'paid', payee: null, payout: { number: payout?.outBillNo, state: 'done' } },
  ]);
});

it('stores an id of WeChat sealed only, and shows its end to the operator', async () => {
  const who = counter.payee();
  const paid = await sent(who);
  await sweep();
  const rows = await db.selectFrom('rebate').selectAll().where('id', '=', paid.id).execute();
  expect(JSON.stringify([rows, await payouts(paid)])).not.toContain(who.openid);
  const [open] = (await listRebates(db, 'sent')).filter(({ id }) => id === paid.id);
  expect(open).toMatchObject({ method: 'transfer', payoutState: 'waiting', payoutTrouble: null });
});

it.each(TAMPERS.filter((tamper) => tamper !== 'amount'))(
  'refuses a notice with another %s, and is paid by the good one that follows',
  async (tamper) => {
    const paid = await sent();
    await sweep();
    notices.faults.push({ tamper });
    await accept(paid);
    await shop.pass(1);
    expect(notices.tries.at(-1)).toMatchObject({ tamper, status: 401 });
    expect(await rebate(paid)).toMatchObject({ state: 'sent' });
    await shop.pass(15);
    expect(await rebate(paid)).toMatchObject({ state: 'paid' });
  },
);

it('puts a signed notice of another amount before an operator, and goes by what WeChat answers', async () => {
  const paid = await sent();
  await sweep();
  const [payout] = await payouts(paid);
  notices.faults.push({ tamper: 'amount' });
  await accept(paid);
  await shop.pass(1);
  expect(await rebate(paid)).toMatchObject({ state: 'sent' });
  expect(await issuesOf(String(payout?.outBillNo))).toEqual(['payout_mismatch']);
  await shop.pass(3600, { sweepEvery: 600 });
  expect(await rebate(paid)).toMatchObject({ state: 'paid' });
});

it('is paid once however many copies of a notice and answers to queries arrive at once', async () => {
  const paid = await sent();
  await sweep();
  notices.faults.push({ copies: 5 });
  await accept(paid);
  await Promise.all([shop.pass(3600, { sweepEvery: 600 }), ...Array.from({ length: 4 }, () => shop.sweep())]);
  expect(await rebate(paid)).toMatchObject({ state: 'paid' });
  expect(await payouts(paid)).toHaveLength(1);
});

it('finds out by itself when no notice ever comes', async () => {
  const paid = await sent();
  await sweep();
  notices.faults.push({ drop: true });
  await accept(paid);
  await shop.pass(1200, { sweepEvery: 60 });
  expect(await rebate(paid)).toMatchObject({ state: 'paid' });
});

it.each(['drop_before', 'drop_after', 'hang', '500', '429', 'bad_sig', 'corrupt'] as const)(
  'asks with the same number, and brings what is to be accepted, when the answer was spoilt by %s',
  async (kind) => {
    simulator.faults.push({ match: /POST .*transfer-bills/, times: 2, kind });
    const paid = await sent();
    const before = transfers.made.size;
    await shop.pass(900, { sweepEvery: 30 });
    expect(transfers.made.size).toBe(before + 1);
    expect(await payouts(paid)).toMatchObject([{ state: 'waiting', packageInfo: expect.any(String) }]);
    await accept(paid);
    await shop.pass(0);
    expect(await rebate(paid)).toMatchObject({ state: 'paid' });
  },
);

it('can be claimed again when nobody accepted it for 24 hours and WeChat has said that it is closed, not before', async () => {
  const paid = await sent();
  await sweep();
  await shop.pass(DAY - 60, { sweepEvery: 7200 });
  expect(await rebate(paid)).toMatchObject({ state: 'sent' });
  await shop.pass(120, { sweepEvery: 30 });
  // It closes later than it ends: until then nothing is given anew.
  expect(await rebate(paid)).toMatchObject({ state: 'sent' });
  expect(await accept(paid)).toBe(false);
  await shop.pass(1800, { sweepEvery: 60 });
  expect(await rebate(paid)).toMatchObject({ state: 'eligible', payee: null, method: null, approvedBy: null });
  expect((await ownRebates(db, paid.buyer.id))[0]).toMatchObject({ payout: { state: 'lapsed' }, reason: null });
  const { token } = await openClaim(db, paid.buyer.id, clock());
  await counter.confirm(token);
  await counter.approve(paid.id);
  await sweep();
  expect(await accept(paid)).toBe(true);
  await shop.pass(0);
  const all = await payouts(paid);
  expect(all.map(({ state }) => state)).toEqual(['lapsed', 'done']);
  expect(counter.given(all.map(({ outBillNo }) => outBillNo))).toBe(200);
  expect(await rebate(paid)).toMatchObject({ state: 'paid', receipt: all[1]?.billNo });
});

it('can be claimed again when WeChat cannot pay that person, and an operator learns why', async () => {
  const paid = await sent();
  await sweep();
  const [payout] = await payouts(paid);
  simulator.failTransfer(String(payout?.outBillNo), 'ACCOUNT_FROZEN');
  await shop.pass(0);
  expect(await rebate(paid)).toMatchObject({ state: 'eligible' });
  expect(await payouts(paid)).toMatchObject([{ state: 'failed', trouble: 'ACCOUNT_FROZEN' }]);
  expect(await issuesOf(String(payout?.outBillNo))).toEqual(['payout_failed']);
});

it('ends what WeChat refuses for good, and only when it has never heard of the number', async () => {
  const paid = await sent({ appid: simulator.account.appid, openid: 'o-of-another-account' });
  await sweep();
  expect(await rebate(paid)).toMatchObject({ state: 'eligible' });
  expect(await payouts(paid)).toMatchObject([{ state: 'failed', trouble: expect.stringContaining('INVALID_REQUEST') }]);
});

it('waits with the same number while there is no money to send, and says so', async () => {
  transfers.funds = 0;
  const paid = await sent();
  await shop.pass(3600, { sweepEvery: 60 });
  expect(await rebate(paid)).toMatchObject({ state: 'sent' });
  expect(await payouts(paid)).toMatchObject([{ state: 'asked', trouble: expect.stringContaining('NOT_ENOUGH') }]);
  transfers.funds = 1000;
  await shop.pass(1200, { sweepEvery: 60 });
  expect(await payouts(paid)).toMatchObject([{ state: 'waiting', trouble: null }]);
  expect(transfers.funds).toBe(800);
});

it('tells an operator of money that went out although it had ended, and of a payout that nobody made', async () => {
  const paid = await sent();
  await sweep();
  const [payout] = await payouts(paid);
  const outBillNo = String(payout?.outBillNo);
  simulator.failTransfer(outBillNo);
  await shop.pass(0);
  const said = (no: string) => ({
    ...{ mch_id: simulator.account.mchid, out_bill_no: no, transfer_bill_no: payout?.billNo },
    ...{ state: 'SUCCESS', transfer_amount: 200 },
  });
  for (const no of [outBillNo, 'RNOBODY0000'])
    notices.send(shop.notifyUrl, 'MCHTRANSFER.BILL.FINISHED', 'mch_payment', said(no));
  await shop.pass(0);
  expect((await issuesOf(outBillNo)).sort()).toEqual(['payout_after_end', 'payout_failed']);
  expect(await issuesOf('RNOBODY0000')).toEqual(['unknown_payout']);
  expect(await rebate(paid)).toMatchObject({ state: 'eligible' });
});

it('refuses less than WeChat pays with a clear reason, and pays that by hand', async () => {
  const { token, id, buyer } = await counter.eligible();
  await db.updateTable('rebate').set({ fen: 9 }).where('id', '=', id).execute();
  expect(await readClaim(db, token, clock())).toMatchObject({ isPayable: false });
  await expect(counter.confirm(token)).rejects.toThrow(
    'expected at least 10 fen for a payment by WeChat but received 9: claim it to be paid by hand',
  );
  await counter.confirm(token, { wechat: 'lee_1990', name: 'Lee' });
  await counter.approve(id);
  expect(await rebate({ buyer, id })).toMatchObject({ state: 'approved', method: 'manual' });
});

it('cannot be given back or paid by hand once it is sent, and is approved only where it can be sent', async () => {
  const { token, id } = await counter.eligible();
  await counter.confirm(token);
  for (const WECHAT_SERVICE_APPID of [undefined, 'wx-of-another'])
    expect(
      await codeOf(approveRebate(db, keys, { ...counter.rules, WECHAT_SERVICE_APPID }, id, OPERATOR, clock())),
    ).toBe('BAD_REQUEST');
  expect(await Promise.all(Array.from({ length: 5 }, () => codeOf(counter.approve(id))))).toContain('done');
  expect(await payouts({ id })).toHaveLength(1);
  expect(await codeOf(returnRebate(db, id, 'changed my mind', OPERATOR))).toBe('DATA_NOT_FOUND');
  expect(await codeOf(payRebate(db, id, '1000050001', OPERATOR, clock()))).toBe('DATA_NOT_FOUND');
});

it('returns so much less when the order is refunded while the money waits in WeChat; what is not accepted is still owed', async () => {
  const paid = await sent();
  await sweep();
  expect(await paidRebates(db, [paid.order.id])).toEqual(new Map([[paid.order.id, 200]]));
  expect(await askRefund(deps, paid.order.id, 'test')).toMatchObject({ fen: 4980 - 200 });
  expect(await rebate(paid)).toMatchObject({ state: 'sent' });
  await shop.pass(DAY + 7200, { sweepEvery: 3600 });
  expect(await rebate(paid)).toMatchObject({ state: 'eligible' });
});

it('ends with the account when the money is not accepted, and keeps no id of WeChat', async () => {
  const who = counter.payee();
  const paid = await sent(who);
  await sweep();
  await deleteAccount(deps as unknown as JobDeps, paid.buyer.id, null);
  await shop.pass(DAY + 7200, { sweepEvery: 3600 });
  expect(await rebate(paid)).toMatchObject({ state: 'void', payee: null, payeeHash: null });
});

it('approves one rebate of a payer in 24 hours', async () => {
  const [first, second] = [await counter.eligible(), await counter.eligible()];
  await db
    .updateTable('orders')
    .set({ payer: Buffer.from('the same') })
    .where('id', 'in', [first.order.id, second.order.id])
    .execute();
  for (const { token } of [first, second]) await counter.confirm(token);
  expect(await codeOf(counter.approve(first.id))).toBe('done');
  expect(await codeOf(counter.approve(second.id))).toBe('RATE_LIMITED');
  clock.advance(DAY);
  expect(await codeOf(counter.approve(second.id))).toBe('done');
});
