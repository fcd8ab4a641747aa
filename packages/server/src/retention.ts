import { forgetComplaints } from './complaints.ts';
import type { Config } from './config.ts';
import { takeDisputed } from './disputes.ts';
import { reclaimInvites, rewardInvites } from './invites.ts';
import { knownResultKeys } from './job-rows.ts';
import { type JobDeps, removePictures } from './jobs.ts';
import { knownPhotoKeys, lockDuePhoto } from './photos.ts';
import { forgetClaims, matureRebates } from './rebate-rows.ts';
import { forgetVisitors } from './visitors.ts';
import { expireLots } from './wallets.ts';

export interface RetentionDeps extends JobDeps {
  readonly config: JobDeps['config'] & Pick<Config, 'ORPHAN_SECONDS' | 'REFUND_DAYS'>;
}

/** Storage keys that are looked up in the database at once. */
const BATCH = 500;

/**
 * Removes the pictures of every photo whose time is over: first from storage, then from the rows, so that a crash between the two only
 * makes the next sweep repeat it. Several processes may sweep at once.
 * @returns how many photos went.
 */
export async function removeDuePhotos(deps: RetentionDeps): Promise<number> {
  for (let removed = 0; ; removed += 1) {
    const more = await deps.db.transaction().execute(async (tx) => {
      const photo = await lockDuePhoto(tx, deps.clock());
      if (photo) await removePictures(tx, deps, photo);
      return photo !== undefined;
    });
    if (!more) return removed;
  }
}

/**
 * Removes stored files that no row names, and uploads that were never finished, once they are older than the time of grace: what a
 * process left behind that died between storing a file and committing its row.
 * @returns how many files went.
 */
export async function removeOrphans({ db, storage, clock, config }: RetentionDeps): Promise<number> {
  const before = new Date(clock().getTime() - config.ORPHAN_SECONDS * 1000);
  let removed = await storage.sweepIncoming(before);
  const sweep = async (keys: readonly string[]) => {
    if (keys.length === 0) return;
    const known = new Set([...(await knownPhotoKeys(db, keys)), ...(await knownResultKeys(db, keys))]);
    for (const key of keys) {
      if (known.has(key)) continue;
      await storage.remove(key);
      removed += 1;
    }
  };
  let batch: string[] = [];
  for await (const { key, changedAt } of storage.list()) {
    if (changedAt >= before) continue;
    batch.push(key);
    if (batch.length < BATCH) continue;
    await sweep(batch);
    batch = [];
  }
  await sweep(batch);
  return removed;
}

/** Days after which a visitor who only looked is forgotten. */
const VISITOR_DAYS = 30;

/** Ends what time ends: pictures, lots of credits, visitors who only looked, complaints. @returns how many of each went. */
export async function sweep(deps: RetentionDeps): Promise<{
  photos: number;
  credits: number;
  visitors: number;
  complaints: number;
  invites: number;
  disputes: number;
  rebates: number;
}> {
  const now = deps.clock();
  return {
    photos: await removeDuePhotos(deps),
    credits: await expireLots(deps.db, now),
    visitors: await forgetVisitors(deps.db, new Date(now.getTime() - VISITOR_DAYS * 86_400_000)),
    complaints: await forgetComplaints(deps.db, now),
    invites: (await rewardInvites(deps.db, deps.config, now)) + (await reclaimInvites(deps.db, now)),
    disputes: await takeDisputed(deps.db, now),
    rebates: (await matureRebates(deps.db, now)) + (await forgetClaims(deps.db, now)),
  };
}
