import { sql } from 'kysely';
import type { Db } from './database.ts';

/** Days, the newest included, that are still compared after an outage. */
const KEPT_DAYS = 30;

/**
 * The days of a provider that have not been compared with our books, oldest first: from the first that it was asked about, which is the
 * newest one at the first time of all.
 * @param newest the newest day whose bill is there. @example await owedDays(db, 'wechat', '2026-03-01')
 */
export async function owedDays(db: Db, provider: string, newest: string): Promise<string[]> {
  const first = sql`greatest(${newest}::date - ${KEPT_DAYS - 1}::int, coalesce((select min(day)::date from recon_day where provider = ${provider}), ${newest}::date))`;
  await sql`
    insert into recon_day (provider, day)
      select ${provider}, to_char(each, 'YYYY-MM-DD') from generate_series(${first}, ${newest}::date, interval '1 day') each
      on conflict do nothing`.execute(db);
  const { rows } = await sql<{ day: string }>`
    select day from recon_day
      where provider = ${provider} and done_at is null and day::date between ${newest}::date - ${KEPT_DAYS - 1}::int and ${newest}::date
      order by day`.execute(db);
  return rows.map(({ day }) => day);
}

/** Notes that a day of a provider has been compared. */
export async function setCompared(db: Db, provider: string, day: string, now: Date): Promise<void> {
  await db
    .updateTable('reconDay')
    .set({ doneAt: now })
    .where('provider', '=', provider)
    .where('day', '=', day)
    .where('doneAt', 'is', null)
    .execute();
}
