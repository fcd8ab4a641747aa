import type { PayoutState } from '@hili/contract';
import { isOpenIdPayee, readPayee } from './claims.ts';
import type { Clock, Db, Tx } from './database.ts';
import { isHeld } from './disputes.ts';
import { publish } from './events.ts';
import type { Log } from './log.ts';
import type { PayoutSaid, Payouts } from './payments/payouts.ts';
import { PaymentRefused } from './payments/provider.ts';
import { changePayout, findPayout, type PayoutRow } from './payout-rows.ts';
import { findRebate, lockRebate, moveRebate, UNCLAIMED } from './rebate-rows.ts';
import { raiseIssue } from './recon-issues.ts';
import type { Keys } from './secrets.ts';
import { findUser } from './users.ts';

export interface PayoutDeps {
  readonly db: Db;
  readonly keys: Pick<Keys, 'seal'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Where money is sent by WeChat. */
  readonly payouts?: Payouts | undefined;
}

/** How far each state is: what is heard late changes nothing. */
const RANK: Readonly<Record<PayoutState, number>> = {
  ...{ asked: 0, accepted: 1, waiting: 2, sending: 3, closing: 3 },
  ...{ done: 4, failed: 4, lapsed: 4 },
};
const isEnd = (state: PayoutState) => RANK[state] === 4;

/** Asks WeChat for a payout that is due, or how it stands, and takes note of the answer. */
export async function followPayout(deps: PayoutDeps, payout: PayoutRow): Promise<void> {
  const { db, keys, clock, payouts } = deps;
  const rebate = await findRebate(db, payout.rebateId);
  const payee = rebate && readPayee(keys, rebate);
  if (!payouts || !payee || !isOpenIdPayee(payee)) return;
  const { outBillNo, fen } = payout;
  try {
    const said = await ask(payouts, { outBillNo, fen, openid: payee.openid }, payout);
    await db.transaction().execute((tx) => applyPayout(tx, payouts.name, said, clock()));
  } catch (error) {
    await noteTrouble(deps, payout, (error as Error).message);
    throw error;
  }
}

/** What WeChat says against a payout that stays open, such as a lack of money, is shown to the operator. */
async function noteTrouble({ db }: PayoutDeps, { rebateId, outBillNo }: PayoutRow, trouble: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockRebate(tx, rebateId);
    const payout = await findPayout(tx, outBillNo);
    if (payout && !payout.endedAt) await changePayout(tx, payout.id, { trouble: trouble.slice(0, 200) });
  });
}

/**
 * Always with the same number. Only the very first try asks without looking: whatever was asked before may have gone through. The answer to
 * `send` alone brings what has to be accepted, so it is asked again where that was lost.
 */
async function ask(payouts: Payouts, wish: Parameters<Payouts['send']>[0], payout: PayoutRow): Promise<PayoutSaid> {
  if (payout.checks > 1 || payout.state !== 'asked') {
    const known = await payouts.query(wish);
    const isNew = known.state === 'unknown' && payout.state === 'asked';
    const lacksPackage = known.state === 'waiting' && payout.packageInfo === null;
    if (!isNew && !lacksPackage) return known;
  }
  try {
    return await payouts.send(wish);
  } catch (error) {
    if (!(error instanceof PaymentRefused)) throw error;
    // A refusal counts only when WeChat has never heard of it: an earlier request may have been the one that it took.
    const known = await payouts.query(wish);
    return known.state === 'unknown' ? { ...known, state: 'failed', trouble: error.message } : known;
  }
}

export type PayoutOutcome = 'advanced' | 'paid' | 'ended' | 'replay' | 'unknown_payout' | 'payout_mismatch';

/**
 * Takes note of what WeChat says of a payout, by a signed notice or an answer; the only way to a rebate that WeChat has paid. One that
 * failed or was not accepted in time lets the rebate be claimed again. What does not fit is put before an operator.
 */
export async function applyPayout(tx: Tx, provider: string, said: PayoutSaid, now: Date): Promise<PayoutOutcome> {
  const { outBillNo, state, fen, billNo, packageInfo } = said;
  const found = await findPayout(tx, outBillNo);
  const rebate = found && (await lockRebate(tx, found.rebateId));
  // Read again under the rebate's lock.
  const payout = rebate && (await findPayout(tx, outBillNo));
  const issue = { provider, outTradeNo: null, about: outBillNo, detail: { ...said, packageInfo: undefined } };
  if (!payout) {
    await raiseIssue(tx, { ...issue, kind: 'unknown_payout' }, now);
    return 'unknown_payout';
  }
  const isOther =
    (fen !== null && fen !== payout.fen) || (payout.billNo !== null && (billNo ?? payout.billNo) !== payout.billNo);
  if (isOther || (state === 'done' && billNo === null)) {
    await raiseIssue(tx, { ...issue, kind: 'payout_mismatch' }, now);
    return 'payout_mismatch';
  }
  if (payout.endedAt) {
    // Money that went out after all, or came back.
    const isOtherEnd = state !== 'unknown' && isEnd(state) && (state === 'done') !== (payout.state === 'done');
    if (isOtherEnd) await raiseIssue(tx, { ...issue, kind: 'payout_after_end' }, now);
    return 'replay';
  }
  if (state === 'unknown' || RANK[state] < RANK[payout.state]) return 'replay';
  if (!isEnd(state)) {
    const isNew = state !== payout.state || (packageInfo ?? payout.packageInfo) !== payout.packageInfo;
    const waits = state === 'waiting';
    await changePayout(tx, payout.id, {
      ...{ state, billNo: billNo ?? payout.billNo, trouble: null },
      packageInfo: waits ? (packageInfo ?? payout.packageInfo) : null,
    });
    if (isNew) await publish(tx, `owner:${rebate.userId}`, { kind: 'news' });
    return isNew ? 'advanced' : 'replay';
  }
  const end = { state, billNo: billNo ?? payout.billNo, packageInfo: null, trouble: said.trouble };
  await changePayout(tx, payout.id, { ...end, endedAt: now, nextCheckAt: null });
  if (state === 'done') {
    await moveRebate(tx, rebate, 'paid', { payee: null, receipt: billNo, paidBy: provider, paidAt: now });
    return 'paid';
  }
  if (state === 'failed') await raiseIssue(tx, { ...issue, kind: 'payout_failed' }, now);
  // Nobody is there any more to claim it again, or a bank has the money of which it is a part.
  const isOver = !(await findUser(tx, rebate.userId)) || (await isHeld(tx, rebate.orderId));
  await moveRebate(tx, rebate, isOver ? 'void' : 'eligible', { ...UNCLAIMED, reason: null });
  return 'ended';
}
