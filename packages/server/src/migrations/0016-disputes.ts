import { type Kysely, sql } from 'kysely';

/**
 * Payments that a payer's bank takes back. While the money is gone (`withdrawn`, `lost`), what is unused of the order is gone as well;
 * `credits` is what was taken, by so many `takes`. It comes back with the money.
 */
const TABLES = sql`
create table dispute (
  provider text not null,
  id text not null,
  order_id uuid not null references orders (id),
  state text not null check (state in ('asked', 'withdrawn', 'won', 'lost')),
  takes int not null default 0 check (takes >= 0),
  credits int not null default 0 check (credits >= 0),
  opened_at timestamptz not null,
  ended_at timestamptz,
  primary key (provider, id),
  check ((state in ('won', 'lost')) = (ended_at is not null)),
  check (state in ('withdrawn', 'lost') or credits = 0)
);
create index dispute_order on dispute (order_id);
create index dispute_held on dispute (order_id) where state in ('withdrawn', 'lost');
create index lot_purchase on lot (ref) where source = 'purchase';

create function keep_dispute() returns trigger language plpgsql as $$ begin
  if (old.provider, old.id, old.order_id, old.opened_at) is distinct from (new.provider, new.id, new.order_id, new.opened_at)
    or old.state = 'won' and new.state <> 'won' or old.state = 'lost' and new.state not in ('lost', 'won') or new.takes < old.takes then
    raise exception 'a dispute keeps its order and its end' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger dispute_keeps before update on dispute for each row execute function keep_dispute();
create trigger dispute_stays before delete on dispute for each row execute function refuse_change();
`;

/** Empty while the ledger has taken for each dispute what it says, and given back what was won. */
const INVARIANTS = sql`
create view dispute_breaks as
  select 'dispute and ledger differ' as what, d.id from dispute d
    where d.credits <> (select coalesce(sum(p.amount), 0) from generate_series(1, d.takes) n
        join txn t on t.idem_key in (concat_ws(':', 'dispute', d.provider, d.id, n), concat_ws(':', 'dispute', d.provider, d.id, n, 'undone'))
        join posting p on p.txn_id = t.id and p.account = 'sys:revoked');
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [TABLES, INVARIANTS]) await part.execute(db);
}
