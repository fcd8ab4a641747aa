import { type Kysely, sql } from 'kysely';

/**
 * Bank transfers that operators have seen come in: for an order, or for a partner's credits. One transfer is one row; above the limit it
 * waits as a draft for a second operator. Rows are never deleted, and what they are about never changes.
 */
const TABLES = sql`
create table offline_payment (
  id uuid primary key default gen_random_uuid(),
  bank_ref text not null unique check (char_length(bank_ref) between 4 and 64),
  order_id uuid references orders (id),
  partner_id uuid references partner (id),
  fen int not null check (fen > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  credits int not null check (credits > 0),
  days int check (days > 0),
  note text not null check (char_length(note) <= 500),
  state text not null default 'draft' check (state in ('draft', 'granted', 'reversed')),
  created_by text not null,
  created_at timestamptz not null,
  approved_by text,
  granted_at timestamptz,
  reversed_by text,
  reversed_at timestamptz,
  reason text,
  revoked int,
  check (num_nulls(order_id, partner_id) = 1),
  check (approved_by <> created_by),
  check ((state = 'reversed') = (reversed_at is not null)),
  check (num_nulls(reversed_by, reversed_at, reason, revoked) in (0, 4)),
  check (state = 'reversed' or (state = 'granted') = (granted_at is not null))
);
create index offline_payment_draft on offline_payment (created_at) where state = 'draft';
create unique index offline_payment_order on offline_payment (order_id) where state = 'granted';

create function keep_offline_payment() returns trigger language plpgsql as $$ begin
  if (old.id, old.bank_ref, old.order_id, old.partner_id, old.fen, old.currency, old.credits, old.days, old.created_by, old.created_at)
    is distinct from (new.id, new.bank_ref, new.order_id, new.partner_id, new.fen, new.currency, new.credits, new.days, new.created_by, new.created_at)
    or old.state = 'reversed' or (old.state = 'granted' and new.state = 'draft') then
    raise exception 'a bank transfer is never rewritten' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger offline_payment_kept before update on offline_payment for each row execute function keep_offline_payment();
create trigger offline_payment_stays before delete on offline_payment for each row execute function refuse_change();
create trigger offline_payment_no_truncate before truncate on offline_payment for each statement execute function refuse_change();
`;

const INVARIANTS = sql`
create view offline_breaks as
  with lots as (
    select t.idem_key, l.granted, l.source from txn t join posting p on p.txn_id = t.id and p.account = 'avail' join lot l on l.id = p.lot_id
      where t.kind = 'grant' and t.idem_key like 'offline:%'
  )
  select 'bank transfer and lot differ' as what, o.bank_ref as id from offline_payment o left join lots l on l.idem_key = 'offline:' || o.id
    where o.partner_id is not null and case when o.granted_at is null then l.idem_key is not null
      else l.granted is distinct from o.credits or l.source <> 'partner' end
  union all
  select 'lot without bank transfer', l.idem_key from lots l left join offline_payment o on l.idem_key = 'offline:' || o.id where o.id is null
  union all
  select 'bank transfer and order differ', f.bank_ref from offline_payment f join orders o on o.id = f.order_id
    where f.state = 'granted' and (o.transaction_id is distinct from f.bank_ref or o.fen <> f.fen)
  union all
  select 'bank transfer and ledger differ', o.bank_ref from offline_payment o
    where o.state = 'reversed' and o.revoked <> (select coalesce(sum(p.amount), 0) from txn t join posting p on p.txn_id = t.id
      and p.account = 'sys:revoked' where t.idem_key = 'offline-reverse:' || o.id);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [TABLES, INVARIANTS]) await part.execute(db);
}
