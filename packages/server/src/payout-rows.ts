import { randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Db, Tx } from './database.ts';
import { nextCheck } from './next-check.ts';
import type { Tables } from './tables.ts';

/** The SQL of the table `payout`. A payout is changed under the lock of its rebate. */

export type PayoutRow = Selectable<Tables['payout']>;

/** Seconds between two questions about a payout. */
const WAITS = [5, 15, 60, 300, 600];

/**
 * Notes that the money of a rebate is to be sent, with the number by which WeChat will know it, before anybody is asked. Called in the
 * transaction that marks the rebate `sent`; the next sweep asks.
 */
export async function openPayout(
  tx: Tx,
  { id: rebateId, fen }: { readonly id: string; readonly fen: number },
  appid: string,
  now: Date,
): Promise<void> {
  const outBillNo = `R${now.toISOString().slice(0, 10).replaceAll('-', '')}${randomBytes(10).toString('hex')}`;
  await tx.insertInto('payout').values({ outBillNo, rebateId, fen, appid, askedAt: now, nextCheckAt: now }).execute();
}

/** The payout of a number; lock its rebate first, and read it again then. */
export function findPayout(db: Db, outBillNo: string): Promise<PayoutRow | undefined> {
  return db.selectFrom('payout').selectAll().where('outBillNo', '=', outBillNo).executeTakeFirst();
}

/** The latest payout of each of these rebates that has one, by rebate. */
export async function latestPayouts(db: Db, rebateIds: readonly string[]): Promise<Map<string, PayoutRow>> {
  if (rebateIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('payout')
    .selectAll()
    .distinctOn('rebateId')
    .where('rebateId', 'in', rebateIds)
    .orderBy('rebateId')
    .orderBy('askedAt', 'desc')
    .orderBy('outBillNo')
    .execute();
  return new Map(rows.map((row) => [row.rebateId, row]));
}

export async function changePayout(
  tx: Tx,
  id: string,
  change: Partial<Pick<PayoutRow, 'state' | 'billNo' | 'packageInfo' | 'trouble' | 'endedAt' | 'nextCheckAt'>>,
): Promise<void> {
  await tx.updateTable('payout').set(change).where('id', '=', id).execute();
}

/**
 * Takes payouts that WeChat is to be asked about, for one try each, until they end. Several processes may take at once.
 * @param appid the service account of this process; payees of another are nobody here.
 */
export async function takeDuePayouts(db: Db, appid: string, now: Date, limit: number): Promise<PayoutRow[]> {
  return db
    .updateTable('payout')
    .set((e) => ({ checks: e('checks', '+', 1), nextCheckAt: nextCheck(now, WAITS) }))
    .where('id', 'in', (e) =>
      e
        .selectFrom('payout')
        .select('id')
        .where('endedAt', 'is', null)
        .where('nextCheckAt', '<=', now)
        .where('appid', '=', appid)
        .orderBy('nextCheckAt')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
}
