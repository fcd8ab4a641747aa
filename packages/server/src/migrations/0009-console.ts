import { type Kysely, sql } from 'kysely';

/**
 * What operators did, for good: rows are written once and never change, whoever asks, replication's mode included. `key` makes one act of
 * the same wish sent twice.
 */
const AUDIT = sql`
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  operator text not null,
  origin text not null check (origin in ('console', 'cli')),
  act text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  reason text,
  address text,
  key text unique
);
create index audit_at on audit (at, id);
create trigger audit_append_only before update or delete on audit for each row execute function refuse_change();
create trigger audit_no_truncate before truncate on audit for each statement execute function refuse_change();
alter table audit enable always trigger audit_append_only;
alter table audit enable always trigger audit_no_truncate;
`;

/**
 * Operators' second factors beside passkeys: a sealed TOTP secret with the newest 30 s step that was used, and HMACs of recovery codes.
 * `step_up` is when a session has last shown one.
 */
const FACTORS = sql`
create table totp (
  auth_id uuid primary key references auth."user" ("id") on delete cascade,
  sealed bytea not null,
  proven_at timestamptz,
  last_step bigint not null default 0
);
create table recovery_code (
  auth_id uuid not null references auth."user" ("id") on delete cascade,
  hash bytea not null,
  primary key (auth_id, hash)
);
create table step_up (
  session_id uuid primary key references auth."session" ("id") on delete cascade,
  at timestamptz not null
);
`;

/** Settings that the console has changed, the networks that a partner may call from, and what the console's tables are sorted by. */
const REST = sql`
create table setting (
  key text primary key,
  value text not null,
  changed_by text not null,
  changed_at timestamptz not null
);
alter table partner add column addresses text[] not null default '{}';
create index user_created on "user" (created_at);
create index job_created on job (created_at);
create index job_ended on job (ended_at) where ended_at is not null;
create index photo_created on photo (created_at);
create index invite_bound on invite (bound_at);
create index rebate_accrued on rebate (accrued_at);
create index recon_issue_found on recon_issue (found_at);
create index orders_created on orders (created_at);
create index txn_at on txn (at);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [AUDIT, FACTORS, REST]) await part.execute(db);
}
