import { AppError } from '@hili/contract';
import { type Actor, recordAct } from './audit.ts';
import type { Tx } from './database.ts';
import { jobsOf, lockJob, photoOf } from './job-rows.ts';
import { failForGood, type JobDeps, runAgain } from './jobs.ts';
import type { Owner } from './owners.ts';
import { findOwned, lockPhoto, type PhotoRow } from './photos.ts';
import type { Job } from './tables.ts';
import { holdUser } from './users.ts';
import { isUuid } from './uuid.ts';
import { walletOf } from './wallets.ts';

/** Locks a photo and its job, in that order. @throws AppError DATA_NOT_FOUND */
async function lockBoth(tx: Tx, id: string): Promise<{ photo: PhotoRow; job: Job }> {
  const photoId = isUuid(id) ? await photoOf(tx, id) : undefined;
  const photo = photoId === undefined ? undefined : await lockPhoto(tx, photoId);
  const job = photo && (await lockJob(tx, id));
  if (!photo || !job) throw new AppError('DATA_NOT_FOUND', { detail: 'expected the id of a job but received another' });
  return { photo, job };
}

const refuseState = (wanted: string, { state }: Job): AppError =>
  new AppError('BAD_REQUEST', {
    field: 'id',
    detail: `expected a job that is ${wanted} for id but received one that is ${state}`,
  });

/** Ends a job under way as cancelled and gives its credit back. @throws AppError DATA_NOT_FOUND; BAD_REQUEST when it has ended. */
export async function cancelJob(deps: JobDeps, by: Actor, id: string, reason: string): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const { photo, job } = await lockBoth(tx, id);
    if (job.state !== 'queued' && job.state !== 'running') throw refuseState('under way', job);
    await failForGood(tx, deps, photo, job, 'CANCELLED');
    await recordAct(
      tx,
      by,
      { act: 'job.cancel', subject: `job ${id}`, before: { state: job.state }, reason },
      deps.clock(),
    );
  });
}

/** Locks the user whose photo a job is of, who comes before the photo wherever both are locked. */
async function holdOwner(tx: Tx, id: string): Promise<void> {
  const photoId = isUuid(id) ? await photoOf(tx, id) : undefined;
  const owned = photoId === undefined ? undefined : await findOwned(tx, photoId);
  if (owned?.userId) await holdUser(tx, owned.userId);
}

/** Whose a photo is, as one who asks for a run. */
async function ownerOf(tx: Tx, photo: PhotoRow, { address }: Job): Promise<Owner> {
  if (photo.partnerId)
    return { kind: 'partner', id: photo.partnerId, walletId: await walletOf(tx, 'partner', photo.partnerId) };
  const kind = photo.userId ? 'user' : 'visitor';
  const id = String(photo.userId ?? photo.visitorId);
  return { kind, id, walletId: await walletOf(tx, kind, id), address: address ?? Buffer.alloc(0) };
}

/**
 * Runs a failed job again as its owner would: with the same settings and at the price of a new one, since the failed one cost nothing.
 * @returns the new job's id.
 * @throws AppError DATA_NOT_FOUND; BAD_REQUEST for a job that has not failed or that another has followed; of `runAgain`, such as NO_CREDITS, PHOTO_BUSY, PHOTO_EXPIRED.
 */
export function retryJob(deps: JobDeps, by: Actor, id: string, reason: string): Promise<string> {
  return deps.db.transaction().execute(async (tx) => {
    await holdOwner(tx, id);
    const { photo, job } = await lockBoth(tx, id);
    if (job.state !== 'failed') throw refuseState('failed', job);
    // Another operator, or the owner, was faster, and it has run; one that is under way is refused below.
    const newest = (await jobsOf(tx, [photo.id])).at(-1);
    if (newest && newest.id !== id && newest.endedAt !== null) {
      const detail = 'expected the newest job of its photo for id but received one that another has followed';
      throw new AppError('BAD_REQUEST', { field: 'id', detail });
    }
    const { recipe, options } = job;
    const owner = await ownerOf(tx, photo, job);
    const again = await runAgain({ ...deps, db: tx }, { photoId: photo.id, owner, recipe, options });
    const made = again.photo.job;
    await recordAct(tx, by, { act: 'job.retry', subject: `job ${id}`, after: { job: made.id }, reason }, deps.clock());
    return made.id;
  });
}
