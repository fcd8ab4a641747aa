import { type Selectable, sql } from 'kysely';
import type { Db, Tx } from './database.ts';
import { isForeignNumber } from './foreign-text.ts';
import { grantKeyOf, type Source, tellBuyer } from './order-payments.ts';
import { redoRewards, undoRewards } from './order-rewards.ts';
import { lockOrder, lockOrderOf, recordEvent } from './order-rows.ts';
import type { Order, OrderTables } from './order-tables.ts';
import type { Dispute } from './payments/provider.ts';
import { stopRebate } from './rebates.ts';
import { raiseIssue } from './recon-issues.ts';
import { restore, revoke } from './wallets.ts';

type DisputeRow = Selectable<OrderTables['dispute']>;

const keyOf = ({ provider, id }: DisputeRow, take: number) => `dispute:${provider}:${id}:${take}`;
/** Whether the money is gone, and with it what is unused of the order. */
const isGone = (state: DisputeRow['state']) => state === 'withdrawn' || state === 'lost';
const isEnd = (state: DisputeRow['state']) => state === 'won' || state === 'lost';

/**
 * Takes note of what a provider says of a payment that its payer's bank takes back; an operator learns of each. When the money goes, what is
 * unused of the order goes with it, and what the order brought others; when the money comes back, so does all of that. Each once, whatever
 * copies arrive and in whatever order: what has ended stays so, but for a loss that is won after all.
 */
export async function applyDispute(
  tx: Tx,
  provider: string,
  { id, outTradeNo, fen, currency, state }: Dispute,
  { actor, eventId }: Source,
  now: Date,
): Promise<'disputed' | 'replay'> {
  const order = isForeignNumber(outTradeNo) ? await lockOrderOf(tx, provider, outTradeNo) : undefined;
  await raiseIssue(tx, { kind: 'disputed', provider, outTradeNo, about: id, detail: { fen, currency } }, now);
  if (!order?.paidAt || !isForeignNumber(id)) return 'disputed';
  const old = await lockDispute(tx, provider, id);
  const isNew = !old || (old.state !== state && (!isEnd(old.state) || state === 'won'));
  if (!isNew) return 'replay';
  await recordEvent(tx, order, { kind: `dispute_${state}`, actor, eventId, fen, currency }, now);
  const endedAt = isEnd(state) ? now : null;
  if (!old) {
    const made = { provider, id, orderId: order.id, state, openedAt: now, endedAt };
    const dispute = await tx.insertInto('dispute').values(made).returningAll().executeTakeFirstOrThrow();
    if (isGone(state)) await take(tx, order, dispute, now);
  } else if (isGone(state)) await take(tx, order, await change(tx, old, { state, endedAt }), now);
  else await giveBack(tx, order, await change(tx, old, { state, endedAt, credits: 0 }), now);
  await tellBuyer(tx, order);
  return 'disputed';
}

/** Takes what has come back since of orders whose money is gone: jobs that failed, refunds that were refused. @returns how many were. */
export async function takeDisputed(db: Db, now: Date): Promise<number> {
  const { rows } = await sql<Pick<DisputeRow, 'provider' | 'id' | 'orderId'>>`
    select distinct d.provider, d.id, d.order_id from dispute d join lot l on l.source = 'purchase' and l.ref = d.order_id::text
      where d.state in ('withdrawn', 'lost') and l.avail > 0 limit 100`.execute(db);
  for (const { provider, id, orderId } of rows)
    await db.transaction().execute(async (tx) => {
      const order = await lockOrder(tx, orderId);
      const dispute = await lockDispute(tx, provider, id);
      if (order && dispute && isGone(dispute.state)) await take(tx, order, dispute, now);
    });
  return rows.length;
}

/** Whether a payer's bank has the money of an order. */
export async function isHeld(tx: Tx, orderId: string): Promise<boolean> {
  const rows = tx.selectFrom('dispute').select('id').where('orderId', '=', orderId);
  return (await rows.where('state', 'in', ['withdrawn', 'lost']).executeTakeFirst()) !== undefined;
}

/** The dispute of a provider's number; its order is locked. */
function lockDispute(tx: Tx, provider: string, id: string): Promise<DisputeRow | undefined> {
  const rows = tx.selectFrom('dispute').selectAll().where('provider', '=', provider).where('id', '=', id);
  return rows.forUpdate().executeTakeFirst();
}

function change(
  tx: Tx,
  { provider, id }: DisputeRow,
  to: Partial<Pick<DisputeRow, 'state' | 'endedAt' | 'takes' | 'credits'>>,
): Promise<DisputeRow> {
  const rows = tx.updateTable('dispute').set(to).where('provider', '=', provider).where('id', '=', id);
  return rows.returningAll().executeTakeFirstOrThrow();
}

async function take(tx: Tx, order: Order, dispute: DisputeRow, now: Date): Promise<void> {
  await undoRewards(tx, order, now);
  await stopRebate(tx, order.id);
  const takes = dispute.takes + 1;
  const credits = (await revoke(tx, grantKeyOf(order), keyOf(dispute, takes), 'system', now)) ?? 0;
  await change(tx, dispute, { takes, credits: dispute.credits + credits });
}

async function giveBack(tx: Tx, order: Order, dispute: DisputeRow, now: Date): Promise<void> {
  // What was refunded meanwhile has taken them for its part.
  if (dispute.takes > 0 && order.state === 'paid') await redoRewards(tx, order, now);
  for (let n = 1; n <= dispute.takes; n += 1)
    await restore(tx, keyOf(dispute, n), `${keyOf(dispute, n)}:undone`, 'system', now);
}
