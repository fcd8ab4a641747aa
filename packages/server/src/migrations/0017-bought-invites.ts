import { type Kysely, sql } from 'kysely';

/** Between buying and the reward: an invite that is `bought` waits until its order's money is sure to stay. */
const INVITES = sql`
alter table invite drop constraint invite_state_check;
alter table invite add constraint invite_state_check
  check (state in ('bound', 'bought', 'review', 'rewarded', 'refused', 'clawed_back'));
create index invite_bought on invite (qualified_at) where state = 'bought';
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await INVITES.execute(db);
}
