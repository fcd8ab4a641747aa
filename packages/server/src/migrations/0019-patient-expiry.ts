import { type Kysely, sql } from 'kysely';

/**
 * Lapsed lots of many wallets are taken in one go. A wallet that somebody else has locked is left to the next sweep: who locks two, in
 * whatever order, and waits for one of ours would otherwise be waited for in turn.
 */
const EXPIRY = sql`
create or replace function expire_lots(now_ timestamptz) returns int language plpgsql as $$
declare l record; w uuid; t record; a int; times int; n int := 0; begin
  for l in select id, wallet_id from lot where avail > 0 and expires_at <= now_ order by wallet_id, id limit 500 loop
    perform 1 from wallet where id = l.wallet_id for update skip locked;
    continue when not found;
    select avail, wallet_id into a, w from lot where id = l.id for update;
    continue when a = 0 or w <> l.wallet_id; -- moved to another wallet meanwhile: the next sweep takes it
    -- A release after the expiry fills the lot again, so one lot may lapse several times.
    select count(*) into times from posting where lot_id = l.id and account = 'sys:expired';
    t := open_txn(l.wallet_id, 'expire', 'expire:' || l.id || ':' || times, a::text, l.id::text, 'system', now_);
    update lot set avail = 0 where id = l.id;
    insert into posting (txn_id, lot_id, account, amount) values (t.id, l.id, 'avail', -a), (t.id, l.id, 'sys:expired', a);
    n := n + a;
  end loop;
  return n;
end $$;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await EXPIRY.execute(db);
}
