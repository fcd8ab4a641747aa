import { AppError, type ClaimAnswer } from '@hili/contract';
import { ADMIN_TABLES, type AdminTable, type TableQuery } from '@hili/contract/admin';
import { sql } from 'kysely';
import { SELECTS } from './console-selects.ts';
import { csvLine, csvStream } from './csv.ts';
import type { Clock, Db } from './database.ts';
import { readPayee } from './rebates.ts';
import type { Keys } from './secrets.ts';

export interface PageDeps {
  readonly db: Db;
  readonly keys: Pick<Keys, 'seal'>;
  readonly clock: Clock;
}

/** A row of a table, as `ADMIN_TABLES` has it. Times are still dates. */
type Row = Readonly<Record<string, unknown>>;
type Found = Row & { readonly at: Date; readonly fSort: string };

/** Rows that a CSV file reads at once: all that it keeps in memory. */
const BATCH = 500;

const isTable = (name: string): name is AdminTable => Object.hasOwn(ADMIN_TABLES, name);

/** The table of a name. @throws AppError NOT_FOUND */
export function tableOf(name: string): AdminTable {
  if (isTable(name)) return name;
  throw new AppError('NOT_FOUND');
}

const cursorOf = ({ at, fSort }: Found) => Buffer.from(`${at.getTime()} ${fSort}`).toString('base64url');

/** @throws AppError BAD_REQUEST for a cursor that is not ours. */
function readCursor(text: string): { at: Date; sort: string } {
  const [, ms, sort] = /^(\d{1,15}) ([\w-]{1,60})$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (!ms || !sort)
    throw new AppError('BAD_REQUEST', { field: 'after', detail: 'expected a cursor of this table for after' });
  return { at: new Date(Number(ms)), sort };
}

async function read({ db, clock }: PageDeps, table: AdminTable, query: TableQuery): Promise<Found[]> {
  const { q, state, owner, from, to, after, limit } = query;
  const select = SELECTS[table]({ now: clock(), owner });
  const cursor = after === undefined ? undefined : readCursor(after);
  const words = q.split(/\s+/).filter(Boolean);
  const tests = [
    ...words.map((word) => sql`f_text ilike ${`%${word.replace(/[\\%_]/g, '\\$&')}%`}`),
    ...(state === undefined ? [] : [sql`f_state = ${state}`]),
    ...(from === undefined ? [] : [sql`at >= ${new Date(from)}`]),
    ...(to === undefined ? [] : [sql`at < ${new Date(to)}`]),
    ...(cursor ? [sql`(at, f_sort) < (${cursor.at}::timestamptz, ${cursor.sort})`] : []),
  ];
  const where = tests.length > 0 ? sql`where ${sql.join(tests, sql` and `)}` : sql``;
  const { rows } =
    await sql<Found>`select * from (${select}) t ${where} order by at desc, f_sort desc limit ${limit}`.execute(db);
  return rows;
}

/** A row as it leaves: what only the search needs is gone, and what is sealed is open. */
function show(table: AdminTable, keys: PageDeps['keys'], found: Found): Row {
  const shown = Object.keys(ADMIN_TABLES[table].shape).map((key) => [key, found[key] ?? null]);
  const row: Row = Object.fromEntries(shown);
  if (table !== 'rebates') return row;
  const payee: ClaimAnswer | undefined = readPayee(keys, found as never);
  return { ...row, payee: payee ?? null };
}

/** One page of a table, the newest first. Rows that come while one pages, and pages that are asked for twice, change nothing. */
export async function readPage(
  deps: PageDeps,
  table: AdminTable,
  query: TableQuery,
): Promise<{ rows: Row[]; next: string | null }> {
  const found = await read(deps, table, { ...query, limit: query.limit + 1 });
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
 * All rows of a selection as CSV, a batch at a time and only as fast as they are taken: memory stays the same however many there are, and
 * no connection is held meanwhile.
 */
export function exportTable(deps: PageDeps, table: AdminTable, query: TableQuery): ReadableStream<Uint8Array> {
  const columns = Object.keys(ADMIN_TABLES[table].shape);
  async function* lines(): AsyncGenerator<string> {
    yield csvLine(columns);
    let after: string | undefined;
    do {
      const found: Found[] = await read(deps, table, { ...query, after, limit: BATCH });
      const rows = found.map((row) => show(table, deps.keys, row));
      yield rows.map((row) => csvLine(columns.map((column) => row[column]))).join('');
      const last = found.at(-1);
      after = found.length === BATCH && last ? cursorOf(last) : undefined;
    } while (after !== undefined);
  }
  return csvStream(lines());
}
