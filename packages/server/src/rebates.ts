import { createHash, createHmac, randomBytes } from 'node:crypto';
import { AppError, type ClaimAnswer, type RebateState, type RebateView } from '@hili/contract';
import type { Config } from './config.ts';
import { type Db, inTransaction, type Tx } from './database.ts';
import { publish } from './events.ts';
import type { Decider } from './invites.ts';
import { findOrder } from './order-rows.ts';
import {
  claimOf,
  countApprovedFen,
  findRebate,
  insertClaim,
  insertRebate,
  lockApprovals,
  moveRebate,
  type RebateRow,
  rebateOfOrder,
  rebatesOf,
  rebatesOfIds,
  removeClaim,
} from './rebate-rows.ts';
import { type Keys, seal, unseal } from './secrets.ts';

export type RebateRules = Pick<Config, 'REBATE_FEN' | 'REBATE_DAYS'>;

const DAY = 86_400_000;
/** Seconds that a claim's address is good for. */
export const CLAIM_SECONDS = 600;
/** States from which money has not gone out, so that a refund ends the rebate. */
const UNPAID: readonly RebateState[] = ['accrued', 'eligible', 'claimed', 'approved'];

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
 * @returns fen that were paid out already, which no one can call back; 0 otherwise.
 */
export async function voidRebate(tx: Tx, orderId: string): Promise<number> {
  const rebate = await rebateOfOrder(tx, orderId);
  if (!rebate) return 0;
  if (UNPAID.includes(rebate.state)) await move(tx, rebate, 'void', { payee: null });
  return rebate.state === 'paid' ? rebate.fen : 0;
}

/** Changes a rebate, and lets every open page of its owner look. @returns false when it had changed since it was read. */
async function move(...[db, rebate, to, change]: Parameters<typeof moveRebate>): Promise<boolean> {
  if (!(await moveRebate(db, rebate, to, change))) return false;
  await publish(db, `owner:${rebate.userId}`, { kind: 'news' });
  return true;
}

/** What a user is shown of their rebates, newest first. */
export async function ownRebates(db: Db, userId: string): Promise<RebateView[]> {
  const rows = await rebatesOf(db, userId);
  return rows.map(({ id, package: code, fen, state, accruedAt, dueAt, paidAt, receipt, reason }) => ({
    ...{ id, package: code, fen, state, receipt, reason },
    accruedAt: accruedAt.toISOString(),
    dueAt: dueAt.toISOString(),
    paidAt: paidAt?.toISOString() ?? null,
  }));
}

const hashToken = (token: string) => createHash('sha256').update(token).digest();

/**
 * Makes a token of 128 bits with which a phone claims all that this user can claim now. It binds nothing yet.
 * @throws AppError DATA_NOT_FOUND when there is nothing to claim.
 */
export async function openClaim(db: Db, userId: string, now: Date): Promise<{ token: string; expiresAt: Date }> {
  const eligible = (await rebatesOf(db, userId)).filter(({ state }) => state === 'eligible');
  if (eligible.length === 0)
    throw new AppError('DATA_NOT_FOUND', { detail: 'expected a rebate that can be claimed but received none' });
  const token = randomBytes(16).toString('base64url');
  const expiresAt = new Date(now.getTime() + CLAIM_SECONDS * 1000);
  await insertClaim(db, { tokenHash: hashToken(token), userId, rebateIds: eligible.map(({ id }) => id), expiresAt });
  return { token, expiresAt };
}

/** What a token claims. @throws AppError LINK_EXPIRED when it is unknown, used or too old. */
export async function readClaim(
  db: Db,
  token: string,
  now: Date,
): Promise<{ userId: string; fen: number; expiresAt: Date }> {
  const claim = await claimOf(db, hashToken(token), now);
  const rebates = claim ? await rebatesOfIds(db, claim.rebateIds, 'eligible') : [];
  if (!claim || rebates.length === 0) throw new AppError('LINK_EXPIRED');
  const { userId, expiresAt } = claim;
  return { userId, expiresAt, fen: rebates.reduce((sum, { fen }) => sum + fen, 0) };
}

const payeeOf = (rebateId: string) => `payee of rebate ${rebateId}`;

/**
 * Says to whom a token's rebates are to be paid, once: all of them or none.
 * @throws AppError LINK_EXPIRED when it is unknown, used or too old, or one of its rebates can no longer be claimed.
 */
export async function confirmClaim(
  db: Db,
  keys: Pick<Keys, 'seal' | 'addresses'>,
  token: string,
  answer: ClaimAnswer,
  now: Date,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // Whoever removes the row has the token to themselves.
    const claim = await removeClaim(tx, hashToken(token), now);
    const rebates = claim ? await rebatesOfIds(tx, claim.rebateIds, 'eligible') : [];
    if (!claim || rebates.length !== claim.rebateIds.length) throw new AppError('LINK_EXPIRED');
    const payeeHash = createHmac('sha256', keys.addresses).update(`wechat ${answer.wechat.toLowerCase()}`).digest();
    for (const rebate of rebates) {
      const payee = seal(keys.seal, JSON.stringify(answer), payeeOf(rebate.id));
      const moved = await move(tx, rebate, 'claimed', { payee, payeeHash, claimedAt: now, reason: null });
      if (!moved) throw new AppError('LINK_EXPIRED');
    }
  });
}

/** To whom a rebate is to be paid; undefined when nobody waits for it. */
export function readPayee(keys: Pick<Keys, 'seal'>, { id, payee }: RebateRow): ClaimAnswer | undefined {
  return payee ? JSON.parse(unseal(keys.seal, payee, payeeOf(id))) : undefined;
}

/** Everything that is kept of a user's rebates, with whom they asked to be paid as long as it is kept. */
export async function exportRebates(db: Db, keys: Pick<Keys, 'seal'>, userId: string): Promise<object[]> {
  const rows = await rebatesOf(db, userId);
  return rows.map((row) => {
    const {
      orderId,
      package: code,
      fen,
      state,
      accruedAt,
      dueAt,
      claimedAt,
      approvedAt,
      paidAt,
      receipt,
      reason,
    } = row;
    return {
      ...{ orderId, package: code, fen, state, accruedAt, dueAt, claimedAt, approvedAt, paidAt, receipt, reason },
      payee: readPayee(keys, row) ?? null,
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

/** @throws AppError DATA_NOT_FOUND when another operator was faster. */
async function decide(
  db: Db,
  rebate: RebateRow,
  to: RebateState,
  change: Parameters<typeof moveRebate>[3],
): Promise<void> {
  if (!(await move(db, rebate, to, change)))
    throw new AppError('DATA_NOT_FOUND', {
      detail: `expected a rebate that is ${rebate.state} for id but received one that somebody else has changed`,
    });
}

/**
 * Lets a claimed rebate be paid. One of a simulated order, for which nobody has paid, is let through only where payments are simulated.
 * @throws AppError DATA_NOT_FOUND, BAD_REQUEST when it is the operator's own or of a simulated order; RATE_LIMITED when the day's sum would be exceeded.
 */
export async function approveRebate(
  db: Db,
  { REBATE_DAILY_FEN, DEMO_PAYMENTS }: Pick<Config, 'REBATE_DAILY_FEN' | 'DEMO_PAYMENTS'>,
  id: string,
  by: Decider,
  now: Date,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockApprovals(tx);
    const rebate = await forOperator(tx, id, ['claimed'], by);
    if (!DEMO_PAYMENTS && (await findOrder(tx, rebate.orderId))?.simulated)
      throw new AppError('BAD_REQUEST', {
        detail: 'expected a rebate of an order that was paid for id but received one of a simulated order',
      });
    const today = await countApprovedFen(tx, new Date(now.getTime() - DAY));
    if (today + rebate.fen > REBATE_DAILY_FEN)
      throw new AppError('RATE_LIMITED', {
        detail: `expected at most ${REBATE_DAILY_FEN} fen in 24 hours but received ${today + rebate.fen}`,
      });
    await decide(tx, rebate, 'approved', { approvedBy: by.name, approvedAt: now });
  });
}

/** Refuses a claimed rebate for good. @throws AppError as `approveRebate`. */
export async function rejectRebate(db: Db, id: string, reason: string, by: Decider): Promise<void> {
  await decide(db, await forOperator(db, id, ['claimed'], by), 'rejected', { payee: null, reason });
}

/** Gives a rebate back to be claimed again, as when nobody has that WeChat ID. @throws AppError as `approveRebate`. */
export async function returnRebate(db: Db, id: string, reason: string, by: Decider): Promise<void> {
  const change = { payee: null, approvedBy: null, approvedAt: null, reason };
  await decide(db, await forOperator(db, id, ['claimed', 'approved'], by), 'eligible', change);
}

/**
 * Notes that an approved rebate has been paid by hand.
 * @param receipt the payment's number in WeChat; one receipt is one rebate.
 * @throws AppError DATA_NOT_FOUND; BAD_REQUEST when it is the operator's own, or the receipt is another rebate's.
 */
export async function payRebate(db: Db, id: string, receipt: string, by: Decider, now: Date): Promise<void> {
  const rebate = await forOperator(db, id, ['approved'], by);
  const change = { payee: null, method: 'manual', receipt, paidBy: by.name, paidAt: now } as const;
  await decide(db, rebate, 'paid', change).catch((cause: unknown) => {
    if ((cause as { code?: string }).code !== '23505') throw cause;
    throw new AppError('BAD_REQUEST', {
      field: 'receipt',
      detail: `expected the number of one payment for receipt but received another rebate's`,
      cause,
    });
  });
}
