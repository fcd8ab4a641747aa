import type { ErrorCode } from '@hili/contract';
import { type Insertable, sql } from 'kysely';
import type { Db, Tx } from './database.ts';
import { OWNER_COLUMN, type OwnerRef } from './owners.ts';
import type { Job, JobReport, JobResult, Tables } from './tables.ts';
import { isUuid } from './uuid.ts';

const OPEN = ['queued', 'running'] as const;

export async function insertJob(tx: Tx, row: Insertable<Tables['job']>): Promise<void> {
  await tx.insertInto('job').values(row).execute();
}

/** The newest job of each photo, among those in these states. */
export async function newestJobs(
  db: Db,
  photoIds: readonly string[],
  states: readonly Job['state'][],
): Promise<Map<string, Job>> {
  if (photoIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('job')
    .selectAll()
    .distinctOn('photoId')
    .where('photoId', 'in', photoIds)
    .where('state', 'in', states)
    .orderBy('photoId')
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .execute();
  return new Map(rows.map((row) => [row.photoId, row]));
}

/** Every job of these photos, oldest first. */
export async function jobsOf(db: Db, photoIds: readonly string[]): Promise<Job[]> {
  if (photoIds.length === 0) return [];
  return db.selectFrom('job').selectAll().where('photoId', 'in', photoIds).orderBy('createdAt').orderBy('id').execute();
}

/** The photo of a job; which one it is never changes. */
export async function photoOf(db: Db, jobId: string): Promise<string | undefined> {
  return (await db.selectFrom('job').select('photoId').where('id', '=', jobId).executeTakeFirst())?.photoId;
}

/** Keeps an id that no job may have yet to this transaction; its photo's lock comes first. @returns the photo of its job, if any. */
export async function claimJobId(tx: Tx, id: string): Promise<string | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${id}, 1))`.execute(tx);
  return photoOf(tx, id);
}

/** Locks a job for the transaction; its photo's lock comes first. */
export function lockJob(tx: Tx, id: string): Promise<Job | undefined> {
  return tx.selectFrom('job').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** Locks the job of a photo that is under way. */
export function lockOpenJob(tx: Tx, photoId: string): Promise<Job | undefined> {
  return tx
    .selectFrom('job')
    .selectAll()
    .where('photoId', '=', photoId)
    .where('state', 'in', OPEN)
    .forUpdate()
    .executeTakeFirst();
}

/** Begins a run: another attempt under a new lease. */
export async function setRunning(tx: Tx, id: string, lease: string, leaseUntil: Date, now: Date): Promise<void> {
  await tx
    .updateTable('job')
    .set((e) => ({
      state: 'running',
      attempt: e('attempt', '+', 1),
      lease,
      leaseUntil,
      startedAt: now,
      progress: 0,
      step: null,
    }))
    .where('id', '=', id)
    .execute();
}

/** Puts a job back to wait for another run. */
export async function setQueued(tx: Tx, id: string, attempt: number, messageId: string): Promise<void> {
  await tx
    .updateTable('job')
    .set({ state: 'queued', attempt, lease: null, leaseUntil: null, messageId, progress: 0, step: null })
    .where('id', '=', id)
    .execute();
}

/** Names the message that is to wake a worker for a job that waits. */
export async function setMessage(tx: Tx, id: string, messageId: string): Promise<void> {
  await tx.updateTable('job').set({ messageId }).where('id', '=', id).execute();
}

/** A result as a run has stored it, with the keys of its further pictures. */
export type Made = JobResult & { readonly beforeKey?: string | undefined; readonly previewKey?: string | undefined };

export async function setDone(
  tx: Tx,
  id: string,
  { beforeKey, previewKey, ...result }: Made,
  report: JobReport,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('job')
    .set({
      state: 'done',
      leaseUntil: null,
      progress: 1,
      step: null,
      result: JSON.stringify(result),
      report: JSON.stringify(report),
      beforeKey: beforeKey ?? null,
      previewKey: previewKey ?? null,
      endedAt: now,
    })
    .where('id', '=', id)
    .execute();
}

/** Forgets where faces are in the results of a photo, and how they are held. */
export async function forgetFaces(tx: Tx, photoId: string): Promise<void> {
  await tx
    .updateTable('job')
    .set({ report: sql`report - 'faces' - 'checks'` })
    .where('photoId', '=', photoId)
    .where('report', 'is not', null)
    .execute();
}

export async function setFailed(tx: Tx, id: string, error: ErrorCode, now: Date): Promise<void> {
  await tx
    .updateTable('job')
    .set({ state: 'failed', leaseUntil: null, step: null, error, endedAt: now })
    .where('id', '=', id)
    .execute();
}

/**
 * Says that a run goes on, and where it stands.
 * @returns the photo, or undefined when the lease is lost.
 */
export async function extendLease(
  db: Db,
  id: string,
  lease: string,
  leaseUntil: Date,
  progress: number,
  step: string | null,
): Promise<string | undefined> {
  const row = await db
    .updateTable('job')
    .set({ leaseUntil, progress, step })
    .where('id', '=', id)
    .where('lease', '=', lease)
    .where('state', '=', 'running')
    .returning('photoId')
    .executeTakeFirst();
  return row?.photoId;
}

/** What a job that is done has made. */
export async function findResult(
  db: Db,
  id: string,
): Promise<
  (Pick<Job, 'id' | 'photoId' | 'beforeKey' | 'previewKey' | 'tilesKey'> & { result: JobResult }) | undefined
> {
  if (!isUuid(id)) return undefined;
  const columns = ['id', 'photoId', 'result', 'beforeKey', 'previewKey', 'tilesKey'] as const;
  const row = await db.selectFrom('job').select(columns).where('id', '=', id).executeTakeFirst();
  return row?.result ? { ...row, result: row.result } : undefined;
}

type Pictures = Pick<Job, 'result' | 'beforeKey' | 'previewKey' | 'tilesKey'>;
const keysOf = ({ result, beforeKey, previewKey, tilesKey }: Pictures) =>
  [result?.key ?? null, beforeKey, previewKey, tilesKey].filter((key) => key !== null);

/** Notes the tiles of a result. @returns the key of those that count: the first. */
export async function setTiles(tx: Tx, id: string, tilesKey: string): Promise<string | undefined> {
  const row = await tx
    .updateTable('job')
    .set((e) => ({ tilesKey: e.fn.coalesce('tilesKey', e.val(tilesKey)) }))
    .where('id', '=', id)
    .returning('tilesKey')
    .executeTakeFirst();
  return row?.tilesKey ?? undefined;
}

/** The storage keys of what a photo's jobs have made. */
export async function resultKeys(db: Db, photoId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('job')
    .select(['result', 'beforeKey', 'previewKey', 'tilesKey'])
    .where('photoId', '=', photoId)
    .execute();
  return rows.flatMap(keysOf);
}

/** Those of the keys that name what a job has made, and others of the same jobs. */
export async function knownResultKeys(db: Db, keys: readonly string[]): Promise<string[]> {
  const some = sql`any(${[...keys]}::text[])`;
  const rows = await db
    .selectFrom('job')
    .select(['result', 'beforeKey', 'previewKey', 'tilesKey'])
    .where(sql<boolean>`result_key = ${some} or before_key = ${some} or preview_key = ${some} or tiles_key = ${some}`)
    .execute();
  return rows.flatMap(keysOf);
}

/** What a photo has been paid with: whether only by free photos, and the longest side that is allowed its results. */
export async function paidWith(db: Db, photoId: string): Promise<{ free: boolean; maxSide: number | null }> {
  const paid = await db
    .selectFrom('job')
    .select(['free', 'maxSide'])
    .where('photoId', '=', photoId)
    .where('state', '=', 'done')
    .where('rerun', '=', false)
    .where(sql<boolean>`(report ->> 'changed')::boolean`)
    .execute();
  const sides = paid.filter(({ free }) => !free).map(({ maxSide }) => maxSide);
  const limits = sides.filter((side) => side !== null);
  return {
    free: sides.length === 0,
    maxSide: limits.length < sides.length || limits.length === 0 ? null : Math.max(...limits),
  };
}

/** Whether a job of this person is under way; with `onlyFree`, a free one. */
export async function hasOpenJob(db: Db, { kind, id }: OwnerRef, onlyFree: boolean): Promise<boolean> {
  const row = await db
    .selectFrom('job')
    .innerJoin('photo', 'photo.id', 'job.photoId')
    .select('job.id')
    .where(`photo.${OWNER_COLUMN[kind]}`, '=', id)
    .where('job.free', 'in', onlyFree ? [true] : [true, false])
    .where('job.state', 'in', OPEN)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Free jobs since a moment that came from one address and were not given back; runs at no cost aside. */
export async function countFreeJobs(db: Db, address: Buffer, since: Date): Promise<number> {
  const row = await db
    .selectFrom('job')
    .select((e) => e.fn.countAll<number>().as('jobs'))
    .where('address', '=', address)
    .where('free', '=', true)
    .where('rerun', '=', false)
    .where('createdAt', '>=', since)
    .where('state', '<>', 'failed')
    .executeTakeFirstOrThrow();
  return row.jobs;
}

/** Jobs in front of a job that waits; null when it does not wait. */
export async function position(db: Db, jobId: string): Promise<number | null> {
  const { rows } = await sql<{ ahead: number }>`
    select (select count(*)::int from job o where o.state = 'queued'
        and (-o.priority, o.created_at, o.id) < (-j.priority, j.created_at, j.id)) as ahead
      from job j where j.id = ${jobId} and j.state = 'queued'`.execute(db);
  return rows[0]?.ahead ?? null;
}

/** Jobs that wait, counted up to `most`. */
export async function countQueued(db: Db, most: number): Promise<number> {
  const { rows } = await sql<{ jobs: number }>`
    select count(*)::int as jobs from (select 1 from job where state = 'queued' limit ${most}) waiting`.execute(db);
  return rows[0]?.jobs ?? 0;
}

/** Jobs whose time is over: their run fell silent, or they reached the deadline. */
export async function overdueJobs(db: Db, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('job')
    .select('id')
    .where('state', 'in', OPEN)
    .where((e) => e.or([e('deadline', '<=', now), e('leaseUntil', '<', now)]))
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Jobs that have waited since before a moment, with the message that is to wake a worker. */
export function waitingJobs(db: Db, before: Date): Promise<{ id: string; messageId: string }[]> {
  return db
    .selectFrom('job')
    .select(['id', 'messageId'])
    .where('state', '=', 'queued')
    .where('createdAt', '<', before)
    .execute();
}
