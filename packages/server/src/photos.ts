import { JOB_STATES } from '@hili/contract';
import { type Insertable, type Selectable, sql } from 'kysely';
import { complaintsAbout } from './complaints.ts';
import type { Db, Tx } from './database.ts';
import { findResult, newestJobs } from './job-rows.ts';
import { OWNER_COLUMN, type Owned, type OwnerRef, ownedBy } from './owners.ts';
import type { FileLink } from './signing.ts';
import type { Photo, Tables } from './tables.ts';

export type PhotoRow = Selectable<Tables['photo']>;

const isPhotoId = (text: string) => /^[0-9a-f]{32}$/.test(text);

/** Whether the pictures of a photo are gone, or are to go at any moment. */
export function isGone(photo: Pick<Photo, 'expiresAt' | 'removedAt'>, now: Date): boolean {
  return photo.removedAt !== null || (photo.expiresAt !== null && photo.expiresAt <= now);
}

/** Reads photos and then their jobs as they were at one moment: a job that ends in between would not fit its photo. */
function atOnce<T>(db: Db, read: (db: Db) => Promise<T>): Promise<T> {
  if (db.isTransaction) return read(db);
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read);
}

/** An owner's photo, gone ones too. @returns undefined when unknown or another's. */
export async function findOwnPhoto(db: Db, owner: OwnerRef, id: string): Promise<Photo | undefined> {
  if (!isPhotoId(id)) return undefined;
  return atOnce(db, async (tx) => {
    const rows = await photos(tx).where('id', '=', id).where(OWNER_COLUMN[owner.kind], '=', owner.id).execute();
    return (await withJobs(tx, rows))[0];
  });
}

/** An owner's photos that are not gone, newest first. */
export function listOwnPhotos(db: Db, owner: OwnerRef, now: Date): Promise<Photo[]> {
  return atOnce(db, async (tx) => {
    const rows = await photos(tx)
      .where(OWNER_COLUMN[owner.kind], '=', owner.id)
      .where('removedAt', 'is', null)
      .where((e) => e.or([e('expiresAt', 'is', null), e('expiresAt', '>', now)]))
      .orderBy('createdAt', 'desc')
      .orderBy('id')
      .execute();
    return withJobs(tx, rows);
  });
}

/** Every photo that an owner ever had, oldest first. */
export function listAllPhotos(db: Db, { kind, id }: OwnerRef): Promise<PhotoRow[]> {
  return photos(db).where(OWNER_COLUMN[kind], '=', id).orderBy('createdAt').orderBy('id').execute();
}

/** A stored picture of a photo, as a link names it. */
export interface Picture {
  readonly key: string;
  readonly format: string;
  /** The photo's name as its owner knows it. */
  readonly name: string;
}

/**
 * The picture behind a link: a photo's upload or preview by the photo's id; a job's result, large and small, and what went into it, by the
 * job's.
 * @returns undefined when there is none, or when the photo is gone.
 */
export async function findPicture(db: Db, kind: FileLink['kind'], id: string, now: Date): Promise<Picture | undefined> {
  if (kind === 'tiles') return undefined; // only one by one
  const ofJob = kind === 'before' || kind === 'result' || kind === 'result-preview';
  const job = ofJob ? await findResult(db, id) : undefined;
  if (ofJob ? !job : !isPhotoId(id)) return undefined;
  const [photo] = await photos(db)
    .where('id', '=', job?.photoId ?? id)
    .execute();
  if (!photo || isGone(photo, now)) return undefined;
  const { name } = photo;
  if (kind === 'before') return job?.beforeKey ? { key: job.beforeKey, format: 'jpeg', name } : undefined;
  if (kind === 'result-preview') return job?.previewKey ? { key: job.previewKey, format: 'jpeg', name } : undefined;
  if (job) return { key: job.result.key, format: job.result.format, name };
  if (kind === 'preview') return photo.previewKey ? { key: photo.previewKey, format: 'jpeg', name } : undefined;
  return photo.uploadKey ? { key: photo.uploadKey, format: photo.format, name } : undefined;
}

/** Reads a photo with its newest job. */
export function findPhoto(db: Db, id: string): Promise<Photo | undefined> {
  return atOnce(db, async (tx) => (await withJobs(tx, await photos(tx).where('id', '=', id).execute()))[0]);
}

/**
 * Locks a photo for the transaction. Whoever changes a photo or its jobs takes this lock first, then the job's, then the wallet's:
 * one order everywhere, so that nobody waits in a circle.
 */
export function lockPhoto(tx: Tx, id: string): Promise<PhotoRow | undefined> {
  return photos(tx).where('id', '=', id).forUpdate().executeTakeFirst();
}

/** Locks an owner's photos whose pictures are still there, in one order everywhere. */
export function lockPhotosOf(tx: Tx, { kind, id }: OwnerRef): Promise<PhotoRow[]> {
  return photos(tx)
    .where(OWNER_COLUMN[kind], '=', id)
    .where('removedAt', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute();
}

/** Adds a photo. Waits for another transaction that adds one of the same id. @returns false when there is one already. */
export async function insertPhoto(tx: Tx, row: Insertable<Tables['photo']>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('photo')
    .values(row)
    .onConflict((on) => on.column('id').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Sets when a photo's pictures go; null while a job is under way. */
export async function setExpiry(tx: Tx, id: string, expiresAt: Date | null): Promise<void> {
  await tx.updateTable('photo').set({ expiresAt }).where('id', '=', id).execute();
}

/** Sets how many runs at no cost a photo has left. */
export async function setReruns(tx: Tx, id: string, rerunsLeft: number): Promise<void> {
  await tx.updateTable('photo').set({ rerunsLeft }).where('id', '=', id).execute();
}

/** Notes the preview of a photo. @returns false when it has one already, or is gone. */
export async function setPreview(db: Db, id: string, key: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('photo')
    .set({ previewKey: key })
    .where('id', '=', id)
    .where('previewKey', 'is', null)
    .where('removedAt', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Says that a photo's pictures are gone, and forgets the name that its owner gave it. */
export async function markRemoved(tx: Tx, id: string, now: Date): Promise<void> {
  const gone = { uploadKey: null, previewKey: null, name: '', removedAt: now };
  await tx.updateTable('photo').set(gone).where('id', '=', id).execute();
}

/** Whose a photo is now. */
export function findOwned(db: Db, id: string): Promise<(Owned & { id: string }) | undefined> {
  return db
    .selectFrom('photo')
    .select(['id', 'partnerId', 'visitorId', 'userId'])
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Makes a visitor's photos a user's. */
export async function movePhotos(tx: Tx, visitorId: string, userId: string): Promise<void> {
  await tx
    .updateTable('photo')
    .set(ownedBy({ kind: 'user', id: userId }))
    .where('visitorId', '=', visitorId)
    .execute();
}

/** Sets whether a mail says that this photo is ready. */
export async function setMailWhenReady(db: Db, id: string, mail: boolean): Promise<void> {
  await db.updateTable('photo').set({ mailWhenReady: mail }).where('id', '=', id).execute();
}

/** Photos whose pictures should have gone before `since` and are still there. */
export async function countOverdue(db: Db, since: Date): Promise<number> {
  const { count } = await db
    .selectFrom('photo')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('removedAt', 'is', null)
    .where('expiresAt', '<=', since)
    .executeTakeFirstOrThrow();
  return count;
}

/** Locks one photo that is due to go and that nobody else is removing, other than these. */
export function lockDuePhoto(tx: Tx, now: Date, others: Iterable<string> = []): Promise<PhotoRow | undefined> {
  return photos(tx)
    .where('removedAt', 'is', null)
    .where('expiresAt', '<=', now)
    .where(sql<boolean>`id <> all(${[...others]}::text[])`)
    .orderBy('expiresAt')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

/** Those of the keys that a photo names as its upload or preview. */
export async function knownPhotoKeys(db: Db, keys: readonly string[]): Promise<string[]> {
  const rows = await photos(db)
    .where((e) => e.or([e('uploadKey', 'in', keys), e('previewKey', 'in', keys)]))
    .execute();
  return rows.flatMap(({ uploadKey, previewKey }) => [uploadKey, previewKey]).filter((key) => key !== null);
}

function photos(db: Db) {
  return db.selectFrom('photo').selectAll();
}

async function withJobs(db: Db, rows: readonly PhotoRow[]): Promise<Photo[]> {
  const ids = rows.map(({ id }) => id);
  const jobs = await newestJobs(db, ids, JOB_STATES);
  const others = rows.filter(({ id }) => jobs.get(id)?.state !== 'done').map(({ id }) => id);
  const done = await newestJobs(db, others, ['done']);
  const complaints = await complaintsAbout(db, ids);
  return rows.flatMap((row) => {
    const job = jobs.get(row.id);
    if (!job) return [];
    const doneJob = job.state === 'done' ? job : done.get(row.id);
    return [{ ...row, job, doneJob, complaint: complaints.get(row.id) }];
  });
}
