import type { ErrorCode, RecipeName } from '@hili/contract';
import type { Config } from './config.ts';
import type { Clock, Db } from './database.ts';
import type { Queue } from './queue.ts';
import type { Storage } from './storage/disk.ts';
import type { JobOptions, JobReport, JobResult, Photo } from './tables.ts';

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
    | 'PAID_HEAD_START_SECONDS'
  >;
}

/** Who uploads: a `Partner` or a `Visitor` with its kind. */
export type Owner =
  | { readonly kind: 'partner'; readonly id: string; readonly walletId: string }
  | { readonly kind: 'visitor'; readonly id: string; readonly walletId: string; readonly address: Buffer };

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

/**
 * Takes a photo in: one transaction makes the photo, its job, a hold on one credit and the queue's message. When it throws,
 * nothing is left and the caller removes the stored file.
 * @throws AppError NO_CREDITS, or PHOTO_BUSY while another free photo of this visitor is under way.
 */
export async function submit(
  _deps: JobDeps,
  _request: { owner: Owner; file: Upload; recipe: RecipeName; options: JobOptions },
): Promise<Photo> {
  throw new Error('not written yet');
}

/**
 * Runs another recipe on a photo that is still kept.
 * @throws AppError NO_CREDITS, PHOTO_BUSY while a job of this photo is under way, PHOTO_NOT_FOUND, PHOTO_EXPIRED.
 */
export async function runAgain(
  _deps: JobDeps,
  _request: { owner: Owner; photoId: string; recipe: RecipeName; options: JobOptions },
): Promise<Photo> {
  throw new Error('not written yet');
}

/** Ends a photo's job that is under way as failed with CANCELLED and gives the credit back. @returns whether there was one. */
export async function cancel(_deps: JobDeps, _photoId: string): Promise<boolean> {
  throw new Error('not written yet');
}

/** Deletes a photo's pictures now; a job under way is cancelled. */
export async function removePhoto(_deps: JobDeps, _photoId: string): Promise<void> {
  throw new Error('not written yet');
}

/** Jobs in front of a job that waits; null when it does not wait. */
export async function position(_db: Db, _jobId: string): Promise<number | null> {
  throw new Error('not written yet');
}

/** Jobs that wait, counted up to `most`. */
export async function countQueued(_db: Db, _most: number): Promise<number> {
  throw new Error('not written yet');
}

export type { ErrorCode, JobReport, JobResult };
