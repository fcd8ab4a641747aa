import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';
import type { Refund } from './order-tables.ts';

export function insertRefund(
  tx: Tx,
  refund: Pick<Refund, 'outRefundNo' | 'orderId' | 'credits' | 'fen' | 'actor' | 'createdAt' | 'nextCheckAt'>,
): Promise<Refund> {
  return tx.insertInto('refund').values(refund).returningAll().executeTakeFirstOrThrow();
}

/** Every refund of these orders, oldest first. */
export async function refundsOf(db: Db, orderIds: readonly string[]): Promise<Refund[]> {
  if (orderIds.length === 0) return [];
  return db
    .selectFrom('refund')
    .selectAll()
    .where('orderId', 'in', orderIds)
    .orderBy('createdAt')
    .orderBy('outRefundNo')
    .execute();
}

/** Refunds of a provider's orders that were done from a moment on and before another, with their order. */
export function refundsDoneBetween(db: Db, provider: string, from: Date, to: Date) {
  return db
    .selectFrom('refund')
    .innerJoin('orders', 'orders.id', 'refund.orderId')
    .select(['refund.outRefundNo', 'refund.fen', 'refund.orderId'])
    .where('orders.provider', '=', provider)
    .where('refund.state', '=', 'done')
    .where('refund.endedAt', '>=', from)
    .where('refund.endedAt', '<', to)
    .execute();
}

/** The refund of a number; lock its order first, and read it again then. */
export function findRefund(db: Db, outRefundNo: string): Promise<Refund | undefined> {
  return db.selectFrom('refund').selectAll().where('outRefundNo', '=', outRefundNo).executeTakeFirst();
}

/** Changes a refund whose order is locked. */
export async function changeRefund(
  tx: Tx,
  id: string,
  change: Partial<Pick<Refund, 'state' | 'endedAt' | 'nextCheckAt'>>,
): Promise<void> {
  await tx.updateTable('refund').set(change).where('id', '=', id).execute();
}

/**
 * Takes refunds whose provider is to be asked, for one try each: after 1, 1, 1, 5, 30 minutes, and then every 2 hours, which is slower
 * than any provider's limit.
 * @param providers those that this process can ask.
 */
export async function takeDueRefunds(
  db: Db,
  providers: readonly string[],
  now: Date,
  limit: number,
): Promise<Refund[]> {
  if (providers.length === 0) return [];
  const wait = sql<Date>`${now}::timestamptz + make_interval(secs => (array[60, 60, 60, 300, 1800, 7200])[least(checks + 1, 6)])`;
  return db
    .updateTable('refund')
    .set((e) => ({ checks: e('checks', '+', 1), nextCheckAt: wait }))
    .where('id', 'in', (e) =>
      e
        .selectFrom('refund')
        .innerJoin('orders', 'orders.id', 'refund.orderId')
        .select('refund.id')
        .where('refund.state', 'in', ['asked', 'accepted'])
        .where('refund.nextCheckAt', '<=', now)
        .where('orders.provider', 'in', providers)
        .orderBy('refund.nextCheckAt')
        .limit(limit)
        .forUpdate('refund')
        .skipLocked(),
    )
    .returningAll()
    .execute();
}
