import type { Db, Tx } from './database.ts';
import { nextCheck } from './next-check.ts';
import type { Refund } from './order-tables.ts';

/** Seconds between two questions about a refund: slower than any provider's limit. */
const WAITS = [60, 60, 60, 300, 1800, 7200];

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
 * Takes refunds whose provider is to be asked, for one try each.
 * @param providers those that this process can ask.
 */
export async function takeDueRefunds(
  db: Db,
  providers: readonly string[],
  now: Date,
  limit: number,
): Promise<Refund[]> {
  if (providers.length === 0) return [];
  return db
    .updateTable('refund')
    .set((e) => ({ checks: e('checks', '+', 1), nextCheckAt: nextCheck(now, WAITS) }))
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
