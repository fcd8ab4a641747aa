import { type Kysely, sql } from 'kysely';

/** When a finding was written into the log. It is once it is committed, and by whichever process finds it untold. */
const TOLD = sql`
alter table recon_issue add column told_at timestamptz;
create index recon_issue_untold on recon_issue (id) where told_at is null and resolved_at is null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await TOLD.execute(db);
}
