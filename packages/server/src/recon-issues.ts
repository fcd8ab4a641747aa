import type { Db } from './database.ts';
import { storable } from './foreign-text.ts';
import type { Log } from './log.ts';

/** What a provider says that does not fit our books. */
export type IssueKind =
  | 'amount_mismatch'
  | 'second_payment'
  | 'number_taken'
  | 'unreadable'
  | 'unknown_order'
  | 'account_gone'
  | 'disputed'
  | 'refund_failed'
  | 'refund_after_failure'
  | 'fapiao_refunded'
  | 'unknown_refund'
  | 'payout_failed'
  | 'payout_after_end'
  | 'payout_mismatch'
  | 'unknown_payout'
  | 'missing_here'
  | 'missing_there'
  | 'bill_amount'
  | 'bill_transaction'
  | 'bill_refund'
  | 'bill_missing';

export interface Issue {
  readonly kind: IssueKind;
  readonly provider: string;
  readonly outTradeNo: string | null;
  /** Says which of several findings of a kind about one order it is. */
  readonly about?: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Puts a finding before the operator; the same one again changes nothing. @returns whether it is new. */
export async function raiseIssue(db: Db, issue: Issue, now: Date): Promise<boolean> {
  const { kind, provider, detail } = issue;
  const outTradeNo = issue.outTradeNo === null ? null : storable(issue.outTradeNo);
  const about = issue.about === undefined ? undefined : storable(issue.about);
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('reconIssue')
    .values({
      key: [kind, provider, outTradeNo, about].filter((part) => part != null).join(':'),
      ...{ kind, provider, outTradeNo },
      detail: JSON.stringify(detail, (_, value) => (typeof value === 'string' ? storable(value) : value)),
      foundAt: now,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows) > 0;
}

/** Those of the orders that an operator still has to look into. */
export async function underReview(db: Db, outTradeNos: readonly string[]): Promise<Set<string>> {
  if (outTradeNos.length === 0) return new Set();
  const rows = await db
    .selectFrom('reconIssue')
    .select('outTradeNo')
    .where('outTradeNo', 'in', outTradeNos)
    .where('resolvedAt', 'is', null)
    .execute();
  return new Set(rows.flatMap(({ outTradeNo }) => outTradeNo ?? []));
}

/** Findings that nobody has resolved, oldest first. */
export function openIssues(db: Db) {
  return db.selectFrom('reconIssue').selectAll().where('resolvedAt', 'is', null).orderBy('id').execute();
}

/** Findings that one round tells of at most. */
const TOLD_AT_ONCE = 100;

/**
 * Writes the findings that nobody has resolved into the log, each once: only those that are committed, and again should the process die
 * before it has noted that it did.
 */
export async function tellIssues(db: Db, log: Log, now: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const untold = await tx
      .selectFrom('reconIssue')
      .select(['id', 'kind', 'provider', 'outTradeNo'])
      .where('toldAt', 'is', null)
      .where('resolvedAt', 'is', null)
      .orderBy('id')
      .limit(TOLD_AT_ONCE)
      .forUpdate()
      .skipLocked()
      .execute();
    if (untold.length === 0) return;
    for (const { id: issue, ...found } of untold)
      log.error({ issue, ...found }, 'money does not fit our books: see hili list issues --state open');
    const ids = untold.map(({ id }) => id);
    await tx.updateTable('reconIssue').set({ toldAt: now }).where('id', 'in', ids).execute();
  });
}

/** Ends a finding with what was done about it. @returns false when it had ended before, or is none. */
export async function resolveIssue(db: Db, id: number, operator: string, note: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('reconIssue')
    .set({ resolvedAt: now, resolvedBy: operator, note })
    .where('id', '=', id)
    .where('resolvedAt', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
