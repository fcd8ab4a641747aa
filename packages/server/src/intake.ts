import { rm } from 'node:fs/promises';
import { AppError } from '@hili/contract';
import { throughOutage } from './database.ts';
import type { AppDeps } from './deps.ts';
import { countQueued, removePhoto, type Upload as Stored, submit } from './jobs.ts';
import type { Owner } from './owners.ts';
import { previewAtOnce } from './previews.ts';
import { readerOf } from './readers.ts';
import { newKey } from './storage/disk.ts';
import type { Photo } from './tables.ts';
import type { Exchange, IncomingFile } from './uploads.ts';
import type { RunWish } from './wishes.ts';

/** What somebody wants of a file: which run, and at whose cost. */
export interface Errand extends RunWish {
  readonly owner: Owner;
  /** The id that the caller knows the photo by already: it is made and charged once. */
  readonly photoId?: string | undefined;
}

/** A file, with its header where it has been judged already. */
export interface NewFile extends IncomingFile {
  readonly header?: Stored['header'];
}

/** A photo that was taken in, now or, when somebody asks again for one of the same id, before. */
export interface Taken {
  readonly photo: Photo;
  readonly isNew: boolean;
}

/**
 * Makes an uploaded file a photo with a job: judged by its content, stored, then submitted and charged in one transaction.
 * @param exchange whose end, before the id is known to anybody, ends all of it.
 * @throws AppError of `submit`; PhotoError of the engine's `inspect`; UPLOAD_FAILED when it cannot be stored or the client has left.
 */
export async function takeIn(deps: AppDeps, file: NewFile, errand: Errand, exchange?: Exchange): Promise<Taken> {
  const { owner } = errand;
  const header = file.header ?? (await deps.readers.inspect(readerOf(owner), file.path));
  const key = newKey(header.format);
  await deps.storage.put(key, file.path).catch((cause) => {
    throw new AppError('UPLOAD_FAILED', { cause });
  });
  try {
    // Nobody would learn the photo's id, so nobody pays for it.
    if (exchange?.outgoing.destroyed) throw new AppError('UPLOAD_FAILED');
    const { sha256, bytes } = file;
    const photo = await submit(deps, { ...errand, file: { key, sha256, bytes, name: file.name || 'photo', header } });
    const isNew = photo.uploadKey === key;
    // The client left while the database took its time: as above, but where it knows the id and can ask for the photo.
    if (isNew && errand.photoId === undefined && exchange?.outgoing.destroyed) {
      await removePhoto(deps, photo.id);
      throw new AppError('UPLOAD_FAILED');
    }
    if (isNew)
      void previewAtOnce(deps, photo, readerOf(owner)); // the answer does not wait for it
    else await deps.storage.remove(key);
    return { photo, isNew };
  } catch (error) {
    // After any other error the transaction may have been committed all the same: then the sweep of orphans decides.
    if (error instanceof AppError) await deps.storage.remove(key);
    throw error;
  }
}

/** Seconds after which a caller who found the queue or the disk full should try again. */
const BUSY_SECONDS = 30;

/** Seconds for which what an upload asks of the database waits while that restarts, as `submit` does. */
const OUTAGE_SECONDS = 20;

/** Lets an upload wait for a database that restarts. The work has to be safe to repeat. */
export const throughRestart = <T>(work: () => Promise<T>): Promise<T> => throughOutage(OUTAGE_SECONDS, work);

/**
 * Waits for a database that restarts.
 * @throws AppError OVERLOADED while more jobs wait than the queue is allowed to hold, or a disk has too little room.
 */
export async function refuseWhenFull({ db, config, hasRoom }: AppDeps): Promise<void> {
  const queued = await throughRestart(() => countQueued(db, config.QUEUE_LIMIT));
  if (queued >= config.QUEUE_LIMIT || !(await hasRoom()))
    throw new AppError('OVERLOADED', { retryAfter: BUSY_SECONDS });
}

/** Works on a local copy of a photo's uploaded picture, which is removed afterwards unless it was moved. */
export async function withUpload<T>(
  { storage }: Pick<AppDeps, 'storage'>,
  { uploadKey }: Photo,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const path = storage.incoming();
  try {
    // Deleted by its owner meanwhile.
    await storage.fetch(String(uploadKey), path).catch((cause) => {
      throw new AppError('PHOTO_EXPIRED', { cause });
    });
    return await work(path);
  } finally {
    await rm(path, { force: true });
  }
}
