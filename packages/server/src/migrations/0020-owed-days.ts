import { type Kysely, sql } from 'kysely';

/** A day is noted before its bill is compared, so that one which cannot be had, or fell into an outage, is not forgotten. */
const OWED = sql`
alter table recon_day alter column done_at drop not null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await OWED.execute(db);
}
