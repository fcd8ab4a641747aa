import { type Kysely, sql } from 'kysely';

/**
 * What better-auth 1.7 keeps, as its own migration tool prints it for our options (auth.ts), in a schema of its own; a test asks that tool
 * whether anything is missing. Our two additions are the last indexes: one sign-in of a provider, and one passkey, is one person's.
 */
const SIGN_IN = sql`
create schema auth;
create table auth."user" (
  "id" uuid default pg_catalog.gen_random_uuid() not null primary key,
  "name" text not null,
  "email" text not null unique,
  "emailVerified" boolean not null,
  "image" text,
  "createdAt" timestamptz default current_timestamp not null,
  "updatedAt" timestamptz default current_timestamp not null,
  "role" text,
  "banned" boolean,
  "banReason" text,
  "banExpires" timestamptz
);
create table auth."session" (
  "id" uuid default pg_catalog.gen_random_uuid() not null primary key,
  "expiresAt" timestamptz not null,
  "token" text not null unique,
  "createdAt" timestamptz default current_timestamp not null,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" uuid not null references auth."user" ("id") on delete cascade,
  "impersonatedBy" text
);
create table auth."account" (
  "id" uuid default pg_catalog.gen_random_uuid() not null primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" uuid not null references auth."user" ("id") on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope" text,
  "password" text,
  "createdAt" timestamptz default current_timestamp not null,
  "updatedAt" timestamptz not null
);
create table auth."verification" (
  "id" uuid default pg_catalog.gen_random_uuid() not null primary key,
  "identifier" text not null,
  "value" text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz default current_timestamp not null,
  "updatedAt" timestamptz default current_timestamp not null
);
create table auth."passkey" (
  "id" uuid default pg_catalog.gen_random_uuid() not null primary key,
  "name" text,
  "publicKey" text not null,
  "userId" uuid not null references auth."user" ("id") on delete cascade,
  "credentialID" text not null,
  "counter" integer not null,
  "deviceType" text not null,
  "backedUp" boolean not null,
  "transports" text,
  "createdAt" timestamptz,
  "aaguid" text
);
create index "session_userId_idx" on auth."session" ("userId");
create index "account_userId_idx" on auth."account" ("userId");
create index "verification_identifier_idx" on auth."verification" ("identifier");
create index "passkey_userId_idx" on auth."passkey" ("userId");
create index "passkey_credentialID_idx" on auth."passkey" ("credentialID");
create unique index account_once on auth."account" ("providerId", "accountId");
create unique index passkey_once on auth."passkey" ("credentialID");
`;

/**
 * The user is ours and outlives the sign-in: when an account is deleted, `auth_id` is all that ties the ledger to a person, and it goes.
 * A visitor who signs in is taken over by a user, with photos and credits.
 */
const TABLES = sql`
create table "user" (
  id uuid primary key default gen_random_uuid(),
  auth_id uuid unique references auth."user" ("id"),
  wallet_id uuid not null unique references wallet (id),
  language text not null,
  mail_when_ready boolean not null default false,
  created_at timestamptz not null,
  deleted_at timestamptz,
  check ((auth_id is null) = (deleted_at is not null))
);
alter table visitor add column user_id uuid references "user" (id);
create index visitor_user on visitor (user_id) where user_id is not null;
alter table photo add column user_id uuid references "user" (id), add column mail_when_ready boolean;
alter table photo drop constraint photo_check;
alter table photo add constraint photo_owner check (num_nonnulls(partner_id, visitor_id, user_id) = 1);
create index photo_user on photo (user_id, created_at);

create table mail (
  id uuid primary key default gen_random_uuid(),
  key text not null unique,
  kind text not null,
  recipient text,
  user_id uuid references "user" (id),
  about text,
  language text not null,
  created_at timestamptz not null,
  due_at timestamptz not null,
  attempts int not null default 0,
  ended_at timestamptz,
  outcome text check (outcome in ('sent', 'dropped')),
  check ((ended_at is null) = (outcome is null)),
  check (ended_at is null or recipient is null)
);
create index mail_due on mail (due_at) where ended_at is null;
create index mail_ended on mail (ended_at) where ended_at is not null;

create table spent_proof (
  signature text primary key,
  expires_at timestamptz not null
);
create index spent_proof_expiry on spent_proof (expires_at);
`;

const FUNCTIONS = sql`
-- As before, and with only_bought from lots other than free ones: these carry rights of size and speed.
drop function hold_credits(uuid, uuid, int, timestamptz);
create function hold_credits(w uuid, job uuid, n int, only_bought boolean, now_ timestamptz) returns ledger_answer language plpgsql as $$
declare t record; h uuid; need int := n; l record; take int; begin
  perform 1 from wallet where id = w and merged_into is null for update;
  if not found then return (false, false, null, 'no_wallet')::ledger_answer; end if;
  if exists (select 1 from txn where idem_key = 'hold:' || job) then
    t := open_txn(w, 'hold', 'hold:' || job, w || '|' || n, job::text, 'system', now_);
    return (true, true, t.id, null)::ledger_answer;
  end if;
  if (select coalesce(sum(avail), 0) from lot where wallet_id = w and (expires_at is null or expires_at > now_)
      and not (only_bought and source = 'free')) < n then
    return (false, false, null, 'insufficient')::ledger_answer;
  end if;
  t := open_txn(w, 'hold', 'hold:' || job, w || '|' || n, job::text, 'system', now_);
  insert into hold (wallet_id, job_id, qty, created_at) values (w, job, n, now_) returning id into h;
  for l in select id, avail from lot where wallet_id = w and avail > 0 and (expires_at is null or expires_at > now_)
    and not (only_bought and source = 'free') order by expires_at nulls last, id for update
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

-- As before; and free photos count once for one person: beside free ones of the account's own, what a guest has left of theirs ends.
create or replace function merge_wallet(src uuid, dst uuid, now_ timestamptz) returns boolean language plpgsql as $$
declare s wallet; d wallet; l record; t record; begin
  if src = dst then return true; end if;
  perform 1 from wallet where id in (src, dst) order by id for update;
  select * into s from wallet where id = src;
  select * into d from wallet where id = dst;
  if s.id is null or d.id is null or d.merged_into is not null then raise exception 'no wallet to merge' using errcode = 'no_data_found'; end if;
  if s.merged_into is not null then return s.merged_into = dst; end if;
  if s.kind <> 'guest' then raise exception 'only guest wallets merge' using errcode = 'check_violation'; end if;
  if exists (select 1 from lot where wallet_id = dst and source = 'free' and expires_at > now_) then
    for l in select id, avail from lot where wallet_id = src and source = 'free' and avail > 0 and expires_at > now_ order by id for update loop
      t := open_txn(src, 'revoke', 'revoke:' || l.id, l.avail::text, dst::text, 'system', now_);
      update lot set avail = 0 where id = l.id;
      insert into posting (txn_id, lot_id, account, amount) values (t.id, l.id, 'avail', -l.avail), (t.id, l.id, 'sys:revoked', l.avail);
    end loop;
  end if;
  insert into txn (wallet_id, kind, idem_key, req_hash, ref, actor, at)
    values (src, 'merge', 'merge:' || src, md5(dst::text), dst::text, 'system', now_);
  update lot set wallet_id = dst where wallet_id = src;
  update hold set wallet_id = dst where wallet_id = src;
  update wallet set merged_into = dst where id = src;
  return true;
end $$;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [SIGN_IN, TABLES, FUNCTIONS]) await part.execute(db);
}
