import { type Kysely, sql } from 'kysely';

/** Who calls (partners, visitors), their photos, and the jobs on them. Rows outlive their pictures. */
const TABLES = sql`
create table partner (
  id uuid primary key default gen_random_uuid(),
  code text not null unique check (code <> ''),
  name text not null,
  wallet_id uuid not null unique references wallet (id),
  created_at timestamptz not null,
  disabled_at timestamptz
);
create table partner_secret (
  id uuid primary key default gen_random_uuid(),
  partner_id uuid not null references partner (id),
  sealed bytea not null,
  created_at timestamptz not null,
  ends_at timestamptz
);
create unique index partner_secret_newest on partner_secret (partner_id) where ends_at is null;
create table visitor (
  id uuid primary key default gen_random_uuid(),
  cookie bytea not null unique,
  wallet_id uuid not null unique references wallet (id),
  created_at timestamptz not null,
  seen_at timestamptz not null
);
create index visitor_seen on visitor (seen_at);
create table photo (
  id text primary key check (id ~ '^[0-9a-f]{32}$'),
  partner_id uuid references partner (id),
  visitor_id uuid references visitor (id),
  name text not null,
  format text not null,
  width int not null check (width > 0),
  height int not null check (height > 0),
  bytes bigint not null check (bytes > 0),
  sha256 text not null,
  upload_key text unique,
  preview_key text unique,
  created_at timestamptz not null,
  expires_at timestamptz,
  removed_at timestamptz,
  check (num_nonnulls(partner_id, visitor_id) = 1),
  check (removed_at is null or (upload_key is null and preview_key is null))
);
create index photo_visitor on photo (visitor_id, created_at);
create index photo_partner on photo (partner_id, created_at);
create index photo_expiry on photo (expires_at) where removed_at is null;
create table job (
  id uuid primary key,
  photo_id text not null references photo (id),
  recipe text not null,
  options jsonb not null,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  free boolean not null,
  address bytea,
  attempt int not null default 0 check (attempt between 0 and 2),
  lease uuid,
  lease_until timestamptz,
  priority int not null,
  message_id uuid not null,
  progress real not null default 0 check (progress between 0 and 1),
  step text,
  error text,
  result jsonb,
  result_key text unique generated always as (result ->> 'key') stored,
  report jsonb,
  created_at timestamptz not null,
  deadline timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  check ((state = 'running') = (lease_until is not null)),
  check ((state in ('done', 'failed')) = (ended_at is not null)),
  check ((state = 'failed') = (error is not null))
);
create unique index job_one_at_a_time on job (photo_id) where state in ('queued', 'running');
create index job_newest on job (photo_id, created_at desc);
create index job_open on job (priority desc, created_at, id) where state in ('queued', 'running');
create index job_address on job (address, created_at) where free;
`;

/** A hold is open exactly while its job is; a photo has an end exactly while it has no job under way. */
const INVARIANTS = sql`
create view job_breaks as
  select 'job without open hold' as what, j.id::text as id from job j left join hold h on h.job_id = j.id
    where j.state in ('queued', 'running') and h.state is distinct from 'open'
  union all
  select 'open hold without job', h.id::text from hold h left join job j on j.id = h.job_id
    where h.state = 'open' and (j.id is null or j.state in ('done', 'failed'))
  union all
  select 'failed and charged', j.id::text from job j join hold h on h.job_id = j.id where j.state = 'failed' and h.state <> 'released'
  union all
  select 'expiry', p.id from photo p where p.removed_at is null
    and (p.expires_at is null) <> exists (select 1 from job j where j.photo_id = p.id and j.state in ('queued', 'running'));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [TABLES, INVARIANTS]) await part.execute(db);
}
