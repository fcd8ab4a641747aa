import { type Kysely, sql } from 'kysely';

/** Voucher codes, made together by an operator. A code is kept as an HMAC only; whoever reads the table can redeem none. */
const TABLES = sql`
create table voucher_batch (
  id uuid primary key default gen_random_uuid(),
  credits int not null check (credits > 0),
  package text,
  batch boolean not null,
  max_side int check (max_side > 0),
  days int not null check (days > 0),
  expires_at timestamptz,
  note text not null check (char_length(note) <= 500),
  created_by text not null,
  created_at timestamptz not null
);
create table voucher (
  id uuid primary key default gen_random_uuid(),
  batch_id uuid not null references voucher_batch (id),
  code_hash bytea not null unique,
  state text not null default 'unused' check (state in ('unused', 'redeemed', 'revoked')),
  user_id uuid references "user" (id),
  redeemed_at timestamptz,
  revoked_by text,
  revoked_at timestamptz,
  reason text,
  check ((state = 'redeemed') = (redeemed_at is not null)),
  check (num_nulls(user_id, redeemed_at) in (0, 2)),
  check ((state = 'revoked') = (revoked_at is not null)),
  check (num_nulls(revoked_by, revoked_at, reason) in (0, 3))
);
create index voucher_batch_id on voucher (batch_id);

create function keep_voucher() returns trigger language plpgsql as $$ begin
  if old.state <> 'unused' or (old.id, old.batch_id, old.code_hash) is distinct from (new.id, new.batch_id, new.code_hash) then
    raise exception 'a voucher is used once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger voucher_kept before update on voucher for each row execute function keep_voucher();
create trigger voucher_stays before delete on voucher for each row execute function refuse_change();

alter table lot drop constraint lot_source_check;
alter table lot add constraint lot_source_check check (source in ('purchase', 'partner', 'free', 'invite', 'goodwill', 'voucher'));
`;

const INVARIANTS = sql`
create view voucher_breaks as
  with lots as (
    select t.idem_key, l.granted, l.source from txn t join posting p on p.txn_id = t.id and p.account = 'avail' join lot l on l.id = p.lot_id
      where t.kind = 'grant' and t.idem_key like 'voucher:%'
  )
  select 'voucher and lot differ' as what, v.id::text as id from voucher v join voucher_batch b on b.id = v.batch_id
    left join lots l on l.idem_key = 'voucher:' || v.id
    where case when v.state = 'redeemed' then l.granted is distinct from b.credits or l.source <> 'voucher' else l.idem_key is not null end
  union all
  select 'lot without voucher', l.idem_key from lots l left join voucher v on l.idem_key = 'voucher:' || v.id where v.id is null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [TABLES, INVARIANTS]) await part.execute(db);
}
