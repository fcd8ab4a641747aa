import { type Kysely, sql } from 'kysely';

/** What this database's secret comes to, in one row: a machine with another secret could read none of what is sealed here. */
const MARK = sql`
create table secret_mark (
  one boolean primary key default true check (one),
  mark bytea not null,
  set_at timestamptz not null
);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await MARK.execute(db);
}
