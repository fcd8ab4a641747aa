import type { Db, Tx } from './database.ts';
import { ordersIn } from './order-rows.ts';
import type { Order } from './order-tables.ts';
import { refundsOf } from './refund-rows.ts';
import type { OfflinePayment } from './sales-tables.ts';

export type NewOfflinePayment = Pick<
  OfflinePayment,
  'bankRef' | 'orderId' | 'partnerId' | 'fen' | 'currency' | 'credits' | 'days' | 'note' | 'createdBy' | 'createdAt'
>;

/** Writes a transfer down as a draft. @returns undefined when its number is there already. */
export function insertOffline(tx: Tx, payment: NewOfflinePayment): Promise<OfflinePayment | undefined> {
  return tx
    .insertInto('offlinePayment')
    .values(payment)
    .onConflict((conflict) => conflict.column('bankRef').doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Locks the transfer of a bank's number until the transaction ends. */
export function lockOffline(tx: Tx, bankRef: string): Promise<OfflinePayment | undefined> {
  return tx.selectFrom('offlinePayment').selectAll().where('bankRef', '=', bankRef).forUpdate().executeTakeFirst();
}

/** Changes a locked transfer. */
export function changeOffline(
  tx: Tx,
  id: string,
  change: Partial<
    Pick<OfflinePayment, 'state' | 'approvedBy' | 'grantedAt' | 'reversedBy' | 'reversedAt' | 'reason' | 'revoked'>
  >,
): Promise<OfflinePayment> {
  return tx.updateTable('offlinePayment').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow();
}

/** A transfer, and what it pays in words that an operator knows. */
export type ListedOffline = OfflinePayment & { readonly order: string | null; readonly partner: string | null };

/** Transfers, the oldest first. */
export function listOffline(db: Db, state?: OfflinePayment['state']): Promise<ListedOffline[]> {
  const rows = db
    .selectFrom('offlinePayment')
    .leftJoin('orders', 'orders.id', 'offlinePayment.orderId')
    .leftJoin('partner', 'partner.id', 'offlinePayment.partnerId')
    .selectAll('offlinePayment')
    .select(['orders.outTradeNo as order', 'partner.code as partner'])
    .orderBy('offlinePayment.createdAt')
    .orderBy('offlinePayment.id');
  return (state ? rows.where('offlinePayment.state', '=', state) : rows).execute();
}

/** An order by bank transfer that waits for an operator. */
export interface WaitingOrder {
  readonly number: string;
  readonly state: Order['state'];
  readonly photos: number;
  readonly fen: number;
  readonly currency: string;
  readonly createdAt: Date;
  /** Transfers that one operator has confirmed, and that wait for another. */
  readonly receipts: readonly string[];
  /** What is to be sent back by hand; null for nothing. */
  readonly refundFen: number | null;
}

/** Orders by bank transfer that wait for their money, a second operator, or their refund, the oldest first. */
export async function waitingOrders(db: Db): Promise<WaitingOrder[]> {
  const orders = await ordersIn(db, 'offline', ['created', 'paying', 'refunding']);
  const drafts = await listOffline(db, 'draft');
  const refunds = await refundsOf(
    db,
    orders.map(({ id }) => id),
  );
  return orders.map(({ id, outTradeNo: number, state, credits: photos, fen, currency, createdAt }) => ({
    ...{ number, state, photos, fen, currency, createdAt },
    receipts: drafts.filter(({ orderId }) => orderId === id).map(({ bankRef }) => bankRef),
    refundFen: refunds.find(({ orderId, endedAt }) => orderId === id && endedAt === null)?.fen ?? null,
  }));
}
