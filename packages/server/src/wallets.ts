import { randomUUID } from 'node:crypto';
import { AppError, type LOT_SOURCES } from '@hili/contract';
import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';

/** Where a lot comes from. Free ones end at midnight and mark what they pay for as free. */
export type LotSource = (typeof LOT_SOURCES)[number];

export interface Grant {
  readonly walletId: string;
  /** Whole credits, 1 or more. */
  readonly credits: number;
  readonly source: LotSource;
  /** What it was granted for, such as an order. */
  readonly ref?: string;
  /** The code of the package that was bought. */
  readonly package?: string;
  /** Whether several photos of its owner may be under way at once; not unless given. */
  readonly batch?: boolean;
  /** Pixels of the longest side of a result that it pays for; as large as the engine makes them unless given. */
  readonly maxSide?: number;
  /** Null for a lot that never lapses. */
  readonly expiresAt: Date | null;
  /** The same key grants once; with another request it is an error. */
  readonly key: string;
  readonly actor: string;
}

interface LedgerAnswer {
  ok: boolean;
  replay: boolean;
  code: string | null;
}

async function ask(db: Db, call: ReturnType<typeof sql<LedgerAnswer>>): Promise<LedgerAnswer> {
  const { rows } = await call.execute(db);
  return rows[0] as LedgerAnswer;
}

/** Makes an empty wallet, unless there is one of this id. @returns its id. */
export async function createWallet(
  db: Db,
  kind: 'guest' | 'user' | 'partner',
  now: Date,
  id: string = randomUUID(),
): Promise<string> {
  const row = { id, kind, createdAt: now };
  await db
    .insertInto('wallet')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return id;
}

/**
 * Puts a lot of credits into a wallet.
 * @returns false when this key had granted it before.
 * @throws AppError DATA_NOT_FOUND when there is no such wallet, or it was merged into another.
 */
export async function grant(db: Db, lot: Grant, now: Date): Promise<boolean> {
  const { walletId, credits, source, ref = null, batch = false, maxSide = null, expiresAt, key, actor } = lot;
  const answer = await ask(
    db,
    sql<LedgerAnswer>`select * from grant_lot(${walletId}, ${credits}, ${source}, ${ref}, ${lot.package ?? null}, ${batch}, ${maxSide},
      ${expiresAt}, ${key}, ${actor}, ${now})`,
  );
  if (!answer.ok) throw new AppError('DATA_NOT_FOUND', { detail: `expected a wallet but received ${answer.code}` });
  return !answer.replay;
}

/**
 * Sets credits aside for a job, earliest expiry first; the same job again changes nothing.
 * @returns whether all of them are free ones.
 * @throws AppError NO_CREDITS
 */
export async function hold(
  db: Db,
  walletId: string,
  jobId: string,
  credits: number,
  now: Date,
): Promise<{ free: boolean }> {
  const answer = await ask(
    db,
    sql<LedgerAnswer>`select * from hold_credits(${walletId}, ${jobId}, ${credits}, false, ${now})`,
  );
  if (!answer.ok) throw new AppError('NO_CREDITS');
  const { rows } = await sql<{ free: boolean }>`
    select bool_and(l.source = 'free') as free from hold h
      join hold_item i on i.hold_id = h.id join lot l on l.id = i.lot_id where h.job_id = ${jobId}`.execute(db);
  return { free: rows[0]?.free === true };
}

/**
 * Sets credits aside for a job from lots other than free ones, earliest expiry first; the same job again changes nothing.
 * @returns false when there are not enough of them: nothing has changed then.
 */
export async function holdBought(
  db: Db,
  walletId: string,
  jobId: string,
  credits: number,
  now: Date,
): Promise<boolean> {
  const { ok } = await ask(
    db,
    sql<LedgerAnswer>`select * from hold_credits(${walletId}, ${jobId}, ${credits}, true, ${now})`,
  );
  return ok;
}

/** Takes the credits that were set aside for a job. @throws Error when they had been given back, or never were set aside. */
export function capture(db: Db, jobId: string, credits: number, now: Date): Promise<void> {
  return settle(db, jobId, credits, now);
}

/** Gives the credits back that were set aside for a job. @throws Error when they had been taken, or never were set aside. */
export function release(db: Db, jobId: string, now: Date): Promise<void> {
  return settle(db, jobId, 0, now);
}

async function settle(db: Db, jobId: string, credits: number, now: Date): Promise<void> {
  const answer = await ask(db, sql<LedgerAnswer>`select * from settle_hold(${jobId}, ${credits}, ${now})`);
  if (!answer.ok) throw new Error(`expected an open hold for job ${jobId} but received ${answer.code}`);
}

/**
 * Takes back what is unspent of the lot that a key granted; what is set aside for jobs stays. The same key again takes nothing more.
 * @param grantKey the key of the grant.
 * @returns credits that this key took, now or before; null when the grant's key granted nothing.
 */
export async function revoke(db: Db, grantKey: string, key: string, actor: string, now: Date): Promise<number | null> {
  const { rows } = await sql<{ credits: number | null }>`
    select revoke_lot(${grantKey}, ${key}, ${actor}, ${now}) as credits`.execute(db);
  return rows[0]?.credits ?? null;
}

/** Gives back what the revoke of a key took, once. @returns how many credits; null when it had taken none. */
export async function restore(
  db: Db,
  revokeKey: string,
  key: string,
  actor: string,
  now: Date,
): Promise<number | null> {
  const { rows } = await sql<{ credits: number | null }>`
    select restore_lot(${revokeKey}, ${key}, ${actor}, ${now}) as credits`.execute(db);
  return rows[0]?.credits ?? null;
}

/** What is unspent of the lots that these keys granted: not lapsed, and not set aside for jobs. */
export async function unspent(db: Db, grantKeys: readonly string[], now: Date): Promise<Map<string, number>> {
  const { rows } = await sql<{ key: string; credits: number }>`
    select t.idem_key as key, l.avail as credits from txn t
      join posting p on p.txn_id = t.id and p.account = 'avail' join lot l on l.id = p.lot_id
      where t.idem_key = any(${grantKeys}) and t.kind = 'grant' and (l.expires_at is null or l.expires_at > ${now})`.execute(
    db,
  );
  return new Map(rows.map(({ key, credits }) => [key, credits]));
}

/** Credits that can be spent now: not lapsed, holds subtracted. */
export async function available(db: Db, walletId: string, now: Date): Promise<number> {
  const { rows } = await sql<{ credits: number }>`
    select coalesce(sum(avail), 0)::int as credits from lot
      where wallet_id = ${walletId} and (expires_at is null or expires_at > ${now})`.execute(db);
  return rows[0]?.credits ?? 0;
}

/** A lot that can still be spent, or of which something is set aside. */
export interface LotRow {
  readonly source: LotSource;
  readonly available: number;
  readonly held: number;
  /** The code of the package that was bought. */
  readonly package: string | null;
  readonly batch: boolean;
  /** Pixels of the longest side of a result that it pays for. */
  readonly maxSide: number | null;
  readonly expiresAt: Date | null;
}

/** Whether these lots let several photos be under way at once: one of a package with batch is there, and not used up. */
export const allowBatch = (lots: readonly LotRow[]): boolean =>
  lots.some(({ batch, available, held }) => batch && available + held > 0);

/** The longest side that the credits set aside for a job allow its result; null for no such limit. */
export async function heldMaxSide(db: Db, jobId: string): Promise<number | null> {
  const { rows } = await sql<{ side: number | null }>`
    select min(l.max_side) as side from hold h join hold_item i on i.hold_id = h.id join lot l on l.id = i.lot_id
      where h.job_id = ${jobId}`.execute(db);
  return rows[0]?.side ?? null;
}

/** The lots of a wallet that have not lapsed, used-up ones included, in the order in which they are drawn. */
export async function listLots(db: Db, walletId: string, now: Date): Promise<LotRow[]> {
  const { rows } = await sql<LotRow>`
    select source, avail as available, held, package, batch, max_side, expires_at from lot
      where wallet_id = ${walletId} and (expires_at is null or expires_at > ${now})
      order by expires_at nulls last, id`.execute(db);
  return rows;
}

/** One line of the ledger, as its owner reads it. */
export interface PostingRow {
  readonly at: Date;
  readonly kind: string;
  readonly ref: string | null;
  readonly source: LotSource;
  readonly account: string;
  readonly amount: number;
  readonly expiresAt: Date | null;
}

/** Every line of the ledger on the lots of a wallet, oldest first. */
export async function listPostings(db: Db, walletId: string): Promise<PostingRow[]> {
  const { rows } = await sql<PostingRow>`
    select t.at, t.kind, t.ref, l.source, p.account, p.amount, l.expires_at from posting p
      join lot l on l.id = p.lot_id join txn t on t.id = p.txn_id
      where l.wallet_id = ${walletId} order by p.id`.execute(db);
  return rows;
}

/** Locks a wallet until the transaction ends, so that what is read of it stays true. */
export async function lockWallet(tx: Tx, walletId: string): Promise<void> {
  await tx.selectFrom('wallet').select('id').where('id', '=', walletId).forUpdate().execute();
}

/** The wallet of somebody. @throws AppError DATA_NOT_FOUND */
export async function walletOf(db: Db, kind: 'user' | 'visitor' | 'partner', id: string): Promise<string> {
  const row = await db.selectFrom(kind).select('walletId').where('id', '=', id).executeTakeFirst();
  if (!row) throw new AppError('DATA_NOT_FOUND');
  return row.walletId;
}

/** When credits that are bought or granted now lapse, unless something else is said. */
export function oneYearAfter(now: Date): Date {
  const then = new Date(now);
  then.setUTCFullYear(then.getUTCFullYear() + 1);
  return then;
}

/** Takes every lapsed credit out of circulation, but of wallets that are locked just now: the next call takes those. @returns how many. */
export async function expireLots(db: Db, now: Date): Promise<number> {
  for (let total = 0; ; ) {
    const { rows } = await sql<{ credits: number }>`select expire_lots(${now}) as credits`.execute(db);
    const credits = rows[0]?.credits ?? 0;
    if (credits === 0) return total;
    total += credits;
  }
}

/** Credits that lapse together, and since when they are there. */
export interface Lapse {
  readonly walletId: string;
  readonly grantedAt: Date;
  readonly expiresAt: Date;
}

/** What lapses in a time that lies ahead, free credits aside; lots of one wallet that end together are one. */
export async function lapsingLots(db: Db, from: Date, until: Date): Promise<Lapse[]> {
  const { rows } = await sql<Lapse>`
    select wallet_id, min(created_at) as granted_at, expires_at from lot
      where avail > 0 and source <> 'free' and expires_at > ${from} and expires_at <= ${until}
      group by wallet_id, expires_at order by expires_at`.execute(db);
  return rows;
}

/** Moves a guest's lots and open holds to another wallet, once. @returns false when it was merged into a third one before. */
export async function mergeWallet(db: Db, from: string, to: string, now: Date): Promise<boolean> {
  const { rows } = await sql<{ merged: boolean }>`select merge_wallet(${from}, ${to}, ${now}) as merged`.execute(db);
  return rows[0]?.merged === true;
}

/** What is wrong with the money, in words; empty as long as every invariant holds. */
export async function brokenInvariants(db: Db): Promise<string[]> {
  const { rows } = await sql<{ what: string; id: string }>`
    select what, id from ledger_breaks union all select what, id from job_breaks union all select what, id from order_breaks
    union all select what, id from invite_breaks union all select what, id from offline_breaks
    union all select what, id from voucher_breaks union all select what, id from dispute_breaks union all select what, id from payout_breaks`.execute(
    db,
  );
  return rows.map(({ what, id }) => `${what} ${id}`);
}
