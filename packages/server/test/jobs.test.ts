import { expect, it } from 'vitest';
import { retryJob } from '../src/job-acts.ts';
import { cancel, removePhoto, runAgain, submit } from '../src/jobs.ts';
import { beat, fail } from '../src/leases.ts';
import { findOwnPhoto, findPhoto, findPicture, isGone } from '../src/photos.ts';
import { newKey } from '../src/storage/disk.ts';
import { partnerWith } from './harness.ts';
import { openJobs, plan } from './job-services.ts';

const { db, clock, storage, events, services, upload, creditsOf, stateOf, partnerPhoto, runOf, success } =
  await openJobs();

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
  const { photo: next } = await runAgain(services, again);
  expect(next).toMatchObject({ expiresAt: null, job: { recipe: 'sr,repair', options: { scale: 1 }, state: 'queued' } });
  await success(await runOf(next));
  expect(await creditsOf(owner)).toBe(1);
  const stranger = await partnerWith(services, 1);
  await expect(runAgain(services, { ...again, owner: stranger })).rejects.toMatchObject({ code: 'PHOTO_NOT_FOUND' });
  clock.advance(3600);
  await expect(runAgain(services, again)).rejects.toMatchObject({ code: 'PHOTO_EXPIRED' });
});

it('makes storage keys that nobody can guess, and takes no others', async () => {
  expect(newKey('jpeg')).toMatch(/^([0-9a-f]{2})\/\1[0-9a-f]{30}\.jpeg$/);
  await expect(storage.read('../../etc/passwd')).rejects.toThrow(/expected a storage key/);
});

it('shows the newest run though the clock was set back', async () => {
  const { owner, photo } = await partnerPhoto(2);
  await success(await runOf(photo));
  clock.advance(-60);
  const { photo: again } = await runAgain(services, { owner, photoId: photo.id, ...plan });
  expect(again.job).toMatchObject({ state: 'queued' });
  clock.advance(60);
  await success(await runOf(again));
  expect((await findPhoto(db, photo.id))?.job.id).toBe(again.job.id);
});

it('takes one credit for a failed job that two operators retry, one after the other', async () => {
  const by = { operator: 'op@example.com', origin: 'console', address: null } as const;
  const { owner, photo } = await partnerPhoto(5);
  await fail(services, await runOf(photo), 'INTERNAL', false);
  await retryJob(services, by, photo.job.id, 'asked by mail');
  await success(await runOf((await findPhoto(db, photo.id))!));
  const late = retryJob(services, by, photo.job.id, 'asked by mail');
  await expect(late).rejects.toThrow('BAD_REQUEST: expected the newest job of its photo');
  expect(await creditsOf(owner)).toBe(4);
});
