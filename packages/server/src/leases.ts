import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '@hili/contract';
import { type Db, type Tx, throughOutage } from './database.ts';
import { publish } from './events.ts';
import { charge, giveBack } from './job-credits.ts';
import {
  extendLease,
  lockJob,
  type Made,
  overdueJobs,
  photoOf,
  setDone,
  setMessage,
  setQueued,
  setRunning,
  waitingJobs,
} from './job-rows.ts';
import { afterRetention, failForGood, type JobDeps, tellPerson } from './jobs.ts';
import { post } from './outbox.ts';
import { personOf } from './owners.ts';
import { findOwned, lockPhoto, type PhotoRow, setExpiry } from './photos.ts';
import type { Job, JobReport } from './tables.ts';
import { findUser } from './users.ts';

/** Runs of one job at most. */
export const MAX_RUNS = 2;
/** Seconds for which a worker waits for a database that restarts before it gives its run up. */
const OUTAGE_SECONDS = 120;
/** Seconds that a job has waited before its message is looked for. */
const LOST_SECONDS = 60;
const BATCH = 100;

/** A run of a job: only who holds its lease may settle it. */
export interface Run {
  readonly job: Job;
  readonly photo: PhotoRow;
  readonly lease: string;
}

const after = (now: Date, seconds: number) => new Date(now.getTime() + seconds * 1000);

/** Locks a photo and its job, in that order, and works on both in one transaction that outlives a restart of the database. */
function withJob<T>(
  db: Db,
  jobId: string,
  work: (tx: Tx, photo: PhotoRow, job: Job) => Promise<T>,
): Promise<T | undefined> {
  return throughOutage(OUTAGE_SECONDS, () =>
    db.transaction().execute(async (tx) => {
      const photoId = await photoOf(tx, jobId);
      const photo = photoId ? await lockPhoto(tx, photoId) : undefined;
      const job = photo && (await lockJob(tx, jobId));
      return photo && job && work(tx, photo, job);
    }),
  );
}

const holds = (job: Job, lease: string) => job.state === 'running' && job.lease === lease;

/**
 * Takes a job for a run.
 * @returns undefined when there is nothing to run: it has ended, another's run is alive, or its last run is over.
 */
export async function claim(deps: JobDeps, jobId: string): Promise<Run | undefined> {
  const lease = randomUUID();
  return withJob(deps.db, jobId, async (tx, photo, job) => {
    const now = deps.clock();
    const ours = holds(job, lease); // an earlier try whose answer was lost
    if (!ours) {
      if (job.state !== 'queued') return undefined;
      if (job.deadline <= now) return void (await failForGood(tx, deps, photo, job, 'INTERNAL'));
      await setRunning(tx, job.id, lease, after(now, deps.config.LEASE_SECONDS), now);
      await tellPerson(tx, photo);
    }
    return { job, photo, lease };
  });
}

/** Says that a run goes on. @returns false when the lease is lost and the run should stop. */
export async function beat(
  deps: JobDeps,
  { job, lease }: Run,
  progress: number,
  step: string | null,
): Promise<boolean> {
  return throughOutage(OUTAGE_SECONDS, () =>
    deps.db.transaction().execute(async (tx) => {
      const until = after(deps.clock(), deps.config.LEASE_SECONDS);
      const held = await extendLease(tx, job.id, lease, until, progress, step);
      // Read anew: its visitor may have signed in since the run began.
      const photo = held === undefined ? undefined : await findOwned(tx, held);
      if (photo) await tellPerson(tx, photo);
      return held !== undefined;
    }),
  );
}

/**
 * Settles a run that succeeded: job done, credit taken, the end of the pictures set. On the site a photo that every step left as it is
 * costs nothing; partners pay for uploads.
 * @returns false when the lease was lost, and the result is to be thrown away.
 */
export async function finish(deps: JobDeps, run: Run, result: Made, report: JobReport): Promise<boolean> {
  const settled = await withJob(deps.db, run.job.id, async (tx, photo, job) => {
    if (job.state === 'done' && job.lease === run.lease) return true; // an earlier try whose answer was lost
    if (!holds(job, run.lease)) return false;
    const now = deps.clock();
    await setDone(tx, job.id, result, report, now);
    if (!report.changed && !photo.partnerId) await giveBack(tx, photo, job, now);
    else if (!job.rerun) await charge(tx, photo, job, now);
    await setExpiry(tx, photo.id, afterRetention(deps, now));
    await tellPerson(tx, photo);
    const person = personOf(photo);
    if (person) await publish(tx, `owner:${person}`, { kind: 'me' });
    await postReady(tx, photo, job.id, now);
    return true;
  });
  return settled === true;
}

/** Posts the mail that tells a user of a photo that is ready, when they want one. */
async function postReady(tx: Tx, photo: PhotoRow, jobId: string, now: Date): Promise<void> {
  const user = photo.userId ? await findUser(tx, photo.userId) : undefined;
  if (!user || !(photo.mailWhenReady ?? user.mailWhenReady)) return;
  const { id: userId, language } = user;
  const wish = { kind: 'photo-ready', key: `ready:${jobId}`, recipient: null, userId, about: jobId, language } as const;
  await post(tx, wish, now);
}

/**
 * Ends a run that failed: another run when one is left and `again` says that it could go better, else the job fails for good and the
 * credit is given back.
 */
export async function fail(deps: JobDeps, run: Run, code: ErrorCode, again: boolean): Promise<void> {
  await withJob(deps.db, run.job.id, async (tx, photo, job) => {
    if (!holds(job, run.lease)) return;
    if (again && job.attempt < MAX_RUNS) await requeue(tx, deps, photo, job, job.attempt);
    else await failForGood(tx, deps, photo, job, code);
  });
}

/** Gives a run back unfinished, as when its worker is told to stop: it does not count as one. */
export async function handBack(deps: JobDeps, run: Run): Promise<void> {
  await withJob(deps.db, run.job.id, async (tx, photo, job) => {
    if (holds(job, run.lease)) await requeue(tx, deps, photo, job, job.attempt - 1);
  });
}

async function requeue(tx: Tx, deps: JobDeps, photo: PhotoRow, job: Job, attempt: number): Promise<void> {
  await setQueued(tx, job.id, attempt, await deps.queue.send(tx, job.id, job.priority));
  await tellPerson(tx, photo);
}

/**
 * Mends what crashes leave behind: runs that fell silent go back to the queue, or fail when it was their last; jobs past their deadline
 * fail; a job whose message is lost gets another. Any number of processes may do this at once.
 * @returns how many jobs were mended.
 */
export async function heal(deps: JobDeps): Promise<number> {
  let mended = 0;
  for (const id of await overdueJobs(deps.db, deps.clock(), BATCH)) {
    await withJob(deps.db, id, async (tx, photo, job) => {
      const now = deps.clock();
      const silent = job.leaseUntil !== null && job.leaseUntil < now;
      if (job.state === 'done' || job.state === 'failed') return;
      if (job.deadline <= now || (silent && job.attempt >= MAX_RUNS))
        await failForGood(tx, deps, photo, job, 'INTERNAL');
      else if (silent) await requeue(tx, deps, photo, job, job.attempt);
      else return;
      mended += 1;
    });
  }
  const waiting = await waitingJobs(deps.db, after(deps.clock(), -LOST_SECONDS));
  const alive = waiting.length ? await deps.queue.alive(waiting.map(({ messageId }) => messageId)) : new Set();
  for (const { id, messageId } of waiting) {
    if (alive.has(messageId)) continue;
    await withJob(deps.db, id, async (tx, _photo, job) => {
      if (job.state !== 'queued' || job.messageId !== messageId) return;
      await setMessage(tx, id, await deps.queue.send(tx, id, job.priority));
      mended += 1;
    });
  }
  return mended;
}
