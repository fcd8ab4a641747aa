import { type Kysely, sql } from 'kysely';

/**
 * Who brought whom. An invite is made with the account of the friend, keeps the terms that were promised then, and never names anybody
 * else later. `email_hash` is an HMAC; it goes with the account. `inviter_got` and `invitee_got` are the credits that were granted.
 */
const INVITES = sql`
alter table "user" add column network bytea, add column seen_at timestamptz;

create table invite_code (
  user_id uuid primary key references "user" (id),
  code text not null unique check (code ~ '^[BCDFGHJKMNPQRSTVWXZ2-9]{8}$'),
  email_hash bytea,
  created_at timestamptz not null
);
create index invite_code_email on invite_code (email_hash) where email_hash is not null;

create table invite (
  id uuid primary key default gen_random_uuid(),
  inviter_id uuid not null references "user" (id),
  invitee_id uuid not null unique references "user" (id),
  inviter_credits int not null check (inviter_credits >= 0),
  invitee_credits int not null check (invitee_credits >= 0),
  days int not null check (days > 0),
  per_month int not null check (per_month >= 0),
  suspicion text check (suspicion in ('device', 'network', 'email', 'payer', 'burst')),
  email_hash bytea,
  bound_at timestamptz not null,
  state text not null default 'bound' check (state in ('bound', 'review', 'rewarded', 'refused', 'clawed_back')),
  order_id uuid unique references orders (id),
  qualified_at timestamptz,
  decided_by text,
  rewarded_at timestamptz,
  inviter_got int not null default 0 check (inviter_got in (0, inviter_credits)),
  invitee_got int not null default 0 check (invitee_got in (0, invitee_credits)),
  ended_at timestamptz,
  check (inviter_id <> invitee_id),
  check ((state = 'bound') = (order_id is null)),
  check ((order_id is null) = (qualified_at is null)),
  check ((state in ('rewarded', 'clawed_back')) = (rewarded_at is not null)),
  check ((state in ('refused', 'clawed_back')) = (ended_at is not null)),
  check (rewarded_at is not null or (inviter_got = 0 and invitee_got = 0))
);
create index invite_inviter on invite (inviter_id, bound_at);
create index invite_email on invite (email_hash) where email_hash is not null;
create index invite_review on invite (qualified_at) where state = 'review';
create index lot_invite on lot (ref) where source = 'invite';

create function refuse_rebinding() returns trigger language plpgsql as $$ begin
  if (old.inviter_id, old.invitee_id, old.bound_at, old.inviter_credits, old.invitee_credits, old.days, old.per_month)
    is distinct from (new.inviter_id, new.invitee_id, new.bound_at, new.inviter_credits, new.invitee_credits, new.days, new.per_month)
    or old.state in ('refused', 'clawed_back') and old.state <> new.state
    or old.state = 'rewarded' and new.state not in ('rewarded', 'clawed_back') then
    raise exception 'an invite keeps its people, its terms and its end' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger invite_keeps before update on invite for each row execute function refuse_rebinding();
create trigger invite_stays before delete on invite for each row execute function refuse_change();

-- Empty while each side of each invite has had what the invite says, and nobody anything else.
create view invite_breaks as
  select 'invite' as what, i.id::text as id
    from invite i join "user" a on a.id = i.inviter_id join "user" b on b.id = i.invitee_id
    where i.inviter_got <> (select coalesce(sum(granted), 0) from lot l
        where l.source = 'invite' and l.ref = 'invite:' || i.id and l.wallet_id = a.wallet_id)
      or i.invitee_got <> (select coalesce(sum(granted), 0) from lot l
        where l.source = 'invite' and l.ref = 'invite:' || i.id and l.wallet_id = b.wallet_id)
  union all
  select 'lot without invite', l.id::text from lot l
    where l.source = 'invite' and l.ref like 'invite:%' and not exists (select 1 from invite i where 'invite:' || i.id = l.ref);
`;

/**
 * Cash back on an order. `payee` is sealed, and there only from the claim until the money is sent or refused; `version` counts changes, so
 * that of two operators one acts. A claim's token is stored as its SHA-256.
 */
const REBATES = sql`
create table rebate (
  id uuid primary key default gen_random_uuid(),
  order_id uuid not null unique references orders (id),
  user_id uuid not null references "user" (id),
  package text not null,
  fen int not null check (fen > 0),
  state text not null default 'accrued'
    check (state in ('accrued', 'eligible', 'claimed', 'approved', 'rejected', 'paid', 'void')),
  accrued_at timestamptz not null,
  due_at timestamptz not null,
  payee bytea,
  payee_hash bytea,
  claimed_at timestamptz,
  approved_by text,
  approved_at timestamptz,
  reason text,
  method text check (method = 'manual'),
  receipt text unique,
  paid_by text,
  paid_at timestamptz,
  version int not null default 1,
  check ((payee is not null) = (state in ('claimed', 'approved'))),
  check (state not in ('approved', 'paid') or approved_by is not null),
  check ((state = 'paid') = (num_nonnulls(method, receipt, paid_by, paid_at) = 4))
);
create index rebate_user on rebate (user_id, accrued_at);
create index rebate_due on rebate (due_at) where state = 'accrued';
create index rebate_payee on rebate (payee_hash) where payee_hash is not null;

create table rebate_claim (
  token_hash bytea primary key,
  user_id uuid not null references "user" (id),
  rebate_ids uuid[] not null,
  expires_at timestamptz not null
);
create index rebate_claim_expiry on rebate_claim (expires_at);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [INVITES, REBATES]) await part.execute(db);
}
