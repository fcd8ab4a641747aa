import { AppError } from '@hili/contract';
import { ADMIN_TABLES, type AdminTable, type TableQuery } from '@hili/contract/admin';
import { type RawBuilder, sql } from 'kysely';
import { SELECTS } from './console-selects.ts';
import { csvLine, csvStream } from './csv.ts';
import type { Clock, Db } from './database.ts';
import { showPayee } from './payee-view.ts';
import type { Keys } from './secrets.ts';

export interface PageDeps {
  readonly db: Db;
  readonly keys: Pick<Keys, 'seal'>;
  readonly clock: Clock;
}

/** A row of a table, as `ADMIN_TABLES` has it. Times are still dates. */
type Row = Readonly<Record<string, unknown>>;
type Found = Row & { readonly fAt: string; readonly fSort: string };

/** What is asked of a table. */
type Selected = Pick<TableQuery, 'q'> & Partial<Omit<TableQuery, 'q' | 'limit'>>;

/** Rows that a CSV file fetches at once: all that it keeps in memory. */
const BATCH = 500;

const isTable = (name: string): name is AdminTable => Object.hasOwn(ADMIN_TABLES, name);

/** The table of a name. @throws AppError NOT_FOUND */
export function tableOf(name: string): AdminTable {
  if (isTable(name)) return name;
  throw new AppError('NOT_FOUND');
}

// Microseconds, as the database has them.
const cursorOf = ({ fAt, fSort }: Found) => Buffer.from(`${fAt} ${fSort}`).toString('base64url');

/** @throws AppError BAD_REQUEST for a cursor that is not ours. */
function readCursor(text: string): { at: string; sort: string } {
  const [, at, sort] = /^(\d{1,16}) ([\w-]{1,60})$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (!at || !sort)
    throw new AppError('BAD_REQUEST', { field: 'after', detail: 'expected a cursor of this table for after' });
  return { at, sort };
}

/** The rows of a selection, the newest first. */
function rowsOf(table: AdminTable, { q, state, owner, from, to, after }: Selected, now: Date): RawBuilder<Found> {
  const cursor = after === undefined ? undefined : readCursor(after);
  const words = q.split(/\s+/).filter(Boolean);
  const tests = [
    ...words.map((word) => sql`f_text ilike ${`%${word.replace(/[\\%_]/g, '\\$&')}%`}`),
    ...(state === undefined ? [] : [sql`f_state = ${state}`]),
    ...(from === undefined ? [] : [sql`at >= ${new Date(from)}`]),
    ...(to === undefined ? [] : [sql`at < ${new Date(to)}`]),
    ...(cursor
      ? [sql`(at, f_sort) < ('epoch'::timestamptz + ${cursor.at}::bigint * interval '1 microsecond', ${cursor.sort})`]
      : []),
  ];
  const where = tests.length > 0 ? sql`where ${sql.join(tests, sql` and `)}` : sql``;
  return sql<Found>`
    select *, (extract(epoch from at) * 1000000)::bigint::text as f_at from (${SELECTS[table]({ now, owner })}) t ${where}
      order by at desc, f_sort desc`;
}

/** A row as it leaves: what only the search needs is gone, and what is sealed is open. */
function show(table: AdminTable, keys: PageDeps['keys'], found: Found): Row {
  const shown = Object.keys(ADMIN_TABLES[table].shape).map((key) => [key, found[key] ?? null]);
  const row: Row = Object.fromEntries(shown);
  if (table !== 'rebates') return row;
  return { ...row, payee: showPayee(keys, found as never) };
}

/** One page of a table, the newest first. Rows that come while one pages, and pages that are asked for twice, change nothing. */
export async function readPage(
  deps: PageDeps,
  table: AdminTable,
  query: Selected & Pick<TableQuery, 'limit'>,
): Promise<{ rows: Row[]; next: string | null }> {
  const { rows: found } = await sql<Found>`${rowsOf(table, query, deps.clock())} limit ${query.limit + 1}`.execute(
    deps.db,
  );
  const rows = found.slice(0, query.limit);
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => show(table, deps.keys, row)),
    next: found.length > query.limit && last ? cursorOf(last) : null,
  };
}

/** The row of an id. @throws AppError DATA_NOT_FOUND */
export async function readRow<Shown>(deps: PageDeps, table: AdminTable, id: string): Promise<Shown> {
  const select = SELECTS[table]({ now: deps.clock(), owner: undefined });
  const { rows } = await sql<Found>`select * from (${select}) t where id::text = ${id}`.execute(deps.db);
  if (!rows[0]) throw new AppError('DATA_NOT_FOUND', { detail: `expected an id of ${table} but received another` });
  return show(table, deps.keys, rows[0]) as Shown;
}

/**
 * All rows of a selection as CSV, as they are at one moment. They are fetched a batch at a time and only as fast as they are taken, so memory
 * stays the same however many there are. A database connection is held meanwhile; whoever takes nothing for a minute loses it.
 * @param ended is called when the file has ended, however it did.
 */
export function exportTable(
  deps: PageDeps,
  table: AdminTable,
  query: Selected,
  ended?: () => void,
): ReadableStream<Uint8Array> {
  const columns = Object.keys(ADMIN_TABLES[table].shape);
  const all = rowsOf(table, { ...query, after: undefined }, deps.clock());
  async function* lines(): AsyncGenerator<string> {
    yield csvLine(columns);
    const tx = await deps.db.startTransaction().setAccessMode('read only').execute();
    try {
      await sql`set local idle_in_transaction_session_timeout = '60s'`.execute(tx);
      await sql`declare selection no scroll cursor for ${all}`.execute(tx);
      for (;;) {
        const { rows } = await sql<Found>`fetch ${sql.lit(BATCH)} from selection`.execute(tx);
        if (rows.length === 0) return;
        yield rows.map((row) => csvLine(Object.values(show(table, deps.keys, row)))).join('');
      }
    } finally {
      await tx.rollback().execute();
    }
  }
  return csvStream(lines(), ended);
}
