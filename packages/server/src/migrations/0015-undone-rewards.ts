import { type Kysely, sql } from 'kysely';

/** An invite whose order was to be refunded is rewarded again when that money stays after all; in no other way does it begin again. */
const INVITES = sql`
create or replace function refuse_rebinding() returns trigger language plpgsql as $$ begin
  if (old.inviter_id, old.invitee_id, old.bound_at, old.inviter_credits, old.invitee_credits, old.days, old.per_month)
    is distinct from (new.inviter_id, new.invitee_id, new.bound_at, new.inviter_credits, new.invitee_credits, new.days, new.per_month)
    or old.state = 'refused' and new.state <> 'refused'
    or old.state = 'clawed_back' and new.state <> 'clawed_back' and not (new.state = 'rewarded'
      and (old.order_id, old.inviter_got, old.invitee_got) is not distinct from (new.order_id, new.inviter_got, new.invitee_got)
      and exists (select 1 from orders o where o.id = new.order_id and o.state = 'paid'))
    or old.state = 'rewarded' and new.state not in ('rewarded', 'clawed_back') then
    raise exception 'an invite keeps its people, its terms and its end' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await INVITES.execute(db);
}
