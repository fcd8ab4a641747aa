import { AppError, type FapiaoView, type FapiaoWish, type Language } from '@hili/contract';
import { type Db, inTransaction, type Tx } from './database.ts';
import type { Decider } from './invites.ts';
import type { Order } from './order-tables.ts';
import { post } from './outbox.ts';
import { refundsOf } from './refund-rows.ts';
import type { Fapiao } from './sales-tables.ts';
import { holdUser } from './users.ts';

/** What is left of an order's price after its refunds, in fen. */
export async function netFen(db: Db, order: Pick<Order, 'id' | 'fen'>): Promise<number> {
  const refunds = await refundsOf(db, [order.id]);
  return refunds.reduce((left, { state, fen }) => (state === 'failed' ? left : left - fen), order.fen);
}

export const fapiaoView = ({ title, taxNumber, email, state, note, createdAt, endedAt }: Fapiao): FapiaoView => ({
  ...{ title, taxNumber, email, state, note },
  askedAt: createdAt.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
});

/**
 * Asks for the fapiao of a paid order; while it is open, another request takes its place. The operator has a mail about each.
 * @param operator the operator's address; undefined for none.
 * @throws AppError ORDER_ENDED when nothing of the order is paid; BAD_REQUEST when it is not in CNY, or was answered before.
 */
export async function askFapiao(
  db: Db,
  order: Order,
  wish: FapiaoWish,
  { language, operator }: { readonly language: Language; readonly operator: string | undefined },
  now: Date,
): Promise<Fapiao> {
  if (!order.paidAt || (await netFen(db, order)) <= 0) throw new AppError('ORDER_ENDED');
  if (order.currency !== 'CNY')
    throw new AppError('BAD_REQUEST', { detail: `expected an order in CNY but received one in ${order.currency}` });
  const said = { title: wish.title, taxNumber: wish.taxNumber ?? null, email: wish.email, language, createdAt: now };
  return inTransaction(db, async (tx) => {
    if (!(await holdUser(tx, order.userId))) throw new AppError('SIGN_IN_REQUIRED');
    const asked = await tx
      .insertInto('fapiao')
      .values({ ...said, orderId: order.id })
      .onConflict((conflict) => conflict.column('orderId').doUpdateSet(said).where('fapiao.state', '=', 'open'))
      .returningAll()
      .executeTakeFirst();
    if (!asked)
      throw new AppError('BAD_REQUEST', {
        detail: 'expected an order without a fapiao but received one that has been answered',
      });
    if (operator !== undefined) await post(tx, { kind: 'fapiao', recipient: operator, about: asked.id, language }, now);
    return asked;
  });
}

/** The request of an order. */
export function fapiaoOf(db: Db, orderId: string): Promise<Fapiao | undefined> {
  return db.selectFrom('fapiao').selectAll().where('orderId', '=', orderId).executeTakeFirst();
}

/** A request, with the order that it is about. */
export type ListedFapiao = Fapiao & {
  readonly number: string;
  /** What is left of the price. */
  readonly fen: number;
  readonly simulated: boolean;
};

export async function findFapiao(db: Db, id: string): Promise<ListedFapiao | undefined> {
  const row = await joined(db)
    .where((e) => e(e.cast<string>('fapiao.id', 'text'), '=', id))
    .executeTakeFirst();
  return row && { ...row, fen: await netFen(db, { id: row.orderId, fen: row.fen }) };
}

/** Requests, the oldest first; those that have ended only when asked for. */
export async function listFapiao(db: Db, all: boolean): Promise<ListedFapiao[]> {
  const rows = joined(db).orderBy('fapiao.createdAt').orderBy('fapiao.id');
  const found = await (all ? rows : rows.where('fapiao.state', '=', 'open')).execute();
  return Promise.all(found.map(async (row) => ({ ...row, fen: await netFen(db, { id: row.orderId, fen: row.fen }) })));
}

const joined = (db: Db) =>
  db
    .selectFrom('fapiao')
    .innerJoin('orders', 'orders.id', 'fapiao.orderId')
    .selectAll('fapiao')
    .select(['orders.outTradeNo as number', 'orders.fen', 'orders.simulated']);

/**
 * Answers a request, once: with the number of the fapiao, or why there is none. Whoever asked has it by mail.
 * @throws AppError DATA_NOT_FOUND when none with this id is open; BAD_REQUEST for no words.
 */
export async function endFapiao(
  db: Db,
  id: string,
  end: { readonly state: 'issued' | 'refused'; readonly note: string },
  by: Decider,
  now: Date,
): Promise<Fapiao> {
  const note = end.note.trim();
  if (note === '' || note.length > 500)
    throw new AppError('BAD_REQUEST', {
      field: 'note',
      detail: `expected 1 to 500 characters for note but received ${note.length}`,
    });
  return inTransaction(db, async (tx) => {
    const ended = await tx
      .updateTable('fapiao')
      .set({ state: end.state, note, endedBy: by.name, endedAt: now })
      .where((e) => e(e.cast<string>('id', 'text'), '=', id))
      .where('state', '=', 'open')
      .returningAll()
      .executeTakeFirst();
    if (!ended)
      throw new AppError('DATA_NOT_FOUND', {
        detail: `expected the id of an open request but received ${JSON.stringify(id)}`,
      });
    const { email: recipient, language } = ended;
    await post(tx, { kind: 'fapiao-ended', recipient, about: id, language, key: `fapiao-ended:${id}` }, now);
    return ended;
  });
}

/** All that a user asked for, oldest first. */
export async function fapiaoOfUser(db: Db, userId: string): Promise<(FapiaoView & { readonly number: string })[]> {
  const rows = await joined(db).where('orders.userId', '=', userId).orderBy('fapiao.createdAt').execute();
  return rows.map((row) => ({ number: row.number, ...fapiaoView(row) }));
}

/** Deletes what a user asked for: it goes with the account. */
export async function dropFapiao(tx: Tx, userId: string): Promise<void> {
  await tx
    .deleteFrom('fapiao')
    .where('orderId', 'in', (e) => e.selectFrom('orders').select('orders.id').where('orders.userId', '=', userId))
    .execute();
}
