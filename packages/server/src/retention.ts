import { forgetComplaints } from './complaints.ts';
import type { Config } from './config.ts';
import { isOutage } from './database.ts';
import { takeDisputed } from './disputes.ts';
import { reclaimInvites, rewardInvites } from './invites.ts';
import { knownResultKeys } from './job-rows.ts';
import { type JobDeps, removePictures } from './jobs.ts';
import type { Log } from './log.ts';
import { knownPhotoKeys, lockDuePhoto } from './photos.ts';
import { forgetClaims, matureRebates } from './rebate-rows.ts';
import { forgetVisitors } from './visitors.ts';
import { expireLots } from './wallets.ts';

export interface RetentionDeps extends JobDeps {
  readonly config: JobDeps['config'] & Pick<Config, 'ORPHAN_SECONDS' | 'REFUND_DAYS'>;
  readonly log: Pick<Log, 'error'>;
}

/** Storage keys that are looked up in the database at once. */
const BATCH = 500;

/** Seconds after which a photo whose pictures could not be removed is tried again. */
const ASIDE_SECONDS = 600;

/**
 * Removes the pictures of every photo whose time is over: first from storage, then from the rows, so that a crash between the two only
 * makes the next sweep repeat it. Several processes may sweep at once.
 * @param aside photos whose pictures could not be removed, and until when they hold up nobody: kept from one sweep to the next.
 * @returns how many photos went.
 */
export async function removeDuePhotos(deps: RetentionDeps, aside = new Map<string, Date>()): Promise<number> {
  const now = deps.clock();
  for (const [id, until] of aside) if (until <= now) aside.delete(id);
  for (let removed = 0; ; ) {
    let id: string | undefined;
    try {
      await deps.db.transaction().execute(async (tx) => {
        const photo = await lockDuePhoto(tx, deps.clock(), aside.keys());
        id = photo?.id;
        if (photo) await removePictures(tx, deps, photo);
      });
      if (id === undefined) return removed;
      removed += 1;
    } catch (error) {
      if (id === undefined || isOutage(error)) throw error;
      aside.set(id, new Date(now.getTime() + ASIDE_SECONDS * 1000));
      deps.log.error({ error, photo: id }, 'the pictures of a photo could not be removed; trying again later');
    }
  }
}

/**
 * Removes stored files that no row names, and uploads that were never finished, once they are older than the time of grace: what a
 * process left behind that died between storing a file and committing its row.
 * @returns how many files went.
 */
export async function removeOrphans({ db, storage, clock, config, log }: RetentionDeps): Promise<number> {
  const before = new Date(clock().getTime() - config.ORPHAN_SECONDS * 1000);
  let removed = 0;
  const attempt = async (remove: () => Promise<number>) => {
    try {
      removed += await remove();
    } catch (error) {
      log.error({ error }, 'files that no photo names could not be removed');
    }
  };
  await attempt(() => storage.sweepIncoming(before));
  const sweep = async (keys: readonly string[]) => {
    if (keys.length === 0) return;
    const known = new Set([...(await knownPhotoKeys(db, keys)), ...(await knownResultKeys(db, keys))]);
    for (const key of keys) {
      if (known.has(key)) continue;
      await attempt(async () => {
        await storage.remove(key);
        return 1;
      });
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

/**
 * Ends what time ends: pictures, lots of credits, visitors who only looked, complaints. Where one step fails the others go on, unless the
 * database is away.
 * @param aside as `removeDuePhotos` keeps it.
 * @returns how many of each went.
 */
export async function sweep(deps: RetentionDeps, aside?: Map<string, Date>) {
  const { db, config } = deps;
  const now = deps.clock();
  const attempt = async (step: string, work: () => Promise<number>): Promise<number> => {
    try {
      return await work();
    } catch (error) {
      if (isOutage(error)) throw error;
      deps.log.error({ error, step }, 'a step of housekeeping failed');
      return 0;
    }
  };
  return {
    photos: await attempt('photos', () => removeDuePhotos(deps, aside)),
    credits: await attempt('credits', () => expireLots(db, now)),
    visitors: await attempt('visitors', () => forgetVisitors(db, new Date(now.getTime() - VISITOR_DAYS * 86_400_000))),
    complaints: await attempt('complaints', () => forgetComplaints(db, now)),
    invites: await attempt('invites', () => rewardInvites(db, config, now)),
    reclaimed: await attempt('reclaimed invites', () => reclaimInvites(db, now)),
    disputes: await attempt('disputes', () => takeDisputed(db, now)),
    rebates: await attempt('rebates', () => matureRebates(db, now)),
    claims: await attempt('claims', () => forgetClaims(db, now)),
  };
}
