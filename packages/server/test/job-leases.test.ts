import { expect, it } from 'vitest';
import { beat, claim, fail, handBack, heal } from '../src/leases.ts';
import { openJobs } from './job-services.ts';

const { clock, services, creditsOf, stateOf, partnerPhoto, runOf, success } = await openJobs();

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
