import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, afterEach, expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { openDatabase } from '../src/database.ts';
import { keepHouse } from '../src/housekeeping.ts';
import { submit } from '../src/jobs.ts';
import { openLog } from '../src/log.ts';
import type { Owner } from '../src/owners.ts';
import { findPhoto } from '../src/photos.ts';
import { postgresFolder } from '../src/postgres-folder.ts';
import { openQueue } from '../src/queue.ts';
import { removeOrphans } from '../src/retention.ts';
import { newKey, openDiskStorage } from '../src/storage/disk.ts';
import type { Photo } from '../src/tables.ts';
import { available, brokenInvariants } from '../src/wallets.ts';
import { partnerWith } from './harness.ts';

// Real processes on a real, durable database of their own; they are killed as the kernel would kill them.
const folder = await mkdtemp(join(tmpdir(), 'hili faults '));
const settings = { HILI_DATA: join(folder, 'data'), LEASE_SECONDS: '3', INFERENCE_PROCESSES: '1', LOG_LEVEL: 'silent' };
const config = loadConfig(settings);
const log = openLog('silent', 'test');
const clock = () => new Date();
const database = await openDatabase(config, log);
const { db } = database;
const queue = await openQueue(database.connection, config, log);
const storage = await openDiskStorage(join(config.HILI_DATA, 'photos'));
const deps = { db, queue, storage, clock, config, log };
const leaveHouse = keepHouse(deps);
const workers = new Set<ChildProcess>();

afterEach(async () => {
  await Promise.all([...workers].map((worker) => end(worker, 'SIGKILL')));
  expect(await brokenInvariants(db)).toEqual([]);
});
afterAll(async () => {
  await leaveHouse();
  await queue.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
  await rm(postgresFolder(config.HILI_DATA), { recursive: true, force: true });
});

function startWorker(): ChildProcess {
  const worker = spawn(process.execPath, [join(import.meta.dirname, '../src/worker.ts')], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  workers.add(worker);
  worker.once('exit', () => workers.delete(worker));
  return worker;
}
async function end(worker: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const gone = new Promise((resolve) => worker.once('exit', resolve));
  worker.kill(signal);
  await gone;
}
function killDatabase(): void {
  const lock = readFileSync(join(postgresFolder(config.HILI_DATA), 'data', 'postmaster.pid'), 'utf8');
  process.kill(Number(lock.split('\n')[0]), 'SIGKILL');
}

async function picture(width: number, height: number): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = 90 + 60 * Math.sin(i / 50) + ((i * 7919) % 31);
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 60 })
    .toBuffer();
}
const large = await picture(1600, 1200);
const small = await picture(80, 60);

async function upload(owner: Owner, bytes: Buffer): Promise<Photo> {
  const path = storage.incoming();
  await writeFile(path, bytes);
  const key = newKey('jpeg');
  await storage.put(key, path);
  const file = {
    key,
    sha256: '0'.repeat(64),
    bytes: bytes.length,
    name: 'a.jpg',
    header: { format: 'jpeg', width: 80, height: 60 },
  };
  return submit(deps, { owner, file, recipe: 'sr', options: { format: 'jpeg' } });
}
const jobOf = async ({ id }: Photo) => (await findPhoto(db, id).catch(() => undefined))?.job;
const inRun = (photo: Photo) =>
  expect
    .poll(async () => (await jobOf(photo))?.progress ?? 0, { timeout: 60_000, interval: 100 })
    .toBeGreaterThan(0.05);
const ended = (photo: Photo) =>
  expect
    .poll(async () => (await jobOf(photo))?.state ?? 'away', { timeout: 120_000, interval: 200 })
    .toMatch(/^(done|failed)$/);

it('finishes a photo whose worker was killed in its run, and takes one credit', async () => {
  const owner = await partnerWith({ db, clock }, 1);
  const worker = startWorker();
  const photo = await upload(owner, large);
  await inRun(photo);
  await end(worker, 'SIGKILL');
  startWorker();
  await ended(photo);
  expect(await jobOf(photo)).toMatchObject({ state: 'done', attempt: 2 });
  expect(await available(db, owner.walletId, clock())).toBe(0);
}, 240_000);

it('hands a photo over at once when its worker is told to stop', async () => {
  const owner = await partnerWith({ db, clock }, 1);
  const worker = startWorker();
  const photo = await upload(owner, large);
  await inRun(photo);
  await end(worker, 'SIGTERM');
  expect(await jobOf(photo)).toMatchObject({ state: 'queued', attempt: 0 });
  startWorker();
  await ended(photo);
  expect(await jobOf(photo)).toMatchObject({ state: 'done', attempt: 1 });
}, 240_000);

it('ends a worker whose parent is gone', async () => {
  const worker = startWorker();
  await new Promise<void>((resolve) => worker.on('message', (said) => said === 'ready' && resolve()));
  const gone = new Promise((resolve) => worker.once('exit', resolve));
  worker.disconnect();
  await gone;
}, 60_000);

it('finishes a photo although the database was killed in its run', async () => {
  const owner = await partnerWith({ db, clock }, 1);
  startWorker();
  const photo = await upload(owner, large);
  await inRun(photo);
  killDatabase();
  await ended(photo);
  expect(await jobOf(photo)).toMatchObject({ state: 'done' });
  expect(await available(db, owner.walletId, clock())).toBe(0);
}, 240_000);

it('loses no photo and no credit in a storm of kills, and takes none twice', async () => {
  const credits = 12;
  const owner = await partnerWith({ db, clock }, credits);
  for (let n = 0; n < 2; n++) startWorker();
  let raging = true;
  const storm = (async () => {
    for (let blow = 0; raging; blow++) {
      await sleep(300 + Math.random() * 1500);
      if (blow % 4 === 3) killDatabase();
      else {
        const [worker] = [...workers];
        if (worker) await end(worker, 'SIGKILL');
        startWorker();
      }
    }
  })();
  const photos: Photo[] = [];
  for (let n = 0; n < credits; n++) {
    photos.push(await upload(owner, small));
    await sleep(Math.random() * 400);
  }
  await sleep(3000);
  raging = false;
  await storm;
  while (workers.size < 2) startWorker();
  for (const photo of photos) await ended(photo);

  const states = await Promise.all(photos.map(async (photo) => (await jobOf(photo))?.state));
  const done = states.filter((state) => state === 'done').length;
  expect(await available(db, owner.walletId, clock())).toBe(credits - done);
  const rows = await db.selectFrom('photo').select('id').where('partnerId', '=', owner.id).execute();
  expect(rows.map(({ id }) => id).sort()).toEqual(photos.map(({ id }) => id).sort());
  for (const photo of photos) {
    const job = await jobOf(photo);
    expect(await storage.size(String(photo.uploadKey))).toBe(small.length);
    if (job?.state !== 'done') continue;
    expect(await sharp(await buffer(await storage.read(String(job.result?.key)))).metadata()).toMatchObject({
      width: 160,
      height: 120,
    });
  }
  // What killed processes left behind goes, and nothing that a row names.
  const later = () => new Date(Date.now() + 2 * config.ORPHAN_SECONDS * 1000);
  await Promise.all([...workers].map((worker) => end(worker, 'SIGTERM')));
  await removeOrphans({ ...deps, clock: later });
  const named = await db
    .selectFrom('photo')
    .select(['uploadKey', 'previewKey'])
    .where('removedAt', 'is', null)
    .execute();
  const results = await db
    .selectFrom('job')
    .select(['result', 'beforeKey', 'previewKey'])
    .where('result', 'is not', null)
    .execute();
  const keys = [
    ...named.flatMap(({ uploadKey, previewKey }) => [uploadKey, previewKey]),
    ...results.flatMap(({ result, beforeKey, previewKey }) => [result?.key, beforeKey, previewKey]),
  ];
  const files: string[] = [];
  for await (const { key } of storage.list()) files.push(key);
  expect(files.sort()).toEqual(keys.filter((key) => typeof key === 'string').sort());
}, 480_000);
