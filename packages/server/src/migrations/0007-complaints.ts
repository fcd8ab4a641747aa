import { type Kysely, sql } from 'kysely';

/** What somebody is not satisfied with, for the operator. Whose it is, its photo says, so that a guest who signs in takes it along. */
const TABLES = sql`
create table complaint (
  id uuid primary key default gen_random_uuid(),
  photo_id text not null unique references photo (id),
  job_id uuid not null references job (id),
  fault text not null,
  text text not null check (char_length(text) <= 2000),
  may_look boolean not null,
  language text not null,
  state text not null default 'open' check (state in ('open', 'answered')),
  answer text check (char_length(answer) <= 2000),
  created_at timestamptz not null,
  written_at timestamptz not null,
  answered_at timestamptz,
  check ((state = 'answered') = (answered_at is not null)),
  check ((state = 'answered') = (answer is not null))
);
create index complaint_written on complaint (written_at);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await TABLES.execute(db);
}
