import { afterEach, expect } from 'vitest';
import { photosLeft } from '../src/free-photos.ts';
import { cancel, submit } from '../src/jobs.ts';
import { claim, finish, type Run } from '../src/leases.ts';
import { findPhoto } from '../src/photos.ts';
import type { Photo } from '../src/tables.ts';
import { findOrCreateVisitor, type Visitor } from '../src/visitors.ts';
import { available, brokenInvariants } from '../src/wallets.ts';
import { partnerWith, storedUpload, testServices } from './harness.ts';

const PICTURE = Buffer.from('a picture');
export const plan = { recipe: 'sr', options: {} } as const;

/** Photos and their jobs on real services, whose books agree after every test, with no job left over. */
export async function openJobs() {
  const services = await testServices({ FREE_PER_ADDRESS: '4' });
  const { db, clock, keys, config } = services;

  afterEach(async () => {
    expect(await brokenInvariants(db)).toEqual([]);
    for (const { photoId } of await db.selectFrom('job').select('photoId').where('endedAt', 'is', null).execute())
      await cancel(services, photoId);
  });

  const upload = () => storedUpload(services, PICTURE);
  const creditsOf = (owner: { walletId: string }) => available(db, owner.walletId, clock());
  const visitorFrom = (address: string) => findOrCreateVisitor(db, keys, undefined, address, clock());
  const left = async (visitor: Visitor) => (await photosLeft(db, config, visitor, clock())).left;
  const stateOf = async (photo: Photo) => (await findPhoto(db, photo.id))?.job;

  async function partnerPhoto(credits = 1) {
    const owner = await partnerWith(services, credits);
    return { owner, photo: await submit(services, { owner, file: await upload(), ...plan }) };
  }

  async function runOf(photo: Photo): Promise<Run> {
    const run = await claim(services, photo.job.id);
    if (!run) throw new Error('expected a run');
    return run;
  }

  async function success(run: Run, changed = true) {
    const { key, bytes } = await upload();
    const kept = await finish(
      services,
      run,
      { key, format: 'jpeg', width: 80, height: 60, bytes },
      { changed, ms: 5, steps: [{ name: 'sr', ms: 4, model: 'sr-1', changed }] },
    );
    return { kept, key };
  }

  return { ...services, services, upload, creditsOf, visitorFrom, left, stateOf, partnerPhoto, runOf, success };
}
