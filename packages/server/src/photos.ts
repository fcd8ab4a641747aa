import type { Db } from './database.ts';
import type { Photo } from './tables.ts';

/** Whether the pictures of a photo are gone, or are to go at any moment. */
export function isGone(photo: Pick<Photo, 'expiresAt' | 'removedAt'>, now: Date): boolean {
  return photo.removedAt !== null || (photo.expiresAt !== null && photo.expiresAt <= now);
}

/** A partner's photo by its `mdf`, gone ones too. @returns undefined when unknown or another's. */
export async function findPartnerPhoto(_db: Db, _partnerId: string, _mdf: string): Promise<Photo | undefined> {
  throw new Error('not written yet');
}

/** A visitor's photo, gone ones too. @returns undefined when unknown or another's. */
export async function findVisitorPhoto(_db: Db, _visitorId: string, _id: string): Promise<Photo | undefined> {
  throw new Error('not written yet');
}

/** A visitor's photos that are not gone, newest first. */
export async function listVisitorPhotos(_db: Db, _visitorId: string, _now: Date): Promise<Photo[]> {
  throw new Error('not written yet');
}

/** A stored picture of a photo, as a link names it. */
export interface Picture {
  readonly key: string;
  readonly format: string;
  /** The photo's name as its owner knows it. */
  readonly name: string;
}

/**
 * The picture behind a link: a photo's upload or preview by the photo's id, a result by its job's.
 * @returns undefined when there is none, or when the photo is gone.
 */
export async function findPicture(
  _db: Db,
  _kind: 'original' | 'preview' | 'result',
  _id: string,
  _now: Date,
): Promise<Picture | undefined> {
  throw new Error('not written yet');
}
