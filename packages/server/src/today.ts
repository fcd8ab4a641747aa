import { statfs } from 'node:fs/promises';
import type { AdminSeries, AdminToday } from '@hili/contract/admin';
import { sql } from 'kysely';
import type { Config } from './config.ts';
import type { Clock, Db } from './database.ts';
import { brokenInvariants } from './wallets.ts';

export interface TodayDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly config: Pick<Config, 'HILI_DATA' | 'TIME_ZONE'>;
}

/** By which the database knows the connection on which a worker listens: one a worker process. */
export const WORKER_NAME = 'hili worker';

const DAY_MS = 86_400_000;
/** Milliseconds for which a look at the books counts: it reads all of them. */
const BOOKS_MS = 60_000;

async function first<Row>(db: Db, query: ReturnType<typeof sql<Row>>): Promise<Row> {
  return (await query.execute(db)).rows[0] as Row;
}

/** A job that its owner or an operator has ended is no failure of the service: many of them are no alarm. */
const FAILED = sql`state = 'failed' and error is distinct from 'CANCELLED'`;

/** Jobs of a day, the queue, and how long results take. */
async function jobsToday(db: Db, since: Date, now: Date): Promise<Pick<AdminToday, 'photos' | 'failures' | 'queue'>> {
  const { taken } = await first(
    db,
    sql<{ taken: number }>`
    select count(*)::int as taken from photo where created_at > ${since}`,
  );
  const ended = await first(
    db,
    sql<{ done: number; unchanged: number; failed: number; medianMs: number | null; p95Ms: number | null }>`
    select count(*) filter (where state = 'done')::int as done, count(*) filter (where ${FAILED})::int as failed,
      count(*) filter (where not (report ->> 'changed')::boolean)::int as unchanged,
      percentile_cont(0.5) within group (order by ms) filter (where state = 'done') as median_ms,
      percentile_cont(0.95) within group (order by ms) filter (where state = 'done') as p95_ms
      from (select *, 1000 * extract(epoch from ended_at - created_at)::float8 as ms from job where ended_at > ${since}) j`,
  );
  const failures = await sql<{ error: string; jobs: number }>`
    select error, count(*)::int as jobs from job where ended_at > ${since} and ${FAILED}
      group by error order by jobs desc, error`.execute(db);
  const queue = await first(
    db,
    sql<{ waiting: number; running: number; oldest: Date | null; workers: number }>`
    select count(*) filter (where state = 'queued')::int as waiting, count(*) filter (where state = 'running')::int as running,
      min(created_at) filter (where state = 'queued') as oldest,
      (select count(*)::int from pg_stat_activity where datname = current_database() and application_name = ${WORKER_NAME}) as workers
      from job where state in ('queued', 'running')`,
  );
  const { oldest, ...open } = queue;
  const { done, unchanged, failed, medianMs, p95Ms } = ended;
  return {
    photos: { taken, done, unchanged, failed },
    failures: failures.rows,
    queue: {
      ...open,
      oldestSeconds: oldest && Math.max(0, Math.round((now.getTime() - oldest.getTime()) / 1000)),
      medianMs: medianMs === null ? null : Math.round(medianMs),
      p95Ms: p95Ms === null ? null : Math.round(p95Ms),
    },
  };
}

/** Hours that the wait in the queue is told of. */
const WAIT_HOURS = 24;

/** How long runs waited until they began, by the hour of the configured time zone. */
async function queueWaits({ db, config }: TodayDeps, now: Date): Promise<AdminToday['queueWait']> {
  const zone = config.TIME_ZONE;
  const last = sql`date_trunc('hour', ${now}::timestamptz at time zone ${zone})`;
  const first = sql`${last} - ${WAIT_HOURS - 1} * interval '1 hour'`;
  // A job ends within a day of its making, so that older ones need not be read.
  const { rows } = await sql<{ at: Date; median: number | null; p95: number | null }>`
    select h.local at time zone ${zone} as at, percentile_cont(0.5) within group (order by w.seconds) as median,
        percentile_cont(0.95) within group (order by w.seconds) as p95
      from generate_series(${first}, ${last}, interval '1 hour') h (local)
        left join (select date_trunc('hour', started_at at time zone ${zone}) as local,
            greatest(extract(epoch from started_at - created_at), 0)::float8 as seconds
          from job where started_at is not null and created_at > ${new Date(now.getTime() - 2 * DAY_MS)}) w on w.local = h.local
      group by h.local order by h.local`.execute(db);
  const tenth = (seconds: number | null) => (seconds === null ? null : Math.round(seconds * 10) / 10);
  return rows.map(({ at, median, p95 }) => ({ at: at.toISOString(), median: tenth(median), p95: tenth(p95) }));
}

async function moneyToday(db: Db, since: Date): Promise<AdminToday['money']> {
  const { rows } = await sql<AdminToday['money'][number]>`
    select currency, simulated, sum(orders)::int as orders, sum(paid)::float8 as paid_fen, sum(refunded)::float8 as refunded_fen from (
      select currency, simulated, 1 as orders, fen as paid, 0 as refunded from orders where paid_at > ${since}
      union all
      select o.currency, o.simulated, 0, 0, r.fen from refund r join orders o on o.id = r.order_id
        where r.state = 'done' and r.ended_at > ${since}
    ) m group by currency, simulated order by currency, simulated`.execute(db);
  return rows;
}

async function openTasks(db: Db): Promise<AdminToday['tasks']> {
  const tasks = await first(
    db,
    sql<AdminToday['tasks']>`
    select (select count(*)::int from complaint where state = 'open') as complaints,
      (select count(*)::int from recon_issue where resolved_at is null) as issues,
      (select count(*)::int from rebate where state = 'claimed') as rebates_to_approve,
      (select count(*)::int from rebate where state = 'approved') as rebates_to_pay,
      (select count(*)::int from invite where state = 'review') as invites,
      (select count(*)::int from offline_payment where state = 'draft') as transfers,
      (select count(*)::int from orders where provider = 'offline' and state = 'paying') as orders_by_transfer,
      (select count(*)::int from orders where provider = 'offline' and state = 'refunding') as refunds_by_transfer,
      (select count(*)::int from fapiao where state = 'open') as fapiao`,
  );
  return tasks;
}

async function storageNow({ db, config }: TodayDeps, now: Date): Promise<AdminToday['storage']> {
  const kept = await first(
    db,
    sql<{ photos: number; bytes: number; oldest: Date | null }>`
    select count(*)::int as photos, min(expires_at) filter (where expires_at < ${now}) as oldest,
      coalesce(sum(bytes + (select coalesce(sum((result ->> 'bytes')::bigint), 0) from job where photo_id = photo.id)), 0)::float8 as bytes
      from photo where removed_at is null`,
  );
  const { bavail, bsize } = await statfs(config.HILI_DATA);
  const { photos, bytes, oldest } = kept;
  return { photos, bytes, freeBytes: bavail * bsize, oldestOverdue: oldest?.toISOString() ?? null };
}

/** Opens what says how things stand. */
export function openToday(deps: TodayDeps): () => Promise<AdminToday> {
  const { db, clock } = deps;
  let books: { readonly at: number; readonly broken: Promise<string[]> } | undefined;
  const broken = () => {
    const at = clock().getTime();
    if (!books || at - books.at > BOOKS_MS) {
      const found = brokenInvariants(db);
      books = { at, broken: found };
      found.catch(() => {
        books = undefined;
      });
    }
    return books.broken;
  };
  return async () => {
    const now = clock();
    const since = new Date(now.getTime() - DAY_MS);
    const [jobs, queueWait, money, tasks, storage, brokenNow] = await Promise.all([
      jobsToday(db, since, now),
      queueWaits(deps, now),
      moneyToday(db, since),
      openTasks(db),
      storageNow(deps, now),
      broken(),
    ]);
    return { at: now.toISOString(), ...jobs, queueWait, money, tasks, storage, brokenInvariants: brokenNow };
  };
}

/** Counts by hour (48 of them) or by day (30), in the configured time zone. */
export async function countSeries({ db, clock, config }: TodayDeps, per: 'hour' | 'day'): Promise<AdminSeries> {
  const [steps, zone, now] = [per === 'hour' ? 48 : 30, config.TIME_ZONE, clock()];
  const begin = sql`date_trunc(${per}, ${now}::timestamptz at time zone ${zone}) - (${steps - 1} || ${per})::interval`;
  const since = sql`(select min(local) from step) at time zone ${zone}`;
  const local = (column: string) => sql`date_trunc(${per}, ${sql.ref(column)} at time zone ${zone})`;
  const { rows } = await sql<Omit<AdminSeries[number], 'at'> & { at: Date }>`
    with step as (select local from generate_series(${begin}, date_trunc(${per}, ${now}::timestamptz at time zone ${zone}), ('1 ' || ${per})::interval) local),
      seen as (
        select ${local('created_at')} as local, 1 as photos, 0 as done, 0 as failed, 0 as users, 0 as orders, 0 as paid, 0 as refunded
          from photo where created_at >= ${since}
        union all select ${local('ended_at')}, 0, (state = 'done')::int, (${FAILED})::int, 0, 0, 0, 0 from job where ended_at >= ${since}
        union all select ${local('created_at')}, 0, 0, 0, 1, 0, 0, 0 from "user" where created_at >= ${since}
        union all select ${local('paid_at')}, 0, 0, 0, 0, 1, fen, 0 from orders
          where paid_at >= ${since} and currency = 'CNY' and not simulated
        union all select ${local('r.ended_at')}, 0, 0, 0, 0, 0, 0, r.fen from refund r join orders o on o.id = r.order_id
          where r.state = 'done' and r.ended_at >= ${since} and o.currency = 'CNY' and not o.simulated
      )
    select step.local at time zone ${zone} as at, coalesce(sum(photos), 0)::int as photos, coalesce(sum(done), 0)::int as done,
      coalesce(sum(failed), 0)::int as failed, coalesce(sum(users), 0)::int as users, coalesce(sum(orders), 0)::int as orders,
      coalesce(sum(paid), 0)::float8 as paid_fen, coalesce(sum(refunded), 0)::float8 as refunded_fen
      from step left join seen on seen.local = step.local group by step.local order by step.local`.execute(db);
  return rows.map(({ at, ...counts }) => ({ at: at.toISOString(), ...counts }));
}
