import { type Kysely, sql } from 'kysely';

/**
 * Credits: append-only double entry, lots with an expiry, holds. Every function takes the wallet's row lock first, then the lots' in
 * the order in which they are drawn, so that READ COMMITTED is enough. Amounts are whole credits; `now_` is the caller's clock.
 */
const TABLES = sql`
create table wallet (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('guest', 'user', 'partner')),
  merged_into uuid references wallet (id),
  created_at timestamptz not null
);
create table txn (
  id bigint generated always as identity primary key,
  wallet_id uuid not null references wallet (id),
  kind text not null check (kind in ('grant', 'hold', 'capture', 'release', 'expire', 'revoke', 'restore', 'merge')),
  idem_key text not null unique,
  req_hash text not null,
  ref text,
  actor text not null,
  at timestamptz not null
);
create index txn_wallet on txn (wallet_id);
create table lot (
  id bigint generated always as identity primary key,
  wallet_id uuid not null references wallet (id),
  source text not null check (source in ('purchase', 'partner', 'free', 'invite', 'goodwill')),
  ref text,
  granted int not null check (granted > 0),
  avail int not null check (avail >= 0),
  held int not null default 0 check (held >= 0),
  expires_at timestamptz,
  created_at timestamptz not null,
  check (avail + held <= granted)
);
create index lot_draw on lot (wallet_id, expires_at nulls last, id) where avail > 0;
create index lot_lapse on lot (expires_at) where avail > 0;
create table posting (
  id bigint generated always as identity primary key,
  txn_id bigint not null references txn (id),
  lot_id bigint not null references lot (id),
  account text not null check (account in ('avail', 'held', 'sys:issued', 'sys:consumed', 'sys:expired', 'sys:revoked')),
  amount int not null check (amount <> 0)
);
create index posting_txn on posting (txn_id);
create index posting_lot on posting (lot_id, account);
create table hold (
  id uuid primary key default gen_random_uuid(),
  wallet_id uuid not null references wallet (id),
  job_id uuid not null unique,
  qty int not null check (qty > 0),
  state text not null default 'open' check (state in ('open', 'captured', 'released')),
  created_at timestamptz not null,
  closed_at timestamptz
);
create index hold_open on hold (wallet_id) where state = 'open';
create table hold_item (
  hold_id uuid not null references hold (id),
  lot_id bigint not null references lot (id),
  qty int not null check (qty > 0),
  primary key (hold_id, lot_id)
);
create index hold_item_lot on hold_item (lot_id);
`;

const GUARDS = sql`
create function refuse_change() returns trigger language plpgsql as $$ begin
  raise exception 'append-only: %', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger txn_append_only before update or delete on txn for each row execute function refuse_change();
create trigger posting_append_only before update or delete on posting for each row execute function refuse_change();
create trigger txn_no_truncate before truncate on txn for each statement execute function refuse_change();
create trigger posting_no_truncate before truncate on posting for each statement execute function refuse_change();

create function check_balance() returns trigger language plpgsql as $$ begin
  if (select sum(amount) from posting where txn_id = new.txn_id) <> 0 then
    raise exception 'unbalanced txn %', new.txn_id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger posting_balanced after insert on posting
  deferrable initially deferred for each row execute function check_balance();
`;

const FUNCTIONS = sql`
create type ledger_answer as (ok boolean, replay boolean, txn_id bigint, code text);

-- Opens a txn, or finds the one of the same key. The caller holds the wallet's lock.
create function open_txn(w uuid, k text, key text, body text, r text, who text, now_ timestamptz, out id bigint, out replay boolean)
language plpgsql as $$
declare found_ txn; begin
  insert into txn (wallet_id, kind, idem_key, req_hash, ref, actor, at) values (w, k, key, md5(body), r, who, now_)
    on conflict (idem_key) do nothing returning txn.id into open_txn.id;
  replay := open_txn.id is null;
  if replay then
    select * into found_ from txn where idem_key = key;
    if found_.req_hash <> md5(body) or found_.kind <> k or found_.wallet_id <> w then
      raise exception 'idempotency key reused for another request: %', key using errcode = 'unique_violation';
    end if;
    open_txn.id := found_.id;
  end if;
end $$;

create function grant_lot(w uuid, n int, src text, r text, expiry timestamptz, key text, who text, now_ timestamptz)
returns ledger_answer language plpgsql as $$
declare t record; l bigint; begin
  perform 1 from wallet where id = w and merged_into is null for update;
  if not found then return (false, false, null, 'no_wallet')::ledger_answer; end if;
  -- Not the expiry: one that is counted from now differs when the same grant is asked for again.
  t := open_txn(w, 'grant', key, concat_ws('|', w, n, src, r), r, who, now_);
  if t.replay then return (true, true, t.id, null)::ledger_answer; end if;
  insert into lot (wallet_id, source, ref, granted, avail, expires_at, created_at)
    values (w, src, r, n, n, expiry, now_) returning id into l;
  insert into posting (txn_id, lot_id, account, amount) values (t.id, l, 'sys:issued', -n), (t.id, l, 'avail', n);
  return (true, false, t.id, null)::ledger_answer;
end $$;

-- Sets credits aside for a job: the earliest expiry first, those without one last.
create function hold_credits(w uuid, job uuid, n int, now_ timestamptz) returns ledger_answer language plpgsql as $$
declare t record; h uuid; need int := n; l record; take int; begin
  perform 1 from wallet where id = w and merged_into is null for update;
  if not found then return (false, false, null, 'no_wallet')::ledger_answer; end if;
  if exists (select 1 from txn where idem_key = 'hold:' || job) then
    t := open_txn(w, 'hold', 'hold:' || job, w || '|' || n, job::text, 'system', now_);
    return (true, true, t.id, null)::ledger_answer;
  end if;
  if (select coalesce(sum(avail), 0) from lot where wallet_id = w and (expires_at is null or expires_at > now_)) < n then
    return (false, false, null, 'insufficient')::ledger_answer;
  end if;
  t := open_txn(w, 'hold', 'hold:' || job, w || '|' || n, job::text, 'system', now_);
  insert into hold (wallet_id, job_id, qty, created_at) values (w, job, n, now_) returning id into h;
  for l in select id, avail from lot where wallet_id = w and avail > 0 and (expires_at is null or expires_at > now_)
    order by expires_at nulls last, id for update
  loop
    exit when need = 0;
    take := least(need, l.avail);
    need := need - take;
    update lot set avail = avail - take, held = held + take where id = l.id;
    insert into hold_item values (h, l.id, take);
    insert into posting (txn_id, lot_id, account, amount) values (t.id, l.id, 'avail', -take), (t.id, l.id, 'held', take);
  end loop;
  return (true, false, t.id, null)::ledger_answer;
end $$;

-- Closes a job's hold: m credits are consumed and the rest goes back to its lots, also to lapsed ones (the next sweep takes it).
create function settle_hold(job uuid, m int, now_ timestamptz) returns ledger_answer language plpgsql as $$
declare h hold; w uuid; t record; i record; kind_ text := case when m > 0 then 'capture' else 'release' end; left_ int := m; cap int; begin
  select wallet_id into w from hold where job_id = job;
  if not found then return (false, false, null, 'no_hold')::ledger_answer; end if;
  loop -- the hold may move to another wallet while we wait for its lock
    perform 1 from wallet where id = w for update;
    select * into h from hold where job_id = job for update;
    exit when h.wallet_id = w;
    w := h.wallet_id;
  end loop;
  if h.state <> 'open' then
    select txn.id into t from txn where idem_key = kind_ || ':' || job and req_hash = md5(m::text);
    if found then return (true, true, t.id, null)::ledger_answer; end if;
    return (false, false, null, 'already_' || h.state)::ledger_answer;
  end if;
  if m < 0 or m > h.qty then return (false, false, null, 'bad_quantity')::ledger_answer; end if;
  t := open_txn(h.wallet_id, kind_, kind_ || ':' || job, m::text, job::text, 'system', now_);
  for i in select hi.lot_id, hi.qty from hold_item hi join lot on lot.id = hi.lot_id
    where hi.hold_id = h.id order by lot.expires_at nulls last, lot.id
  loop
    cap := least(left_, i.qty);
    left_ := left_ - cap;
    update lot set held = held - i.qty, avail = avail + (i.qty - cap) where id = i.lot_id;
    insert into posting (txn_id, lot_id, account, amount)
      select t.id, i.lot_id, a, v from (values ('held', -i.qty), ('sys:consumed', cap), ('avail', i.qty - cap)) x (a, v) where v <> 0;
  end loop;
  update hold set state = case when m > 0 then 'captured' else 'released' end, closed_at = now_ where id = h.id;
  return (true, false, t.id, null)::ledger_answer;
end $$;

-- Takes what lapsed, of 500 lots a call, so that no wallet is locked for long.
create function expire_lots(now_ timestamptz) returns int language plpgsql as $$
declare l record; w uuid; t record; a int; times int; n int := 0; begin
  for l in select id, wallet_id from lot where avail > 0 and expires_at <= now_ order by wallet_id, id limit 500 loop
    perform 1 from wallet where id = l.wallet_id for update;
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

-- Guest to account: lots and open holds change their owner, postings stay on their lots, the old wallet points to the new one.
create function merge_wallet(src uuid, dst uuid, now_ timestamptz) returns boolean language plpgsql as $$
declare s wallet; d wallet; begin
  if src = dst then return true; end if;
  perform 1 from wallet where id in (src, dst) order by id for update;
  select * into s from wallet where id = src;
  select * into d from wallet where id = dst;
  if s.id is null or d.id is null or d.merged_into is not null then raise exception 'no wallet to merge' using errcode = 'no_data_found'; end if;
  if s.merged_into is not null then return s.merged_into = dst; end if;
  if s.kind <> 'guest' then raise exception 'only guest wallets merge' using errcode = 'check_violation'; end if;
  insert into txn (wallet_id, kind, idem_key, req_hash, ref, actor, at)
    values (src, 'merge', 'merge:' || src, md5(dst::text), dst::text, 'system', now_);
  update lot set wallet_id = dst where wallet_id = src;
  update hold set wallet_id = dst where wallet_id = src;
  update wallet set merged_into = dst where id = src;
  return true;
end $$;
`;

/** What must hold at every moment; the view is empty while it does. */
const INVARIANTS = sql`
create view ledger_breaks as
  select 'lot' as what, l.id::text as id from lot l left join posting p on p.lot_id = l.id group by l.id
    having l.avail <> coalesce(sum(p.amount) filter (where p.account = 'avail'), 0)
      or l.held <> coalesce(sum(p.amount) filter (where p.account = 'held'), 0)
      or l.granted <> coalesce(-sum(p.amount) filter (where p.account = 'sys:issued'), 0)
  union all
  select 'held', l.id::text from lot l
    left join (hold_item hi join hold h on h.id = hi.hold_id and h.state = 'open') on hi.lot_id = l.id
    group by l.id having l.held <> coalesce(sum(hi.qty), 0)
  union all
  select 'txn', txn_id::text from posting group by txn_id having sum(amount) <> 0
  union all
  select 'hold', h.id::text from hold h left join hold_item hi on hi.hold_id = h.id group by h.id having h.qty <> coalesce(sum(hi.qty), 0)
  union all
  select 'merged', w.id::text from wallet w where w.merged_into is not null
    and (exists (select 1 from lot where lot.wallet_id = w.id and lot.avail + lot.held > 0)
      or exists (select 1 from hold where hold.wallet_id = w.id and hold.state = 'open'));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [TABLES, GUARDS, FUNCTIONS, INVARIANTS]) await part.execute(db);
}
