import { type Kysely, sql } from 'kysely';

/** Requests for an invoice of the Chinese tax office (fapiao), one an order; an operator makes it elsewhere and notes its number here. */
const TABLES = sql`
create table fapiao (
  id uuid primary key default gen_random_uuid(),
  order_id uuid not null unique references orders (id),
  title text not null check (char_length(title) between 1 and 100),
  tax_number text check (tax_number ~ '^[0-9A-Z]{15,20}$'),
  email text not null,
  language text not null,
  state text not null default 'open' check (state in ('open', 'issued', 'refused')),
  note text check (char_length(note) <= 500),
  ended_by text,
  ended_at timestamptz,
  created_at timestamptz not null,
  check ((state = 'open') = (ended_at is null)),
  check (num_nulls(note, ended_by, ended_at) in (0, 3))
);
create index fapiao_open on fapiao (created_at) where state = 'open';
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await TABLES.execute(db);
}
