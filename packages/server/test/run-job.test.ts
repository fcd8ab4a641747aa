import { readdir, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { RunOptions } from '@hili/contract';
import { openEngine } from '@hili/engine';
import sharp from 'sharp';
import { afterAll, afterEach, expect, it } from 'vitest';
import type { Change } from '../src/events.ts';
import { cancel, removePhoto, submit } from '../src/jobs.ts';
import { heal } from '../src/leases.ts';
import type { Owner } from '../src/owners.ts';
import { findPhoto } from '../src/photos.ts';
import { runJob } from '../src/run-job.ts';
import { newKey } from '../src/storage/disk.ts';
import type { Photo } from '../src/tables.ts';
import { findOrCreateVisitor } from '../src/visitors.ts';
import { available, brokenInvariants } from '../src/wallets.ts';
import { partnerWith, testServices } from './harness.ts';

const services = await testServices();
const { db, clock, storage, keys, events } = services;
const engine = openEngine({ processes: 1, timeoutMs: 120_000 });
const deps = { ...services, engine };
const never = new AbortController().signal;
afterAll(() => engine.close());
afterEach(async () => expect(await brokenInvariants(db)).toEqual([]));

/** A picture with structure and noise, so that steps find something to do. */
async function picture(width: number, height: number): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = 90 + 60 * Math.sin(i / 50) + ((i * 7919) % 31);
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 60 })
    .toBuffer();
}

async function submitted(owner: Owner, bytes: Uint8Array, options: RunOptions = {}) {
  const path = storage.incoming();
  await writeFile(path, bytes);
  const key = newKey('jpeg');
  await storage.put(key, path);
  const header = { format: 'jpeg', width: 64, height: 48 };
  const file = { key, sha256: '0'.repeat(64), bytes: bytes.length, name: 'a.jpg', header };
  return submit(services, { owner, file, recipe: 'sr', options });
}
const stored = async () => {
  let files = 0;
  for await (const _ of storage.list()) files += 1;
  return files;
};
const unfinished = () => readdir(`${services.folder}/photos/incoming`);
const current = async ({ id }: Photo) => (await findPhoto(db, id)) as Photo;
const visitor = () => findOrCreateVisitor(db, keys, undefined, '192.0.2.1', clock());

it('restores a photo: result and preview lie in storage, can be opened, and the credit is taken', async () => {
  const owner = await partnerWith(services, 1);
  const photo = await submitted(owner, await picture(64, 48), { format: 'jpeg' });
  await runJob(deps, photo.job.id, never);
  const { job, previewKey } = await current(photo);
  expect(job).toMatchObject({ state: 'done', result: { format: 'jpeg', width: 128, height: 96 } });
  const result = await sharp(await buffer(await storage.read(String(job.result?.key)))).metadata();
  expect(result).toMatchObject({ format: 'jpeg', width: 128, height: 96 });
  const preview = await sharp(await buffer(await storage.read(String(previewKey)))).metadata();
  expect(preview).toMatchObject({ format: 'jpeg', width: 64, height: 48 });
  expect(job.report?.steps.map(({ name }) => name)).toContain('sr');
  expect(await available(db, owner.walletId, clock())).toBe(0);
  expect(await unfinished()).toEqual([]);
});

it('tells the pages of the visitor how far a run is, in rising order, and that it is done', async () => {
  const owner = await visitor();
  const seen: Change[] = [];
  const progress: number[] = [];
  const photo = await submitted(owner, await picture(640, 480), { scale: 2 });
  const unsubscribe = events.subscribe(`owner:${owner.id}`, (change) => {
    seen.push(change);
    void current(photo).then(({ job }) => progress.push(job.progress));
  });
  await runJob(deps, photo.job.id, never);
  await expect.poll(() => seen.at(-1)?.kind).toBe('me');
  unsubscribe();
  expect(seen.filter(({ kind }) => kind === 'photo').length).toBeGreaterThan(2);
  expect((await current(photo)).job.state).toBe('done');
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
});

it('reduces a free result to 2000 px, and never refuses it', async () => {
  const owner = await visitor();
  const photo = await submitted(owner, await picture(2400, 300), {});
  expect(photo.job.free).toBe(true);
  await runJob(deps, photo.job.id, never);
  expect((await current(photo)).job).toMatchObject({ state: 'done', result: { width: 2000, height: 250 } });
});

it('keeps a result that is larger than an upload may be', async () => {
  const owner = await partnerWith(services, 1);
  const bytes = await picture(64, 48);
  const narrow = openEngine({ processes: 1, limits: { bytes: bytes.length, pixels: 64 * 48, side: 64 } });
  const photo = await submitted(owner, bytes, { format: 'png' });
  await runJob({ ...deps, engine: narrow }, photo.job.id, never);
  await narrow.close();
  const { job } = await current(photo);
  expect(job).toMatchObject({ state: 'done', result: { width: 128, height: 96 } });
  expect(job.result?.bytes).toBeGreaterThan(bytes.length);
});

it('fails at once what another run could not save, and gives the credit back', async () => {
  const owner = await partnerWith(services, 1);
  const whole = await picture(640, 480);
  const photo = await submitted(owner, whole.subarray(0, 400));
  await runJob(deps, photo.job.id, never);
  expect((await current(photo)).job).toMatchObject({ state: 'failed', error: 'PHOTO_DAMAGED', attempt: 1 });
  expect(await available(db, owner.walletId, clock())).toBe(1);
  expect(await unfinished()).toEqual([]);
});

it.each([
  ['took too long', { timeoutMs: 1 }, 'TIMED_OUT'],
  ['needed too much memory', { memoryMb: 20 }, 'OUT_OF_MEMORY'],
] as const)('runs a photo again that %s, then fails it for good and says so', async (_, limit, error) => {
  const owner = await partnerWith(services, 1);
  const impatient = openEngine({ processes: 1, ...limit });
  const photo = await submitted(owner, await picture(1600, 1200));
  await runJob({ ...deps, engine: impatient }, photo.job.id, never);
  expect((await current(photo)).job).toMatchObject({ state: 'queued', attempt: 1 });
  await runJob({ ...deps, engine: impatient }, photo.job.id, never);
  await impatient.close();
  expect((await current(photo)).job).toMatchObject({ state: 'failed', error, attempt: 2 });
  expect(await available(db, owner.walletId, clock())).toBe(1);
});

it('stops a run that is cancelled, and leaves nothing of it', async () => {
  const owner = await partnerWith(services, 1);
  const before = await stored();
  const photo = await submitted(owner, await picture(1600, 1200), { scale: 2 });
  const began = Date.now();
  const running = runJob(deps, photo.job.id, never);
  await expect.poll(async () => (await current(photo)).job.progress, { timeout: 30_000 }).toBeGreaterThan(0);
  expect(await cancel(services, photo.id)).toBe(true);
  const cancelledAt = Date.now();
  await running;
  expect(Date.now() - cancelledAt).toBeLessThan(Math.max(3000, (cancelledAt - began) * 2));
  expect((await current(photo)).job).toMatchObject({ state: 'failed', error: 'CANCELLED' });
  expect(await available(db, owner.walletId, clock())).toBe(1);
  await removePhoto(services, photo.id);
  expect(await stored()).toBe(before);
  expect(await unfinished()).toEqual([]);
});

it('gives a run back when its worker is told to stop', async () => {
  const owner = await partnerWith(services, 1);
  const photo = await submitted(owner, await picture(1600, 1200), { scale: 2 });
  const stopping = new AbortController();
  const running = runJob(deps, photo.job.id, stopping.signal);
  await expect.poll(async () => (await current(photo)).job.progress, { timeout: 30_000 }).toBeGreaterThan(0);
  stopping.abort();
  await running;
  expect((await current(photo)).job).toMatchObject({ state: 'queued', attempt: 0 });
  expect(await unfinished()).toEqual([]);
});

it('throws its result away when the job went to another worker meanwhile', async () => {
  const owner = await partnerWith(services, 1);
  const photo = await submitted(owner, await picture(64, 48));
  const slow = {
    ...engine,
    inspect: async (path: string) => {
      clock.advance(services.config.LEASE_SECONDS + 1);
      await heal(services);
      return engine.inspect(path);
    },
  };
  const before = await stored();
  await runJob({ ...deps, engine: slow }, photo.job.id, never);
  expect((await current(photo)).job).toMatchObject({ state: 'queued', attempt: 1, result: null });
  await runJob(deps, photo.job.id, never);
  expect((await current(photo)).job).toMatchObject({ state: 'done', attempt: 2 });
  expect(await stored()).toBe(before + 2);
});
