import { type Kysely, sql } from 'kysely';

/** A result in small, so that a page need not open 24 megapixels to show it in 1600 px. Results from before have none. */
const PREVIEW = sql`
alter table job add column preview_key text unique;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await PREVIEW.execute(db);
}
