import { randomBytes, randomUUID } from 'node:crypto';
import { AppError, type ErrorCode } from '@hili/contract';
import { presentOwner } from './adoption.ts';
import type { Config } from './config.ts';
import { type Clock, type Db, inTransaction, type Tx, throughOutage } from './database.ts';
import { publish } from './events.ts';
import { giveBack, paidBefore, refuseSecond, takeCredit } from './job-credits.ts';
import { claimJobId, forgetFaces, insertJob, jobsOf, lockOpenJob, resultKeys, setFailed } from './job-rows.ts';
import { isOwnedBy, type Owned, type Owner, ownedBy, personOf } from './owners.ts';
import {
  findPhoto,
  insertPhoto,
  isGone,
  lockPhoto,
  markRemoved,
  type PhotoRow,
  setExpiry,
  setReruns,
} from './photos.ts';
import { priority, type Queue } from './queue.ts';
import type { Storage } from './storage/disk.ts';
import type { Job, Photo } from './tables.ts';
import type { RunWish } from './wishes.ts';

export { countQueued, position } from './job-rows.ts';

/** What the functions of this file work with. */
export interface JobDeps {
  readonly db: Db;
  readonly queue: Queue;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly config: Pick<
    Config,
    | 'FREE_PER_DAY'
    | 'FREE_PER_ADDRESS'
    | 'FREE_LONG_EDGE'
    | 'TIME_ZONE'
    | 'RETENTION_SECONDS'
    | 'JOB_DEADLINE_SECONDS'
    | 'LEASE_SECONDS'
    | 'PAID_HEAD_START_SECONDS'
  >;
}

/** A picture that lies in storage and is not yet anybody's. */
export interface Upload {
  readonly key: string;
  /** 64 hex digits. */
  readonly sha256: string;
  readonly bytes: number;
  /** The file's name as its owner knows it. */
  readonly name: string;
  /** From the picture's header, upright. */
  readonly header: { readonly format: string; readonly width: number; readonly height: number };
}

/** What an owner asks to be run. */
export interface Wish extends RunWish {
  readonly owner: Owner;
  /** The id that the caller knows the run by already: it is made, and charged, once. */
  readonly runId?: string | undefined;
}

/** A photo to be made, with its first run. */
export interface NewPhoto extends Wish {
  readonly file: Upload;
  /** 32 random hex digits that the caller knows it by already: it is made, and charged, once. */
  readonly photoId?: string | undefined;
}

/** Characters of a photo's name that are kept. */
const NAME_LENGTH = 255;
/** Seconds for which a request waits for a database that restarts: recovery was 7 to 13 s on a loaded machine. */
const OUTAGE_SECONDS = 20;

/**
 * Takes a photo in: one transaction makes the photo, its job, a hold on one credit and the queue's message. When it throws an AppError,
 * nothing is left and the caller removes the stored file.
 * @returns the photo; one of the same id that was made before, whose stored file is then another.
 * @throws AppError NO_CREDITS; PHOTO_BUSY while another photo of this person is under way, unless their package has batch; BAD_REQUEST
 * when the id is another's; SIGN_IN_REQUIRED for a deleted account.
 */
export async function submit(deps: JobDeps, { file, photoId, ...wish }: NewPhoto): Promise<Photo> {
  const id = photoId ?? randomBytes(16).toString('hex');
  // A connection may break after the commit and before its answer: then the photo is there when we try again.
  return throughOutage(OUTAGE_SECONDS, async () => {
    await deps.db.transaction().execute(async (tx) => {
      const now = deps.clock();
      const { key, sha256, bytes, name, header } = file;
      const owner = await presentOwner(tx, wish.owner);
      const isNew = await insertPhoto(tx, {
        id,
        ...ownedBy(owner),
        ...{
          name: name.replaceAll('\0', '').toWellFormed().slice(0, NAME_LENGTH),
          format: header.format,
          width: header.width,
          height: header.height,
          bytes,
          sha256,
        },
        uploadKey: key,
        createdAt: now,
      });
      if (isNew) return enqueue(tx, deps, id, { ...wish, owner }, now);
      const known = await lockPhoto(tx, id);
      if (!known || !isOwnedBy(known, owner)) throw new AppError('BAD_REQUEST', { field: 'id' });
    });
    return mustFind(deps.db, id);
  });
}

/**
 * Runs another recipe, or the same with other settings, on a photo that is still kept. Twice it costs nothing once the photo has been
 * paid for.
 * @returns the photo, and whether the run is new: not when it was made under the same id before; it may be over then.
 * @throws AppError of `submit`, also for the id of another photo's run; PHOTO_BUSY while a job of this photo is under way, PHOTO_NOT_FOUND,
 * PHOTO_EXPIRED.
 */
export async function runAgain(
  deps: JobDeps,
  { photoId, ...wish }: Wish & { photoId: string },
): Promise<{ photo: Photo; isNew: boolean }> {
  const isNew = await inTransaction(deps.db, async (tx) => {
    const now = deps.clock();
    const owner = await presentOwner(tx, wish.owner);
    const photo = await lockPhoto(tx, photoId);
    if (!photo || !isOwnedBy(photo, owner)) throw new AppError('PHOTO_NOT_FOUND');
    if (isGone(photo, now)) throw new AppError('PHOTO_EXPIRED');
    const known = wish.runId === undefined ? undefined : await claimJobId(tx, wish.runId);
    if (known === photoId) return false;
    if (known !== undefined) throw new AppError('BAD_REQUEST', { field: 'id' });
    if (await lockOpenJob(tx, photoId)) throw new AppError('PHOTO_BUSY');
    const reruns = photo.rerunsLeft ?? 0;
    if (reruns > 0) await setReruns(tx, photoId, reruns - 1);
    const before = (await jobsOf(tx, [photoId])).at(-1);
    await enqueue(tx, deps, photoId, { ...wish, owner }, now, { rerun: reruns > 0, before });
    await setExpiry(tx, photoId, null);
    return true;
  });
  return { photo: await mustFind(deps.db, photoId), isNew };
}

/** Ends a photo's job that is under way as failed with CANCELLED and gives the credit back. @returns whether there was one. */
export async function cancel(deps: JobDeps, photoId: string): Promise<boolean> {
  return deps.db.transaction().execute(async (tx) => {
    const photo = await lockPhoto(tx, photoId);
    const job = await lockOpenJob(tx, photoId);
    if (!photo || !job) return false;
    await failForGood(tx, deps, photo, job, 'CANCELLED');
    return true;
  });
}

/** Deletes a photo's pictures now; a job under way is cancelled. */
export async function removePhoto(deps: JobDeps, photoId: string): Promise<void> {
  // First it is gone for everybody, then its files go: whatever is killed between the two, the sweep ends it.
  await deps.db.transaction().execute(async (tx) => {
    const photo = await lockPhoto(tx, photoId);
    if (!photo || isGone(photo, deps.clock())) return;
    const job = await lockOpenJob(tx, photoId);
    if (job) await failForGood(tx, deps, photo, job, 'CANCELLED');
    await setExpiry(tx, photoId, deps.clock());
  });
  await deps.db.transaction().execute(async (tx) => {
    const photo = await lockPhoto(tx, photoId);
    if (photo && !photo.removedAt) await removePictures(tx, deps, photo);
  });
}

/**
 * Removes a locked photo's pictures from storage, then says so in its row and forgets what was seen of its faces. Repeating it after a
 * crash does no harm.
 */
export async function removePictures(tx: Tx, { storage, clock }: JobDeps, photo: PhotoRow): Promise<void> {
  const keys = [photo.uploadKey, photo.previewKey, ...(await resultKeys(tx, photo.id))].filter((key) => key !== null);
  for (const key of keys) await storage.remove(key);
  await markRemoved(tx, photo.id, clock());
  await forgetFaces(tx, photo.id);
  const person = personOf(photo);
  if (person) await publish(tx, `owner:${person}`, { kind: 'gone', photoId: photo.id });
}

/** Ends a locked job as failed: credit back, the photo kept for its time, the run told to stop. */
export async function failForGood(tx: Tx, deps: JobDeps, photo: PhotoRow, job: Job, code: ErrorCode): Promise<void> {
  const now = deps.clock();
  await setFailed(tx, job.id, code, now);
  await giveBack(tx, photo, job, now);
  await setExpiry(tx, photo.id, afterRetention(deps, now));
  await publish(tx, `job:${job.id}`, { kind: 'cancel' });
  await tellPerson(tx, photo);
}

/** Tells the pages of a photo's visitor or user that it changed. */
export async function tellPerson(tx: Tx, photo: Owned & { readonly id: string }): Promise<void> {
  const person = personOf(photo);
  if (person) await publish(tx, `owner:${person}`, { kind: 'photo', photoId: photo.id });
}

/** When the pictures of a photo go whose job ended now. */
export function afterRetention({ config }: Pick<JobDeps, 'config'>, now: Date): Date {
  return new Date(now.getTime() + config.RETENTION_SECONDS * 1000);
}

/** What a run follows on the same photo: `before` is the run that was the newest. */
interface Sequel {
  readonly rerun: boolean;
  readonly before: Job | undefined;
}

async function enqueue(
  tx: Tx,
  deps: JobDeps,
  photoId: string,
  wish: Wish,
  now: Date,
  { rerun, before }: Sequel = { rerun: false, before: undefined },
): Promise<void> {
  const { config, queue } = deps;
  const { owner } = wish;
  const id = wish.runId ?? randomUUID();
  const paid = rerun ? await paidBefore(tx, owner, photoId) : await takeCredit(tx, deps, owner, id, now);
  if (owner.kind !== 'partner') await refuseSecond(tx, owner, paid.free, now);
  const rank = priority(now, paid.free, config.PAID_HEAD_START_SECONDS);
  await insertJob(tx, {
    id,
    photoId,
    recipe: wish.recipe,
    options: JSON.stringify(wish.options),
    ...paid,
    rerun,
    state: 'queued',
    address: owner.kind === 'partner' ? null : owner.address,
    priority: rank,
    messageId: await queue.send(tx, id, rank),
    // After the one before even when the clock was set back: the newest run is the one that is shown.
    createdAt: new Date(Math.max(now.getTime(), (before?.createdAt.getTime() ?? 0) + 1)),
    deadline: new Date(now.getTime() + config.JOB_DEADLINE_SECONDS * 1000),
  });
  await tellPerson(tx, { id: photoId, ...ownedBy(owner) });
}

async function mustFind(db: Db, id: string): Promise<Photo> {
  const photo = await findPhoto(db, id);
  if (!photo) throw new Error(`expected photo ${id} after its transaction but received none`);
  return photo;
}
