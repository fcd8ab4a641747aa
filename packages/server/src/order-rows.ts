import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';
import { storable } from './foreign-text.ts';
import { nextCheck } from './next-check.ts';
import type { Order } from './order-tables.ts';
import type { Payment } from './payments/provider.ts';

/** States in which money may still come in by the usual way. */
export const OPEN_STATES = ['created', 'paying'] as const;

/** Seconds after the end of an order at which the provider is asked a last time, and told to close it. */
const CLOSE_SECONDS = 60;

/** Seconds between two questions about an order that is open. */
const WAITS = [30, 60, 180, 300, 600, 1800];

/** The largest sum that the tables hold. One beyond is no price of ours, and stands where an operator looks into it. */
const MOST_FEN = 2 ** 31 - 1;

/** What is known of an order when it is made. */
export type NewOrder = Pick<
  Order,
  | 'outTradeNo'
  | 'userId'
  | 'walletId'
  | 'package'
  | 'credits'
  | 'fen'
  | 'currency'
  | 'provider'
  | 'simulated'
  | 'createdAt'
  | 'expiresAt'
  | 'nextCheckAt'
>;

export function insertOrder(tx: Tx, order: NewOrder): Promise<Order> {
  return tx.insertInto('orders').values(order).returningAll().executeTakeFirstOrThrow();
}

/** What happened, and by whose doing. */
export interface PaymentEvent {
  readonly kind: string;
  readonly actor: string;
  readonly eventId?: string | undefined;
  readonly transactionId?: string;
  readonly fen?: number;
  readonly currency?: string;
}

/** Writes down what happened to an order, or, with `id` null, to a number that is no order of ours. Rows are never changed. */
export async function recordEvent(
  db: Db,
  order: Pick<Order, 'outTradeNo' | 'provider'> & { readonly id: string | null },
  event: PaymentEvent,
  at: Date,
): Promise<void> {
  const { kind, actor, eventId = null, transactionId = null, currency = null } = event;
  const fen = event.fen !== undefined && Math.abs(event.fen) <= MOST_FEN ? event.fen : null;
  const { id: orderId, outTradeNo, provider } = order;
  const said = { eventId, transactionId, currency, outTradeNo };
  const kept = Object.fromEntries(Object.entries(said).map(([name, text]) => [name, text && storable(text)]));
  await db
    .insertInto('paymentEvent')
    .values({ ...(kept as typeof said), orderId, provider, kind, actor, fen, at })
    .execute();
}

/** Everything that happened to an order, oldest first. */
export function eventsOf(db: Db, orderId: string) {
  return db.selectFrom('paymentEvent').selectAll().where('orderId', '=', orderId).orderBy('id').execute();
}

export function findOrder(db: Db, id: string): Promise<Order | undefined> {
  return db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findOrderByNumber(db: Db, outTradeNo: string): Promise<Order | undefined> {
  return db.selectFrom('orders').selectAll().where('outTradeNo', '=', outTradeNo).executeTakeFirst();
}

/** Photos of simulated orders, for which nobody has paid, that can still be spent. */
export async function countSimulated(db: Db, now: Date): Promise<number> {
  const { rows } = await sql<{ photos: number }>`
    select coalesce(sum(l.avail), 0)::int as photos from orders o join lot l on l.source = 'purchase' and l.ref = o.id::text
      where o.simulated and (l.expires_at is null or l.expires_at > ${now})`.execute(db);
  return rows[0]?.photos ?? 0;
}

export function lockOrder(tx: Tx, id: string): Promise<Order | undefined> {
  return tx.selectFrom('orders').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** Locks the order of a provider's number until the transaction ends. */
export function lockOrderOf(tx: Tx, provider: string, outTradeNo: string): Promise<Order | undefined> {
  return tx
    .selectFrom('orders')
    .selectAll()
    .where('outTradeNo', '=', outTradeNo)
    .where('provider', '=', provider)
    .forUpdate()
    .executeTakeFirst();
}

/** Orders of a user, newest first: 100 at most. */
export function ordersOf(db: Db, userId: string, since = new Date(0)): Promise<Order[]> {
  return db
    .selectFrom('orders')
    .selectAll()
    .where('userId', '=', userId)
    .where('createdAt', '>', since)
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .limit(100)
    .execute();
}

/** The order of a provider's number. */
export function findOrderOf(db: Db, provider: string, outTradeNo: string): Promise<Order | undefined> {
  return db
    .selectFrom('orders')
    .selectAll()
    .where('outTradeNo', '=', outTradeNo)
    .where('provider', '=', provider)
    .executeTakeFirst();
}

/** Orders of a provider that were paid from a moment on and before another. */
export function ordersPaidBetween(db: Db, provider: string, from: Date, to: Date): Promise<Order[]> {
  return db
    .selectFrom('orders')
    .selectAll()
    .where('provider', '=', provider)
    .where('paidAt', '>=', from)
    .where('paidAt', '<', to)
    .execute();
}

/** Orders of a provider that were made from a moment on and before another, and ended unpaid. */
export function ordersUnpaidBetween(db: Db, provider: string, from: Date, to: Date): Promise<Order[]> {
  return db
    .selectFrom('orders')
    .selectAll()
    .where('provider', '=', provider)
    .where('state', '=', 'closed')
    .where('createdAt', '>=', from)
    .where('createdAt', '<', to)
    .execute();
}

/** Orders of a provider in these states, oldest first. */
export function ordersIn(db: Db, provider: string, states: readonly Order['state'][]): Promise<Order[]> {
  return db
    .selectFrom('orders')
    .selectAll()
    .where('provider', '=', provider)
    .where('state', 'in', states)
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
}

/** Changes a locked order. */
export function changeOrder(
  tx: Tx,
  id: string,
  change: Partial<Pick<Order, 'state' | 'transactionId' | 'payer' | 'paidAt' | 'closedAt' | 'nextCheckAt'>>,
): Promise<Order> {
  return tx
    .updateTable('orders')
    .set((e) => ({ ...change, version: e('version', '+', 1) }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** PostgreSQL's word for a row that is there already. */
const TAKEN = '23505';

/** Marks a locked order as paid. @returns undefined, and changes nothing, when that payment is another order's. */
export async function setPaid(
  tx: Tx,
  id: string,
  payment: { readonly transactionId: string; readonly payer: Buffer | null; readonly paidAt: Date },
): Promise<Order | undefined> {
  // Two orders may be paid by one number in the same moment: only the index tells, and its refusal would end the transaction.
  await sql`savepoint paid`.execute(tx);
  try {
    return await changeOrder(tx, id, { ...payment, state: 'paid', nextCheckAt: null });
  } catch (error) {
    if ((error as { code?: unknown }).code !== TAKEN) throw error;
    await sql`rollback to savepoint paid`.execute(tx);
    return undefined;
  }
}

/** Keeps what the provider said the buyer does next; nothing when that is known already, or the order has ended. */
export function setPayment(tx: Tx, id: string, payment: Payment): Promise<Order | undefined> {
  return tx
    .updateTable('orders')
    .set((e) => ({
      state: 'paying' as const,
      payment: JSON.stringify(payment),
      reference: payment.reference ?? null,
      version: e('version', '+', 1),
    }))
    .where('id', '=', id)
    .where('state', '=', 'created')
    .returningAll()
    .executeTakeFirst();
}

/**
 * Takes open orders whose provider is to be asked, for one try each. Whatever becomes of it, they are due again, and a minute after their
 * end.
 * @param providers those that this process can ask.
 */
export async function takeDueOrders(db: Db, providers: readonly string[], now: Date, limit: number): Promise<Order[]> {
  if (providers.length === 0) return [];
  const wait = nextCheck(now, WAITS);
  const end = sql`expires_at + make_interval(secs => ${CLOSE_SECONDS})`;
  return db
    .updateTable('orders')
    .set((e) => ({
      checks: e('checks', '+', 1),
      nextCheckAt: sql<Date>`case when ${end} > ${now} then least(${wait}, ${end}) else ${wait} end`,
    }))
    .where('id', 'in', (e) =>
      e
        .selectFrom('orders')
        .select('id')
        .where('state', 'in', OPEN_STATES)
        .where('nextCheckAt', '<=', now)
        .where('provider', 'in', providers)
        .orderBy('nextCheckAt')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
}

/** Whether an order's time is over so far that it should be closed at the provider. */
export const isOverdue = ({ expiresAt }: Pick<Order, 'expiresAt'>, now: Date): boolean =>
  now.getTime() >= expiresAt.getTime() + CLOSE_SECONDS * 1000;
