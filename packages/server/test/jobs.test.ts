import { AppError } from '@hili/contract';
import { afterEach, expect, it } from 'vitest';
import { photosLeft } from '../src/free-photos.ts';
import { cancel, position, removePhoto, runAgain, submit } from '../src/jobs.ts';
import { beat, claim, fail, finish, handBack, heal, type Run } from '../src/leases.ts';
import { findOwnPhoto, findPhoto, findPicture, isGone, listOwnPhotos } from '../src/photos.ts';
import { newKey } from '../src/storage/disk.ts';
import type { Photo } from '../src/tables.ts';
import { findOrCreateVisitor, type Visitor } from '../src/visitors.ts';
import { available, brokenInvariants } from '../src/wallets.ts';
import { partnerWith, storedUpload, testServices } from './harness.ts';

const services = await testServices({ FREE_PER_ADDRESS: '4' });
const { db, clock, storage, keys, config, events } = services;
const PICTURE = Buffer.from('a picture');
const plan = { recipe: 'sr', options: {} } as const;

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

it('takes a photo in with its job, and the credit is no longer available', async () => {
  const { owner, photo } = await partnerPhoto(2);
  expect(photo.id).toMatch(/^[0-9a-f]{32}$/);
  expect(photo).toMatchObject({ name: 'grandmother.jpg', expiresAt: null, job: { state: 'queued', free: false } });
  expect(await creditsOf(owner)).toBe(1);
  expect(await findOwnPhoto(db, owner, photo.id)).toMatchObject({ id: photo.id });
  const other = await partnerWith(services, 0);
  expect(await findOwnPhoto(db, other, photo.id)).toBeUndefined();
});

it('shows a photo and its job as they were at one moment, though the job ends while they are read', async () => {
  const { owner, photo } = await partnerPhoto(1);
  const run = await runOf(photo);
  let reads = 0;
  const interrupted = db.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (++reads === 1) await success(run);
      return result;
    },
  });
  for (const { expiresAt, job } of [
    await findOwnPhoto(interrupted, owner, photo.id),
    await findPhoto(db, photo.id),
  ].map((one) => one!))
    expect({ ended: job.state === 'done', expires: expiresAt !== null }).toEqual(
      job.state === 'done' ? { ended: true, expires: true } : { ended: false, expires: false },
    );
  expect(reads).toBeGreaterThan(1);
  expect((await stateOf(photo))?.state).toBe('done');
});

it('takes any name, and finds nothing behind words that are no id', async () => {
  const owner = await partnerWith(services, 1);
  const file = { ...(await upload()), name: `a\0b\ud800${'x'.repeat(300)}` };
  const photo = await submit(services, { owner, file, ...plan });
  expect(photo.name).toMatch(/^ab\ufffdx{252}$/);
  for (const id of ['', '\0', `${photo.id} `, photo.id.toUpperCase().replace(/[0-9]/, 'G'), '\ud800'])
    expect(await findOwnPhoto(db, owner, id)).toBeUndefined();
  expect(await findPicture(db, 'original', '\0', clock())).toBeUndefined();
});

it('lets exactly one of twenty uploads have the last credit', async () => {
  const owner = await partnerWith(services, 1);
  const files = await Promise.all(Array.from({ length: 20 }, upload));
  const tries = await Promise.allSettled(files.map((file) => submit(services, { owner, file, ...plan })));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const one of tries) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'NO_CREDITS' });
  expect(await creditsOf(owner)).toBe(0);
  expect(await db.selectFrom('photo').select('id').where('partnerId', '=', owner.id).execute()).toHaveLength(1);
});

it('takes the credit when the result is stored, and says when both pictures go', async () => {
  const { owner, photo } = await partnerPhoto();
  const run = await runOf(photo);
  expect(await beat(services, run, 0.5, 'sr')).toBe(true);
  expect(await stateOf(photo)).toMatchObject({ state: 'running', progress: 0.5, step: 'sr' });
  expect((await success(run)).kept).toBe(true);
  const done = await findPhoto(db, photo.id);
  expect(done?.job).toMatchObject({ state: 'done', progress: 1, result: { width: 80 }, report: { changed: true } });
  expect(done?.expiresAt).toEqual(new Date(clock().getTime() + 3_600_000));
  expect(await creditsOf(owner)).toBe(0);
});

it('gives the credit back when processing fails for good, and keeps the upload for an hour', async () => {
  const { owner, photo } = await partnerPhoto();
  await fail(services, await runOf(photo), 'PHOTO_DAMAGED', false);
  expect(await findPhoto(db, photo.id)).toMatchObject({
    expiresAt: new Date(clock().getTime() + 3_600_000),
    job: { state: 'failed', error: 'PHOTO_DAMAGED' },
  });
  expect(await creditsOf(owner)).toBe(1);
});

it('runs a job twice at most', async () => {
  const { owner, photo } = await partnerPhoto();
  await fail(services, await runOf(photo), 'PHOTO_DAMAGED', true);
  expect(await stateOf(photo)).toMatchObject({ state: 'queued', attempt: 1 });
  expect(await creditsOf(owner)).toBe(0);
  await fail(services, await runOf(photo), 'PHOTO_DAMAGED', true);
  expect(await stateOf(photo)).toMatchObject({ state: 'failed', attempt: 2 });
  expect(await creditsOf(owner)).toBe(1);
  expect(await claim(services, photo.job.id)).toBeUndefined();
});

it('does not count a run that a worker gives back when it is told to stop', async () => {
  const { photo } = await partnerPhoto();
  for (let stops = 0; stops < 4; stops++) await handBack(services, await runOf(photo));
  expect(await stateOf(photo)).toMatchObject({ state: 'queued', attempt: 0 });
  expect((await success(await runOf(photo))).kept).toBe(true);
});

it('gives a job to one of many claims', async () => {
  const { photo } = await partnerPhoto();
  const runs = await Promise.all(Array.from({ length: 10 }, () => claim(services, photo.job.id)));
  expect(runs.filter(Boolean)).toHaveLength(1);
});

it('gives the job of a worker that fell silent to another, and lets only that one settle', async () => {
  const { owner, photo } = await partnerPhoto();
  const stale = await runOf(photo);
  clock.advance(services.config.LEASE_SECONDS - 1);
  expect(await heal(services)).toBe(0);
  clock.advance(2);
  expect(await heal(services)).toBe(1);
  const fresh = await runOf(photo);
  expect((await success(stale)).kept).toBe(false);
  expect(await beat(services, stale, 0.9, 'sr')).toBe(false);
  await fail(services, stale, 'PHOTO_DAMAGED', false);
  await handBack(services, stale);
  expect(await stateOf(photo)).toMatchObject({ state: 'running', lease: fresh.lease, attempt: 2 });
  expect((await success(fresh)).kept).toBe(true);
  expect(await creditsOf(owner)).toBe(0);
});

it('settles once when a worker asks again because the answer was lost', async () => {
  const { owner, photo } = await partnerPhoto(3);
  const run = await runOf(photo);
  for (let asks = 0; asks < 3; asks++) expect((await success(run)).kept).toBe(true);
  expect(await creditsOf(owner)).toBe(2);
});

it('fails a job for good whose second worker fell silent too', async () => {
  const { owner, photo } = await partnerPhoto();
  for (let runs = 0; runs < 2; runs++) {
    await runOf(photo);
    clock.advance(services.config.LEASE_SECONDS + 1);
    expect(await heal(services)).toBe(1);
  }
  expect(await stateOf(photo)).toMatchObject({ state: 'failed', error: 'INTERNAL' });
  expect(await creditsOf(owner)).toBe(1);
});

it('fails a job for good that has not ended a day after its upload', async () => {
  const { owner, photo } = await partnerPhoto();
  clock.advance(86_399);
  await heal(services);
  expect(await stateOf(photo)).toMatchObject({ state: 'queued' });
  clock.advance(1);
  await heal(services);
  expect(await stateOf(photo)).toMatchObject({ state: 'failed' });
  expect(await creditsOf(owner)).toBe(1);
});

it('sends the message of a waiting job again when it is lost', async () => {
  const { photo } = await partnerPhoto();
  await services.pool.query('delete from queue.job');
  clock.advance(61);
  expect(await heal(services)).toBe(1);
  expect(await heal(services)).toBe(0);
  expect((await stateOf(photo))?.messageId).not.toBe(photo.job.messageId);
});

it('lets many processes heal at once', async () => {
  const { owner, photo } = await partnerPhoto();
  await runOf(photo);
  clock.advance(services.config.LEASE_SECONDS + 1);
  await Promise.all(Array.from({ length: 6 }, () => heal(services)));
  expect(await stateOf(photo)).toMatchObject({ state: 'queued', attempt: 1 });
  expect(await creditsOf(owner)).toBe(0);
});

it('cancels a job under way: nothing is charged, and its worker is told', async () => {
  const { owner, photo } = await partnerPhoto();
  const run = await runOf(photo);
  const told = Promise.withResolvers<string>();
  const unsubscribe = events.subscribe(`job:${photo.job.id}`, ({ kind }) => told.resolve(kind));
  expect(await cancel(services, photo.id)).toBe(true);
  expect(await told.promise).toBe('cancel');
  unsubscribe();
  expect((await success(run)).kept).toBe(false);
  expect(await stateOf(photo)).toMatchObject({ state: 'failed', error: 'CANCELLED' });
  expect(await creditsOf(owner)).toBe(1);
  expect(await cancel(services, photo.id)).toBe(false);
});

it('settles one of a cancel and a success that race', async () => {
  for (let race = 0; race < 10; race++) {
    const { owner, photo } = await partnerPhoto();
    const run = await runOf(photo);
    const [{ kept }, cancelled] = await Promise.all([success(run), cancel(services, photo.id)]);
    expect(kept).toBe(!cancelled);
    expect(await creditsOf(owner)).toBe(kept ? 0 : 1);
  }
});

it('deletes a photo at once: pictures, name and job', async () => {
  const { owner, photo } = await partnerPhoto();
  const run = await runOf(photo);
  await removePhoto(services, photo.id);
  expect(await storage.size(String(photo.uploadKey))).toBeUndefined();
  const gone = await findPhoto(db, photo.id);
  expect(gone).toMatchObject({ name: '', uploadKey: null, removedAt: clock(), job: { state: 'failed' } });
  expect(gone && isGone(gone, clock())).toBe(true);
  expect((await success(run)).kept).toBe(false);
  expect(await creditsOf(owner)).toBe(1);
  await removePhoto(services, photo.id);
});

it('finds the pictures behind links until they are gone', async () => {
  const { photo } = await partnerPhoto();
  const { key } = await success(await runOf(photo));
  expect(await findPicture(db, 'original', photo.id, clock())).toMatchObject({ key: photo.uploadKey });
  expect(await findPicture(db, 'result', photo.job.id, clock())).toMatchObject({ key, format: 'jpeg' });
  expect(await findPicture(db, 'preview', photo.id, clock())).toBeUndefined();
  expect(await findPicture(db, 'result', 'nonsense', clock())).toBeUndefined();
  clock.advance(3600);
  expect(await findPicture(db, 'original', photo.id, clock())).toBeUndefined();
  expect(await findPicture(db, 'result', photo.job.id, clock())).toBeUndefined();
});

it('runs another recipe on a photo that is still kept, one at a time', async () => {
  const { owner, photo } = await partnerPhoto(3);
  const again = { owner, photoId: photo.id, recipe: 'sr,repair', options: { scale: 1 } } as const;
  await expect(runAgain(services, again)).rejects.toMatchObject({ code: 'PHOTO_BUSY' });
  await success(await runOf(photo));
  clock.advance(60);
  const next = await runAgain(services, again);
  expect(next).toMatchObject({ expiresAt: null, job: { recipe: 'sr,repair', options: { scale: 1 }, state: 'queued' } });
  await success(await runOf(next));
  expect(await creditsOf(owner)).toBe(1);
  const stranger = await partnerWith(services, 1);
  await expect(runAgain(services, { ...again, owner: stranger })).rejects.toMatchObject({ code: 'PHOTO_NOT_FOUND' });
  clock.advance(3600);
  await expect(runAgain(services, again)).rejects.toMatchObject({ code: 'PHOTO_EXPIRED' });
});

it('charges a visitor nothing when every step left the photo as it is, and a partner all the same', async () => {
  const visitor = await visitorFrom('203.0.113.1');
  const photo = await submit(services, { owner: visitor, file: await upload(), ...plan });
  expect(photo.job.free).toBe(true);
  expect(await left(visitor)).toBe(2);
  await success(await runOf(photo), false);
  expect(await left(visitor)).toBe(3);
  const { owner, photo: theirs } = await partnerPhoto();
  await success(await runOf(theirs), false);
  expect(await creditsOf(owner)).toBe(0);
});

it('gives a visitor three free photos a day, one at a time, until midnight in Shanghai', async () => {
  clock.set('2026-05-01T15:00:00Z'); // 23:00 in Shanghai
  const visitor = await visitorFrom('203.0.113.2');
  expect(await photosLeft(db, config, visitor, clock())).toMatchObject({
    left: 3,
    renewsAt: new Date('2026-05-01T16:00:00Z'),
  });
  const send = async () => submit(services, { owner: visitor, file: await upload(), ...plan });
  for (let n = 0; n < 3; n++) {
    const photo = await send();
    await expect(send()).rejects.toMatchObject({ code: 'PHOTO_BUSY' });
    await success(await runOf(photo));
  }
  await expect(send()).rejects.toMatchObject({ code: 'NO_CREDITS' });
  expect(await left(visitor)).toBe(0);
  clock.advance(3600);
  expect(await left(visitor)).toBe(3);
  await send();
  expect((await listOwnPhotos(db, visitor, clock()))[0]).toMatchObject({ job: { state: 'queued' } });
});

it('lets one of a visitor’s simultaneous uploads through', async () => {
  const visitor = await visitorFrom('203.0.113.3');
  const files = await Promise.all(Array.from({ length: 6 }, upload));
  const tries = await Promise.allSettled(files.map((file) => submit(services, { owner: visitor, file, ...plan })));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const one of tries) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'PHOTO_BUSY' });
  expect(await left(visitor)).toBe(2);
});

it('gives new cookies at one address no more than the address may have', async () => {
  const visitors = await Promise.all(Array.from({ length: 8 }, (_, n) => visitorFrom(`2001:db8:1:2::${n}`)));
  const tries = await Promise.allSettled(
    visitors.map(async (owner) => submit(services, { owner, file: await upload(), ...plan })),
  );
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
  for (const one of tries) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(AppError);
  expect(await left(await visitorFrom('2001:db8:1:2:ffff::1'))).toBe(0);
  expect(await left(await visitorFrom('2001:db8:1:3::1'))).toBe(3);
});

it('puts paid jobs first, yet lets a free one pass those that came a quarter of an hour later', async () => {
  const visitor = await visitorFrom('203.0.113.4');
  const free = await submit(services, { owner: visitor, file: await upload(), ...plan });
  clock.advance(600);
  const { photo: paid } = await partnerPhoto();
  expect(await position(db, paid.job.id)).toBe(0);
  expect(await position(db, free.job.id)).toBe(1);
  clock.advance(301);
  const { photo: late } = await partnerPhoto();
  expect(await position(db, late.job.id)).toBe(2);
  expect(await position(db, free.job.id)).toBe(1);
  await runOf(paid);
  expect(await position(db, paid.job.id)).toBeNull();
  expect(await position(db, free.job.id)).toBe(0);
});

it('makes storage keys that nobody can guess, and takes no others', async () => {
  expect(newKey('jpeg')).toMatch(/^([0-9a-f]{2})\/\1[0-9a-f]{30}\.jpeg$/);
  await expect(storage.read('../../etc/passwd')).rejects.toThrow(/expected a storage key/);
});
