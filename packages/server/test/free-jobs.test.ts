import { AppError } from '@hili/contract';
import { expect, it } from 'vitest';
import { photosLeft } from '../src/free-photos.ts';
import { position, submit } from '../src/jobs.ts';
import { listOwnPhotos } from '../src/photos.ts';
import { openJobs, plan } from './job-services.ts';

const { db, clock, config, services, upload, creditsOf, visitorFrom, left, partnerPhoto, runOf, success } =
  await openJobs();

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
