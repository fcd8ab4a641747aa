import { type RawBuilder, sql } from 'kysely';

/**
 * When a row with a column `checks` is looked at next: so many seconds after now, by how often it has been; the last number from then on.
 */
export function nextCheck(now: Date, seconds: readonly number[]): RawBuilder<Date> {
  const waits = sql.join(seconds.map((each) => sql.lit(each)));
  return sql`${now}::timestamptz + make_interval(secs => (array[${waits}])[least(checks + 1, ${sql.lit(seconds.length)})])`;
}
