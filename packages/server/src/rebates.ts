import { AppError, type RebateState, type RebateView } from '@hili/contract';
import { isOpenIdPayee, readPayee } from './claims.ts';
import type { Config } from './config.ts';
import { type Db, inTransaction, type Tx } from './database.ts';
import type { Decider } from './invites.ts';
import { findOrder } from './order-rows.ts';
import { payoutAppid } from './payments/payouts.ts';
import { latestPayouts, openPayout } from './payout-rows.ts';
import {
  countApprovedFen,
  findRebate,
  GONE,
  insertRebate,
  isPayerPaid,
  lockApprovals,
  moveRebate,
  type RebateRow,
  rebateOfOrder,
  rebatesOf,
  UNCLAIMED,
} from './rebate-rows.ts';
import type { Keys } from './secrets.ts';

export type RebateRules = Pick<Config, 'REBATE_FEN' | 'REBATE_DAYS'>;

const DAY = 86_400_000;
/** Milliseconds that WeChat waits for a payout to be accepted. */
const ACCEPT_MS = DAY;
/** States from which money has not gone out, so that a refund ends the rebate. */
const UNPAID: readonly RebateState[] = ['accrued', 'eligible', 'claimed'];
/** Whom to pay, and how, forgotten. */
const DROPPED = { payee: null, method: null } as const;

/** Fen that come back on an order of a package; 0 for none. @example rebateFen({ REBATE_FEN: 'photos-3:200' }, 'photos-3') === 200 */
export function rebateFen({ REBATE_FEN }: Pick<Config, 'REBATE_FEN'>, packageCode: string): number {
  const pairs = REBATE_FEN.split(',').map((pair) => pair.trim().split(':'));
  return Number(pairs.find(([code]) => code === packageCode)?.[1] ?? 0);
}

/** Notes what comes back on an order that has just been paid, once. Called in the transaction that marks it so. */
export async function accrueRebate(
  tx: Tx,
  rules: RebateRules,
  order: { readonly id: string; readonly userId: string; readonly package: string },
  now: Date,
): Promise<void> {
  const fen = rebateFen(rules, order.package);
  if (fen === 0) return;
  await insertRebate(tx, {
    orderId: order.id,
    userId: order.userId,
    package: order.package,
    fen,
    accruedAt: now,
    dueAt: new Date(now.getTime() + rules.REBATE_DAYS * DAY),
  });
}

/**
 * Ends the rebate of an order that is refunded, whole or in part. Called in the refund's transaction.
 * @returns fen that were paid out already, are approved to be paid by hand, or are with WeChat to be accepted, which no one can call back;
 * 0 otherwise. What is not paid, or not accepted, is still owed then: it can be claimed again.
 */
export async function voidRebate(tx: Tx, orderId: string): Promise<number> {
  const rebate = await rebateOfOrder(tx, orderId);
  if (!rebate) return 0;
  if (UNPAID.includes(rebate.state)) await moveRebate(tx, rebate, 'void', DROPPED);
  return GONE.includes(rebate.state) ? rebate.fen : 0;
}

/** Ends the rebate of an order whose money a bank took, also one that is approved: nothing is left that it could be taken off. */
export async function stopRebate(tx: Tx, orderId: string): Promise<void> {
  const rebate = await rebateOfOrder(tx, orderId);
  if (rebate && [...UNPAID, 'approved'].includes(rebate.state)) await moveRebate(tx, rebate, 'void', DROPPED);
}

/** What a user is shown of their rebates, newest first. */
export async function ownRebates(db: Db, userId: string): Promise<RebateView[]> {
  const rows = await rebatesOf(db, userId);
  const payouts = await latestPayouts(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map(({ id, package: code, fen, state, accruedAt, dueAt, paidAt, receipt, reason, method }) => {
    const payout = payouts.get(id);
    return {
      ...{ id, package: code, fen, state, receipt, reason, method },
      accruedAt: accruedAt.toISOString(),
      dueAt: dueAt.toISOString(),
      paidAt: paidAt?.toISOString() ?? null,
      payout: payout
        ? { state: payout.state, until: new Date(payout.askedAt.getTime() + ACCEPT_MS).toISOString() }
        : null,
    };
  });
}

/** Everything that is kept of a user's rebates, with whom they asked to be paid as long as it is kept. */
export async function exportRebates(db: Db, keys: Pick<Keys, 'seal'>, userId: string): Promise<object[]> {
  const rows = await rebatesOf(db, userId);
  const payouts = await latestPayouts(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => {
    const { orderId, package: code, fen, state, accruedAt, dueAt, claimedAt, approvedAt } = row;
    const { paidAt, receipt, reason, method, id } = row;
    const payout = payouts.get(id);
    return {
      ...{ orderId, package: code, fen, state, accruedAt, dueAt, claimedAt, approvedAt, paidAt, receipt, reason },
      ...{ method, payee: readPayee(keys, row) ?? null },
      payout: payout ? { number: payout.outBillNo, state: payout.state, askedAt: payout.askedAt } : null,
    };
  });
}

/** Finds a rebate that an operator decides on. @throws AppError DATA_NOT_FOUND; BAD_REQUEST when it is the operator's own. */
async function forOperator(db: Db, id: string, states: readonly RebateState[], by: Decider): Promise<RebateRow> {
  const rebate = await findRebate(db, id);
  if (!rebate || !states.includes(rebate.state))
    throw new AppError('DATA_NOT_FOUND', {
      detail: `expected a rebate that is ${states.join(' or ')} for id but received ${rebate ? `one that is ${rebate.state}` : id}`,
    });
  if (by.userId === rebate.userId)
    throw new AppError('BAD_REQUEST', { detail: `expected a rebate of others for id but received the operator's own` });
  return rebate;
}

/** @returns the new state. @throws AppError DATA_NOT_FOUND when another operator was faster. */
async function decide(
  db: Db,
  rebate: RebateRow,
  to: RebateState,
  change: Parameters<typeof moveRebate>[3],
): Promise<RebateState> {
  if (!(await moveRebate(db, rebate, to, change)))
    throw new AppError('DATA_NOT_FOUND', {
      detail: `expected a rebate that is ${rebate.state} for id but received one that somebody else has changed`,
    });
  return to;
}

export type ApprovalRules = Pick<Config, 'REBATE_DAILY_FEN' | 'DEMO_PAYMENTS' | 'WECHAT_SERVICE_APPID'>;

/**
 * Lets a claimed rebate be paid: by hand, or, where WeChat is to pay, it is sent by the next sweep. One of a simulated order, for which
 * nobody has paid, is let through only where payments are simulated.
 * @throws AppError DATA_NOT_FOUND; BAD_REQUEST when it is the operator's own, of a simulated order, or to be sent where nothing can be sent;
 * RATE_LIMITED when the day's sum would be exceeded, or another one of who paid the order was approved within a day.
 */
export async function approveRebate(
  db: Db,
  keys: Pick<Keys, 'seal'>,
  rules: ApprovalRules,
  id: string,
  by: Decider,
  now: Date,
): Promise<RebateState> {
  return inTransaction(db, async (tx) => {
    await lockApprovals(tx);
    const rebate = await forOperator(tx, id, ['claimed'], by);
    if (!rules.DEMO_PAYMENTS && (await findOrder(tx, rebate.orderId))?.simulated)
      throw new AppError('BAD_REQUEST', {
        detail: 'expected a rebate of an order that was paid for id but received one of a simulated order',
      });
    const since = new Date(now.getTime() - DAY);
    const today = (await countApprovedFen(tx, since)) + rebate.fen;
    if (today > rules.REBATE_DAILY_FEN)
      throw new AppError('RATE_LIMITED', {
        detail: `expected at most ${rules.REBATE_DAILY_FEN} fen in 24 hours but received ${today}`,
      });
    if (await isPayerPaid(tx, rebate, since))
      throw new AppError('RATE_LIMITED', {
        detail: 'expected one rebate of a payer in 24 hours but received another: approve it tomorrow',
      });
    const approval = { approvedBy: by.name, approvedAt: now };
    if (rebate.method === 'manual') return decide(tx, rebate, 'approved', approval);
    const payee = readPayee(keys, rebate);
    const appid = payee && isOpenIdPayee(payee) ? payee.appid : undefined;
    if (appid === undefined || appid !== payoutAppid(rules))
      throw new AppError('BAD_REQUEST', {
        detail:
          'expected a rebate that can be sent from here for id but received one of another service account: give it back',
      });
    await decide(tx, rebate, 'sent', approval);
    await openPayout(tx, rebate, appid, now);
    return 'sent';
  });
}

/** Refuses a claimed rebate for good. @throws AppError as `approveRebate`. */
export async function rejectRebate(db: Db, id: string, reason: string, by: Decider): Promise<RebateState> {
  return decide(db, await forOperator(db, id, ['claimed'], by), 'rejected', { ...UNCLAIMED, reason });
}

/** Gives a rebate back to be claimed again, as when nobody has that WeChat ID. @throws AppError as `approveRebate`. */
export async function returnRebate(db: Db, id: string, reason: string, by: Decider): Promise<RebateState> {
  const rebate = await forOperator(db, id, ['claimed', 'approved'], by);
  return decide(db, rebate, 'eligible', { ...UNCLAIMED, reason });
}

/**
 * Notes that an approved rebate has been paid by hand.
 * @param receipt the payment's number in WeChat; one receipt is one rebate.
 * @throws AppError DATA_NOT_FOUND; BAD_REQUEST when it is the operator's own, or the receipt is another rebate's.
 */
export async function payRebate(db: Db, id: string, receipt: string, by: Decider, now: Date): Promise<RebateState> {
  const rebate = await forOperator(db, id, ['approved'], by);
  const change = { payee: null, receipt, paidBy: by.name, paidAt: now } as const;
  return decide(db, rebate, 'paid', change).catch((cause: unknown) => {
    if ((cause as { code?: string }).code !== '23505') throw cause;
    throw new AppError('BAD_REQUEST', {
      field: 'receipt',
      detail: `expected the number of one payment for receipt but received another rebate's`,
      cause,
    });
  });
}
