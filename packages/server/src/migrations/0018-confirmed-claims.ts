import { type Kysely, sql } from 'kysely';

/** A token that was used stays until it ends, with an HMAC of what was said, so that who says the same again hears the same. */
const CLAIMS = sql`
alter table rebate_claim add column answer_hash bytea;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await CLAIMS.execute(db);
}
