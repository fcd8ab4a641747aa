import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';
import type { VoucherBatch } from './sales-tables.ts';

export function insertBatch(tx: Tx, batch: Omit<VoucherBatch, 'id'>): Promise<VoucherBatch> {
  return tx.insertInto('voucherBatch').values(batch).returningAll().executeTakeFirstOrThrow();
}

export async function insertVouchers(tx: Tx, batchId: string, codeHashes: readonly Buffer[]): Promise<void> {
  const rows = codeHashes.map((codeHash) => ({ batchId, codeHash }));
  await tx.insertInto('voucher').values(rows).execute();
}

/** A voucher that has been redeemed, and what its batch is worth. */
export type Redeemed = Pick<VoucherBatch, 'credits' | 'package' | 'batch' | 'maxSide' | 'days'> & {
  readonly id: string;
  readonly redeemedAt: Date;
};

/** Uses a code up for somebody; whoever else tries meanwhile waits and then finds it used. @returns undefined when it cannot be. */
export async function takeVoucher(tx: Tx, codeHash: Buffer, userId: string, now: Date): Promise<string | undefined> {
  const taken = await tx
    .updateTable('voucher')
    .from('voucherBatch')
    .set({ state: 'redeemed', userId, redeemedAt: now })
    .whereRef('voucherBatch.id', '=', 'voucher.batchId')
    .where('voucher.codeHash', '=', codeHash)
    .where('voucher.state', '=', 'unused')
    .where((e) => e.or([e('voucherBatch.expiresAt', 'is', null), e('voucherBatch.expiresAt', '>', now)]))
    .returning('voucher.id')
    .executeTakeFirst();
  return taken?.id;
}

/** What somebody redeemed by a code. */
export async function redeemedBy(db: Db, codeHash: Buffer, userId: string): Promise<Redeemed | undefined> {
  const row = await db
    .selectFrom('voucher')
    .innerJoin('voucherBatch', 'voucherBatch.id', 'voucher.batchId')
    .select(['voucher.id', 'redeemedAt', 'credits', 'package', 'batch', 'maxSide', 'days'])
    .where('codeHash', '=', codeHash)
    .where('userId', '=', userId)
    .executeTakeFirst();
  return row?.redeemedAt ? { ...row, redeemedAt: row.redeemedAt } : undefined;
}

/** A batch, and what became of its codes. */
export type ListedBatch = VoucherBatch & {
  readonly vouchers: number;
  readonly redeemed: number;
  readonly revoked: number;
};

/** Every batch, the oldest first. */
export function listVouchers(db: Db): Promise<ListedBatch[]> {
  const count = (state: string) => sql<number>`(count(*) filter (where voucher.state = ${state}))::int`;
  return db
    .selectFrom('voucherBatch')
    .innerJoin('voucher', 'voucher.batchId', 'voucherBatch.id')
    .selectAll('voucherBatch')
    .select([
      sql<number>`count(*)::int`.as('vouchers'),
      count('redeemed').as('redeemed'),
      count('revoked').as('revoked'),
    ])
    .groupBy('voucherBatch.id')
    .orderBy('voucherBatch.createdAt')
    .orderBy('voucherBatch.id')
    .execute();
}

/** Ends the codes of a batch that nobody has used. @returns how many; undefined when there is no such batch. */
export async function endVouchers(
  tx: Tx,
  batchId: string,
  end: { readonly revokedBy: string; readonly revokedAt: Date; readonly reason: string },
): Promise<number | undefined> {
  const batch = await tx
    .selectFrom('voucherBatch')
    .select('id')
    .where((e) => e(e.cast<string>('id', 'text'), '=', batchId))
    .executeTakeFirst();
  if (!batch) return undefined;
  const { numUpdatedRows } = await tx
    .updateTable('voucher')
    .set({ state: 'revoked', ...end })
    .where('batchId', '=', batch.id)
    .where('state', '=', 'unused')
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
