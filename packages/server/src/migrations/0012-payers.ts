import { type Kysely, sql } from 'kysely';

/** Finds the other orders of a payer, and lets an invite be looked at since an earlier one of its inviter was undone. */
const TABLES = sql`
create index orders_payer on orders (payer) where payer is not null;
alter table invite drop constraint invite_suspicion_check;
alter table invite add constraint invite_suspicion_check
  check (suspicion in ('device', 'network', 'email', 'payer', 'burst', 'refund'));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await TABLES.execute(db);
}
