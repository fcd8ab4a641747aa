import type { PayoutState, RebateState } from '@hili/contract';
import { type Selectable, sql } from 'kysely';
import type { Db, Tx } from './database.ts';
import { publish } from './events.ts';
import type { Tables } from './tables.ts';

/** The SQL of the tables `rebate` and `rebate_claim`. */

/** States in which nobody can call the money back: an operator may be paying by hand, at this moment, what is approved. */
export const GONE: readonly RebateState[] = ['approved', 'sent', 'paid'];

export type RebateRow = Selectable<Tables['rebate']>;
export type ClaimRow = Selectable<Tables['rebateClaim']>;

/** Notes a rebate; an order that has one keeps it. */
export async function insertRebate(
  tx: Tx,
  row: Pick<RebateRow, 'orderId' | 'userId' | 'package' | 'fen' | 'accruedAt' | 'dueAt'>,
): Promise<void> {
  const empty = {
    payee: null,
    payeeHash: null,
    approvedBy: null,
    reason: null,
    method: null,
    receipt: null,
    paidBy: null,
  };
  await tx
    .insertInto('rebate')
    .values({ ...row, ...empty })
    .onConflict((conflict) => conflict.column('orderId').doNothing())
    .execute();
}

export function findRebate(db: Db, id: string): Promise<RebateRow | undefined> {
  return db.selectFrom('rebate').selectAll().where(sql<string>`id::text`, '=', id).executeTakeFirst();
}

/** The rebate of an order, locked. */
export function rebateOfOrder(tx: Tx, orderId: string): Promise<RebateRow | undefined> {
  return tx.selectFrom('rebate').selectAll().where('orderId', '=', orderId).forUpdate().executeTakeFirst();
}

/** Fen of cash back that have gone out on these orders, or may have, by order. */
export async function paidRebates(db: Db, orderIds: readonly string[]): Promise<Map<string, number>> {
  if (orderIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('rebate')
    .select(['orderId', 'fen'])
    .where('orderId', 'in', orderIds)
    .where('state', 'in', GONE)
    .execute();
  return new Map(rows.map(({ orderId, fen }) => [orderId, fen]));
}

/** A user's rebates, newest first. */
export function rebatesOf(db: Db, userId: string): Promise<RebateRow[]> {
  return db.selectFrom('rebate').selectAll().where('userId', '=', userId).orderBy('accruedAt', 'desc').execute();
}

/** A rebate, locked, and with it its payouts. */
export function lockRebate(tx: Tx, id: string): Promise<RebateRow | undefined> {
  return tx.selectFrom('rebate').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** Those of these rebates that are in a state, in one order for everybody who changes several. */
export function rebatesOfIds(db: Db, ids: readonly string[], state: RebateState): Promise<RebateRow[]> {
  return db.selectFrom('rebate').selectAll().where('id', 'in', ids).where('state', '=', state).orderBy('id').execute();
}

const hasLeft = sql<boolean>`exists (select 1 from "user" u where u.id = rebate.user_id and u.deleted_at is not null)`;

type RebateChange = Partial<
  Pick<
    RebateRow,
    | 'payee'
    | 'payeeHash'
    | 'claimedAt'
    | 'approvedBy'
    | 'approvedAt'
    | 'reason'
    | 'method'
    | 'receipt'
    | 'paidBy'
    | 'paidAt'
  >
>;

/** What a claim and its approval have said of a rebate, taken back. */
export const UNCLAIMED = { payee: null, method: null, approvedBy: null, approvedAt: null } as const;

/**
 * Takes a rebate from the state and version in which it was read to another, and lets every open page of its owner look. With the payee of somebody who has left goes what would tell
 * them again.
 * @returns false when it had changed since.
 */
export async function moveRebate(
  db: Db,
  { id, userId, state, version }: RebateRow,
  to: RebateState,
  change: RebateChange = {},
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('rebate')
    .set({
      ...(change.payee === null && {
        payeeHash: sql<Buffer | null>`case when ${hasLeft} then null else payee_hash end`,
      }),
      ...change,
      state: to,
      version: version + 1,
    })
    .where('id', '=', id)
    .where('state', '=', state)
    .where('version', '=', version)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await publish(db, `owner:${userId}`, { kind: 'news' });
  return true;
}

/** Lets every rebate be claimed whose time has come, and every open page of its owner look. @returns how many. */
export async function matureRebates(db: Db, now: Date): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .updateTable('rebate')
      .set((eb) => ({ state: 'eligible', version: eb('version', '+', 1) }))
      .where('state', '=', 'accrued')
      .where('dueAt', '<=', now)
      .returning('userId')
      .execute();
    for (const userId of new Set(rows.map((row) => row.userId))) await publish(tx, `owner:${userId}`, { kind: 'news' });
    return rows.length;
  });
}

/** Lets one approval at a time add to the day's sum. */
export async function lockApprovals(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('rebate approvals'))`.execute(tx);
}

/** Fen of the rebates that were approved since a moment. */
export async function countApprovedFen(db: Db, since: Date): Promise<number> {
  const { rows } = await sql<{ fen: number }>`
    select coalesce(sum(fen), 0)::int as fen from rebate
      where approved_at > ${since} and state in ('approved', 'sent', 'paid')`.execute(db);
  return rows[0]?.fen ?? 0;
}

/** Whether another rebate of whoever paid this one's order was approved since a moment; unknown payers are nobody. */
export async function isPayerPaid(db: Db, { id, orderId }: RebateRow, since: Date): Promise<boolean> {
  const { rows } = await sql`
    select 1 from orders o join orders p on p.payer = o.payer join rebate r on r.order_id = p.id
      where o.id = ${orderId} and r.id <> ${id} and r.approved_at > ${since} and r.state in ('approved', 'sent', 'paid') limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

export async function insertClaim(db: Db, row: Omit<ClaimRow, 'answerHash'>): Promise<void> {
  await db.insertInto('rebateClaim').values(row).execute();
}

/** A claim that is still good, and not confirmed. */
export function claimOf(db: Db, tokenHash: Buffer, now: Date): Promise<ClaimRow | undefined> {
  return db
    .selectFrom('rebateClaim')
    .selectAll()
    .where('tokenHash', '=', tokenHash)
    .where('expiresAt', '>', now)
    .where('answerHash', 'is', null)
    .executeTakeFirst();
}

/** Confirms a claim that is still good with an answer, once. */
export function takeClaim(tx: Tx, tokenHash: Buffer, answerHash: Buffer, now: Date): Promise<ClaimRow | undefined> {
  return tx
    .updateTable('rebateClaim')
    .set({ answerHash })
    .where('tokenHash', '=', tokenHash)
    .where('kind', '=', 'claim')
    .where('expiresAt', '>', now)
    .where('answerHash', 'is', null)
    .returningAll()
    .executeTakeFirst();
}

/** Whether a claim was confirmed with this answer, and has not ended since. */
export async function isConfirmed(db: Db, tokenHash: Buffer, answerHash: Buffer, now: Date): Promise<boolean> {
  const row = await db
    .selectFrom('rebateClaim')
    .select('kind')
    .where('tokenHash', '=', tokenHash)
    .where('answerHash', '=', answerHash)
    .where('expiresAt', '>', now)
    .executeTakeFirst();
  return row !== undefined;
}

/** Forgets claims that are too old. @returns how many. */
export async function forgetClaims(db: Db, now: Date): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('rebateClaim').where('expiresAt', '<=', now).executeTakeFirst();
  return Number(numDeletedRows);
}

/** A rebate as an operator sees it. */
export interface RebateCase extends RebateRow {
  /** The account's address, null when it is gone or has none. */
  readonly email: string | null;
  /** Whether it is of an order for which nobody has paid. */
  readonly simulated: boolean;
  /** Other accounts that were, or are to be, paid to the same WeChat ID. */
  readonly others: number;
  /** The latest try to send it by WeChat. */
  readonly payoutState: PayoutState | null;
  readonly payoutNumber: string | null;
  readonly payoutTrouble: string | null;
}

/** The latest payout of a rebate `r`, as `t`. */
export const LATEST_PAYOUT = sql`left join lateral (select state, out_bill_no, trouble from payout where rebate_id = r.id
  order by asked_at desc, out_bill_no limit 1) t on true`;

/** Rebates for an operator, oldest first. */
export async function listRebates(db: Db, state: RebateState | undefined): Promise<RebateCase[]> {
  const { rows } = await sql<RebateCase>`
    select r.*, a.email, p.simulated, (select count(distinct o.user_id) from rebate o
        where o.payee_hash = r.payee_hash and o.user_id <> r.user_id)::int as others,
        t.state as payout_state, t.out_bill_no as payout_number, t.trouble as payout_trouble
      from rebate r ${LATEST_PAYOUT} join orders p on p.id = r.order_id join "user" u on u.id = r.user_id left join auth."user" a on a.id = u.auth_id
      where ${state ?? null}::text is null or r.state = ${state ?? null} order by r.accrued_at limit 500`.execute(db);
  return rows;
}

/**
 * Ends what somebody who leaves has not claimed, and forgets their WeChat ID where nothing is to be paid any more. What is claimed is still
 * paid.
 */
export async function forgetRebatesOf(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('rebateClaim').where('userId', '=', userId).execute();
  await tx
    .updateTable('rebate')
    .set((eb) => ({ state: 'void', version: eb('version', '+', 1) }))
    .where('userId', '=', userId)
    .where('state', 'in', ['accrued', 'eligible'])
    .execute();
  await tx
    .updateTable('rebate')
    .set({ payeeHash: null })
    .where('userId', '=', userId)
    .where('state', 'not in', ['claimed', 'approved', 'sent'])
    .execute();
}
