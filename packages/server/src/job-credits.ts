import { AppError } from '@hili/contract';
import { sql } from 'kysely';
import type { Tx } from './database.ts';
import { freeDay, grantFreePhotos } from './free-photos.ts';
import { countFreeJobs, hasOpenJob, paidWith } from './job-rows.ts';
import type { JobDeps } from './jobs.ts';
import { type Owner, personOf } from './owners.ts';
import { type PhotoRow, setReruns } from './photos.ts';
import type { Job } from './tables.ts';
import { allowBatch, capture, heldMaxSide, hold, holdBought, listLots, lockWallet, release } from './wallets.ts';

/** Credits that one run costs. */
const JOB_CREDITS = 1;
/** Runs with other settings that a photo has at no cost once it has been paid for. */
const FREE_RERUNS = 2;

/** How a job is paid: by a free photo or a bought one, and the longest side that this allows the result. */
interface Paid {
  readonly free: boolean;
  readonly maxSide: number | null;
}

/** A run at no cost has the rights of what paid for the photo. Takes the wallet's lock, as setting a credit aside does. */
export async function paidBefore(tx: Tx, { walletId }: Owner, photoId: string): Promise<Paid> {
  await lockWallet(tx, walletId);
  return paidWith(tx, photoId);
}

/**
 * One photo at a time: free ones always, others unless a lot's package has batch. Comes after the wallet's lock, so that of two at once
 * one is seen by the other.
 * @throws AppError PHOTO_BUSY
 */
export async function refuseSecond(tx: Tx, owner: Owner, free: boolean, now: Date): Promise<void> {
  const batch = allowBatch(await listLots(tx, owner.walletId, now));
  if ((free || !batch) && (await hasOpenJob(tx, owner, batch))) throw new AppError('PHOTO_BUSY');
}

/** Sets the job's credit aside. Bought photos go first: they carry rights of size and speed that this photo would lose by a free one. */
export async function takeCredit(
  tx: Tx,
  { config }: Pick<JobDeps, 'config'>,
  owner: Owner,
  jobId: string,
  now: Date,
): Promise<Paid> {
  if (await holdBought(tx, owner.walletId, jobId, JOB_CREDITS, now))
    return { free: false, maxSide: await heldMaxSide(tx, jobId) };
  if (owner.kind === 'partner') throw new AppError('NO_CREDITS');
  const day = freeDay(now, config.TIME_ZONE);
  await grantFreePhotos(tx, config, owner, day, now);
  try {
    await hold(tx, owner.walletId, jobId, JOB_CREDITS, now);
  } catch (error) {
    // The last credit may be the one that the other photo still has and may give back.
    if (error instanceof AppError && (await hasOpenJob(tx, owner, false))) throw new AppError('PHOTO_BUSY');
    throw error;
  }
  if (await hasOpenJob(tx, owner, true)) throw new AppError('PHOTO_BUSY');
  // One at a time for an address, after the wallet's lock as everywhere: else two visitors could both take the last one.
  await sql`select pg_advisory_xact_lock(hashtextextended(${owner.address.toString('hex')}, 0))`.execute(tx);
  if ((await countFreeJobs(tx, owner.address, day.begins)) >= config.FREE_PER_ADDRESS) throw new AppError('NO_CREDITS');
  return { free: true, maxSide: null };
}

/** Takes a job's credit. The first that a photo costs lets it run again at no cost. */
export async function charge(tx: Tx, photo: PhotoRow, job: Job, now: Date): Promise<void> {
  await capture(tx, job.id, JOB_CREDITS, now);
  if (personOf(photo) && photo.rerunsLeft === null) await setReruns(tx, photo.id, FREE_RERUNS);
}

/** Gives back what a job took from its owner: the credit, or the run at no cost. */
export async function giveBack(tx: Tx, photo: PhotoRow, job: Job, now: Date): Promise<void> {
  if (job.rerun) await setReruns(tx, photo.id, (photo.rerunsLeft ?? 0) + 1);
  else await release(tx, job.id, now);
}
