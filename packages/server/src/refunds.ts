import { AppError } from '@hili/contract';
import type { Tx } from './database.ts';
import { isHeld } from './disputes.ts';
import { fapiaoOf } from './fapiao.ts';
import { isForeignNumber } from './foreign-text.ts';
import { grantKeyOf, type Source, tellBuyer } from './order-payments.ts';
import { redoRewards, undoRewards } from './order-rewards.ts';
import { changeOrder, findOrder, lockOrder, recordEvent } from './order-rows.ts';
import type { Order, Refund } from './order-tables.ts';
import { billOf, type OrderDeps } from './orders.ts';
import { post } from './outbox.ts';
import { PaymentRefused, type Provider, type RefundState, type RefundWish } from './payments/provider.ts';
import { raiseIssue } from './recon-issues.ts';
import { changeRefund, findRefund, insertRefund, refundsOf } from './refund-rows.ts';
import { findUser } from './users.ts';
import { restore, revoke } from './wallets.ts';

/** Seconds after which the provider is asked for a refund again, should this process die before it has answered. */
const FIRST_CHECK_SECONDS = 60;

/** The keys under which the ledger takes the credits of a refund, and gives them back should it fail. */
const revokeKeyOf = ({ outRefundNo }: Pick<Refund, 'outRefundNo'>) => `refund:${outRefundNo}`;
const restoreKeyOf = ({ outRefundNo }: Pick<Refund, 'outRefundNo'>) => `restore:${outRefundNo}`;

/**
 * What goes back for so many photos of an order: their price, never more than was paid for them, less the cash back that has gone out.
 * @param gone fen of cash back that nobody can call back.
 */
export const priceOf = ({ fen, credits }: Pick<Order, 'fen' | 'credits'>, photos: number, gone: number): number =>
  Math.max(0, Math.floor((fen * photos) / credits) - gone);

/** Until when unused photos of an order can be given back; null for one that cannot. */
export function refundableUntil({ config, providers }: OrderDeps, order: Order): Date | null {
  if (order.state !== 'paid' || !order.paidAt || !providers.has(order.provider)) return null;
  return new Date(order.paidAt.getTime() + config.REFUND_DAYS * 86_400_000);
}

/**
 * Takes back what is unused of a paid order, and has the provider return its price. The credits go first, in one transaction with the
 * refund's number; whatever is killed afterwards, the sweep asks the provider again with that number.
 * @param actor whose wish it is.
 * @param note what else belongs to that transaction.
 * @returns the refund as it stands.
 * @throws AppError DATA_NOT_FOUND; ORDER_ENDED when it is not paid, or refunded already; NOT_REFUNDABLE when nothing is unused or the time
 * is over.
 */
export async function askRefund(
  deps: OrderDeps,
  orderId: string,
  actor: string,
  note?: (tx: Tx, refund: Refund) => Promise<void>,
): Promise<Refund> {
  const refund = await deps.db.transaction().execute(async (tx) => {
    const now = deps.clock();
    const order = await lockOrder(tx, orderId);
    if (!order) throw new AppError('DATA_NOT_FOUND');
    if (order.state !== 'paid') throw new AppError('ORDER_ENDED');
    const until = refundableUntil(deps, order);
    if (!until || until <= now || (await isHeld(tx, order.id))) throw new AppError('NOT_REFUNDABLE');
    const outRefundNo = `${order.outTradeNo}R${(await refundsOf(tx, [order.id])).length + 1}`;
    const gone = await undoRewards(tx, order, now);
    const credits = (await revoke(tx, grantKeyOf(order), revokeKeyOf({ outRefundNo }), actor, now)) ?? 0;
    const fen = priceOf(order, credits, gone);
    if (fen === 0) throw new AppError('NOT_REFUNDABLE');
    const nextCheckAt = new Date(now.getTime() + FIRST_CHECK_SECONDS * 1000);
    const asked = await insertRefund(tx, { outRefundNo, orderId, credits, fen, actor, createdAt: now, nextCheckAt });
    await changeOrder(tx, order.id, { state: 'refunding' });
    await recordEvent(tx, order, { kind: 'refund_asked', actor, fen, currency: order.currency }, now);
    await note?.(tx, asked);
    await tellBuyer(tx, order);
    return asked;
  });
  // The refund stands; what the provider says now or later settles it.
  await followRefund(deps, refund).catch((error) => deps.log.warn({ error }, 'a refund has to wait'));
  return (await findRefund(deps.db, refund.outRefundNo)) ?? refund;
}

/** Asks the provider for a refund that is due, or how it stands, and takes note of the answer. */
export async function followRefund(deps: OrderDeps, refund: Refund): Promise<void> {
  const order = await findOrder(deps.db, refund.orderId);
  const provider = order && deps.providers.get(order.provider);
  if (!provider) return;
  const { outRefundNo, fen, state } = refund;
  const wish = { outRefundNo, fen, bill: billOf(order) };
  const answer = state === 'asked' ? await ask(provider, wish) : await provider.queryRefund(wish);
  await deps.db.transaction().execute((tx) => applyRefund(tx, provider.name, answer, { actor: 'query' }, deps.clock()));
}

/** A refusal counts only when the provider has never heard of the refund: an earlier request may have been the one that it took. */
async function ask(provider: Provider, wish: RefundWish): Promise<RefundState> {
  try {
    return await provider.refund(wish);
  } catch (error) {
    if (!(error instanceof PaymentRefused)) throw error;
    const known = await provider.queryRefund(wish);
    return known.state === 'unknown' ? { ...known, state: 'failed' } : known;
  }
}

/** Has a mail say that the money has gone back: days may have passed since it was asked for. */
async function writeToBuyer(tx: Tx, { userId }: Order, { outRefundNo: about }: Refund, now: Date): Promise<void> {
  const buyer = await findUser(tx, userId);
  if (!buyer) return;
  const wish = { kind: 'refunded', language: buyer.language, recipient: null, userId, about } as const;
  await post(tx, { ...wish, key: `refunded:${about}` }, now);
}

export type RefundOutcome = 'accepted' | 'refunded' | 'refund_failed' | 'replay' | 'unknown_refund' | 'refund_mismatch';

/**
 * Takes note of what a provider says of a refund. One that failed for good gives the credits back, and all else that went with them, and
 * the order is paid again; an operator learns of it.
 */
export async function applyRefund(
  tx: Tx,
  provider: string,
  said: RefundState,
  { actor, eventId }: Source,
  now: Date,
): Promise<RefundOutcome> {
  const { outRefundNo, fen } = said;
  const found = isForeignNumber(outRefundNo) ? await findRefund(tx, outRefundNo) : undefined;
  const order = found && (await lockOrder(tx, found.orderId));
  // Read again under the order's lock.
  const refund = found && (await findRefund(tx, outRefundNo));
  const issue = { provider, outTradeNo: order?.outTradeNo ?? null, about: outRefundNo, detail: { ...said } };
  if (!order || !refund || order.provider !== provider) {
    await raiseIssue(tx, { ...issue, kind: 'unknown_refund' }, now);
    return 'unknown_refund';
  }
  const record = (kind: RefundOutcome) => recordEvent(tx, order, { kind, actor, eventId, fen }, now);
  if (said.state !== 'unknown' && fen !== refund.fen) {
    await raiseIssue(tx, { ...issue, kind: 'amount_mismatch' }, now);
    await record('refund_mismatch');
    return 'refund_mismatch';
  }
  if (refund.endedAt) {
    const late = refund.state === 'failed' && said.state === 'done';
    if (late) await raiseIssue(tx, { ...issue, kind: 'refund_after_failure' }, now);
    // A bank may send back, days later, what had been refunded.
    const isUndone = refund.state === 'done' && said.state === 'failed';
    if (isUndone) await raiseIssue(tx, { ...issue, kind: 'refund_failed' }, now);
    return 'replay';
  }
  if (said.state === 'done') {
    await changeRefund(tx, refund.id, { state: 'done', endedAt: now, nextCheckAt: null });
    await changeOrder(tx, order.id, { state: 'refunded' });
    const paper = await fapiaoOf(tx, order.id);
    // One that was issued since is over what was left.
    if (paper?.state === 'issued' && paper.endedAt && paper.endedAt < refund.createdAt)
      await raiseIssue(tx, { ...issue, kind: 'fapiao_refunded', detail: { fapiao: paper.note, fen } }, now);
    await record('refunded');
    await tellBuyer(tx, order);
    await writeToBuyer(tx, order, refund, now);
    return 'refunded';
  }
  if (said.state === 'failed') {
    await changeRefund(tx, refund.id, { state: 'failed', endedAt: now, nextCheckAt: null });
    await changeOrder(tx, order.id, { state: 'paid' });
    // A bank that has the money may keep it: what the order earned comes back when the payer has lost.
    if (!(await isHeld(tx, order.id))) await redoRewards(tx, order, now);
    await restore(tx, revokeKeyOf(refund), restoreKeyOf(refund), 'system', now);
    await raiseIssue(tx, { ...issue, kind: 'refund_failed' }, now);
    await record('refund_failed');
    await tellBuyer(tx, order);
    return 'refund_failed';
  }
  if (said.state === 'unknown' || refund.state === 'accepted') return 'replay';
  await changeRefund(tx, refund.id, { state: 'accepted' });
  await record('accepted');
  await tellBuyer(tx, order);
  return 'accepted';
}
