import { type Kysely, sql } from 'kysely';

/**
 * Orders, what happened to them, and money that goes back. `version` counts the changes of an order. What a provider says that does not
 * fit our books is a row of `recon_issue`, for an operator; `key` keeps one finding one row.
 */
const TABLES = sql`
create table orders (
  id uuid primary key default gen_random_uuid(),
  out_trade_no text not null unique check (out_trade_no ~ '^[0-9A-Za-z]{6,32}$'),
  user_id uuid not null references "user" (id),
  wallet_id uuid not null references wallet (id),
  package text not null,
  credits int not null check (credits > 0),
  fen int not null check (fen > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  provider text not null,
  simulated boolean not null,
  state text not null default 'created' check (state in ('created', 'paying', 'paid', 'refunding', 'refunded', 'closed')),
  payment jsonb,
  reference text,
  transaction_id text,
  payer bytea,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  paid_at timestamptz,
  closed_at timestamptz,
  next_check_at timestamptz,
  checks int not null default 0,
  version int not null default 0,
  check (num_nulls(transaction_id, paid_at) in (0, 2)),
  check ((state in ('paid', 'refunding', 'refunded')) = (paid_at is not null))
);
create index orders_user on orders (user_id, created_at);
create index orders_paid on orders (provider, paid_at) where paid_at is not null;
create index orders_due on orders (next_check_at) where state in ('created', 'paying');
create unique index orders_transaction on orders (provider, transaction_id) where transaction_id is not null;

create table payment_event (
  id bigint generated always as identity primary key,
  order_id uuid references orders (id),
  provider text not null,
  kind text not null,
  out_trade_no text not null,
  event_id text,
  transaction_id text,
  fen int,
  currency text,
  actor text not null,
  at timestamptz not null
);
create index payment_event_order on payment_event (order_id);
create trigger payment_event_append_only before update or delete on payment_event for each row execute function refuse_change();
create trigger payment_event_no_truncate before truncate on payment_event for each statement execute function refuse_change();

create table refund (
  id uuid primary key default gen_random_uuid(),
  out_refund_no text not null unique check (out_refund_no ~ '^[0-9A-Za-z]{6,64}$'),
  order_id uuid not null references orders (id),
  credits int not null check (credits > 0),
  fen int not null check (fen > 0),
  state text not null default 'asked' check (state in ('asked', 'accepted', 'done', 'failed')),
  actor text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  next_check_at timestamptz,
  checks int not null default 0,
  check ((state in ('done', 'failed')) = (ended_at is not null))
);
create index refund_order on refund (order_id);
create unique index refund_one on refund (order_id) where state <> 'failed';
create index refund_due on refund (next_check_at) where state in ('asked', 'accepted');

create table recon_issue (
  id bigint generated always as identity primary key,
  key text not null unique,
  kind text not null,
  provider text not null,
  out_trade_no text,
  detail jsonb not null,
  found_at timestamptz not null,
  resolved_at timestamptz,
  resolved_by text,
  note text,
  check (num_nulls(resolved_at, resolved_by) in (0, 2))
);
create index recon_issue_open on recon_issue (found_at) where resolved_at is null;
create index recon_issue_order on recon_issue (out_trade_no) where resolved_at is null;
create table recon_day (
  provider text not null,
  day text not null,
  done_at timestamptz not null,
  primary key (provider, day)
);
`;

const FUNCTIONS = sql`
-- Takes back what is unspent of the lot that a key granted; what is held for a job stays. Asked for again with the same key: the same answer.
create function revoke_lot(grant_key text, key text, who text, now_ timestamptz) returns int language plpgsql as $$
declare l lot; w uuid; t record; begin
  select lot.* into l from txn join posting p on p.txn_id = txn.id and p.account = 'avail' join lot on lot.id = p.lot_id
    where txn.idem_key = grant_key and txn.kind = 'grant';
  if not found then return null; end if;
  loop -- the lot may move to another wallet while we wait for its lock
    w := l.wallet_id;
    perform 1 from wallet where id = w for update;
    select * into l from lot where id = l.id for update;
    exit when l.wallet_id = w;
  end loop;
  t := open_txn(w, 'revoke', key, grant_key, grant_key, who, now_);
  if t.replay then
    return (select coalesce(sum(amount), 0) from posting where txn_id = t.id and account = 'sys:revoked');
  end if;
  if l.avail > 0 then
    update lot set avail = 0 where id = l.id;
    insert into posting (txn_id, lot_id, account, amount) values (t.id, l.id, 'avail', -l.avail), (t.id, l.id, 'sys:revoked', l.avail);
  end if;
  return l.avail;
end $$;

-- Gives back what the revoke of a key took, as when the money could not be returned. Once.
create function restore_lot(revoke_key text, key text, who text, now_ timestamptz) returns int language plpgsql as $$
declare p record; w uuid; t record; begin
  select posting.lot_id, posting.amount into p from txn join posting on posting.txn_id = txn.id and posting.account = 'sys:revoked'
    where txn.idem_key = revoke_key and txn.kind = 'revoke';
  if not found then return null; end if;
  loop
    select wallet_id into w from lot where id = p.lot_id;
    perform 1 from wallet where id = w for update;
    perform 1 from lot where id = p.lot_id and wallet_id = w for update;
    exit when found;
  end loop;
  t := open_txn(w, 'restore', key, revoke_key, revoke_key, who, now_);
  if not t.replay then
    update lot set avail = avail + p.amount where id = p.lot_id;
    insert into posting (txn_id, lot_id, account, amount) values (t.id, p.lot_id, 'sys:revoked', -p.amount), (t.id, p.lot_id, 'avail', p.amount);
  end if;
  return p.amount;
end $$;
`;

/** Where orders and ledger disagree; empty while each paid order has its one lot, and each refund took what it says. */
const INVARIANTS = sql`
create view order_lot as
  select o.id as order_id, o.out_trade_no, o.state, o.credits, l.id as lot_id, l.granted, l.source
    from orders o
    full join (select id, idem_key from txn where kind = 'grant' and idem_key like 'pay:%') t on t.idem_key = 'pay:' || o.out_trade_no
    left join posting p on p.txn_id = t.id and p.account = 'avail'
    left join lot l on l.id = p.lot_id;

create view order_breaks as
  select 'paid order without lot' as what, out_trade_no as id from order_lot where state in ('paid', 'refunding', 'refunded') and lot_id is null
  union all
  select 'lot without paid order', lot_id::text from order_lot
    where lot_id is not null and (order_id is null or state in ('created', 'paying', 'closed'))
  union all
  select 'order and lot differ', out_trade_no from order_lot where lot_id is not null and order_id is not null and (granted <> credits or source <> 'purchase')
  union all
  select 'order granted twice', out_trade_no from order_lot where lot_id is not null and order_id is not null group by out_trade_no having count(*) > 1
  union all
  select 'order and refund differ', o.out_trade_no from orders o left join refund r on r.order_id = o.id and r.state <> 'failed'
    where (o.state = 'refunding') <> coalesce(r.state in ('asked', 'accepted'), false) or (o.state = 'refunded') <> coalesce(r.state = 'done', false)
      or r.fen > o.fen or r.credits > o.credits
  union all
  select 'refund and ledger differ', r.out_refund_no from refund r
    where r.credits <> (select coalesce(sum(p.amount), 0) from txn t join posting p on p.txn_id = t.id and p.account = 'sys:revoked'
        where t.idem_key = 'refund:' || r.out_refund_no)
      or (r.state = 'failed') <> exists (select 1 from txn t where t.idem_key = 'restore:' || r.out_refund_no);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [TABLES, FUNCTIONS, INVARIANTS]) await part.execute(db);
}
