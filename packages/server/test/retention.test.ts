import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, expect, it } from 'vitest';
import { submit } from '../src/jobs.ts';
import { claim, fail, finish } from '../src/leases.ts';
import { countOverdue, findPhoto, isGone } from '../src/photos.ts';
import { removeDuePhotos, removeOrphans, sweep } from '../src/retention.ts';
import { newKey } from '../src/storage/disk.ts';
import { findOrCreateVisitor } from '../src/visitors.ts';
import { brokenInvariants } from '../src/wallets.ts';
import { partnerWith, storedUpload, testServices } from './harness.ts';

const services = await testServices();
const { db, clock, keys, storage, folder } = services;
/** What is logged as an error. */
const logged: Record<string, unknown>[] = [];
const listening = { ...services, log: { error: (line: Record<string, unknown>) => logged.push(line) } };
const PICTURE = Buffer.from('a picture');
const FACE = { left: 0.25, top: 0.1, width: 0.3, height: 0.4 };
const LEVEL = { name: 'level', verdict: 'pass', value: 1.2 } as const;

afterEach(async () => expect(await brokenInvariants(db)).toEqual([]));

const stored = async () => {
  const keys: string[] = [];
  for await (const { key } of storage.list()) keys.push(key);
  return keys.sort();
};

async function donePhoto() {
  const owner = await partnerWith(services, 1);
  const file = await storedUpload(services, PICTURE);
  const photo = await submit(services, { owner, file, recipe: 'sr', options: {} });
  const run = (await claim(services, photo.job.id))!;
  const { key } = await storedUpload(services, PICTURE);
  const [beforeKey, previewKey] = [await storedUpload(services, PICTURE), await storedUpload(services, PICTURE)].map(
    (stored) => stored.key,
  ) as [string, string];
  const result = { key, format: 'jpeg', width: 80, height: 60, bytes: PICTURE.length, beforeKey, previewKey };
  await finish(services, run, result, { changed: true, ms: 1, steps: [], faces: [FACE], checks: [LEVEL] });
  return { id: photo.id, keys: [file.key, key, beforeKey, previewKey].sort() };
}

it('removes all pictures of a photo one hour after success, first from storage, then from the row, and what was seen of its faces', async () => {
  const { id, keys } = await donePhoto();
  clock.advance(3599);
  expect(await removeDuePhotos(services)).toBe(0);
  expect(await stored()).toEqual(keys);
  clock.advance(1);
  const due = await findPhoto(db, id);
  expect(due?.job.report).toMatchObject({ faces: [FACE], checks: [LEVEL] });
  expect(due && isGone(due, clock())).toBe(true);
  expect(await removeDuePhotos(services)).toBe(1);
  expect(await stored()).toEqual([]);
  const gone = await findPhoto(db, id);
  expect(gone).toMatchObject({ uploadKey: null, removedAt: clock(), name: '' });
  expect(gone?.job.report).toEqual({ changed: true, ms: 1, steps: [] });
});

it('keeps an upload whose job failed for an hour as well', async () => {
  const owner = await partnerWith(services, 1);
  const file = await storedUpload(services, PICTURE);
  const photo = await submit(services, { owner, file, recipe: 'sr', options: {} });
  clock.advance(7200);
  expect(await removeDuePhotos(services)).toBe(0);
  await fail(services, (await claim(services, photo.job.id))!, 'PHOTO_DAMAGED', false);
  clock.advance(3599);
  expect(await removeDuePhotos(services)).toBe(0);
  clock.advance(1);
  expect(await removeDuePhotos(services)).toBe(1);
  expect(await stored()).toEqual([]);
});

it('lets several processes sweep at once: each photo goes once', async () => {
  for (let n = 0; n < 6; n++) await donePhoto();
  clock.advance(3600);
  const counts = await Promise.all(Array.from({ length: 4 }, () => removeDuePhotos(services)));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6);
  expect(await stored()).toEqual([]);
});

/** Puts something in the place of a stored file that cannot be deleted as one. */
async function jam(key: string) {
  const path = join(folder, 'photos', 'objects', key);
  await rm(path, { force: true });
  await mkdir(path);
  return () => rm(path, { recursive: true, force: true });
}

it('goes on to the other photos and all else that time ends where a picture cannot be deleted, and says which photo it is', async () => {
  const first = await donePhoto();
  clock.advance(1);
  const second = await donePhoto();
  const owner = await findOrCreateVisitor(db, keys, undefined, '192.0.2.9', clock());
  clock.advance(31 * 86_400);
  const free = await jam(first.keys[0]!);
  const aside = new Map<string, Date>();
  logged.length = 0;
  expect(await sweep(listening, aside)).toMatchObject({ photos: 1, visitors: 1 });
  expect(logged).toMatchObject([{ photo: first.id, error: { code: 'ERR_FS_EISDIR' } }]);
  expect((await findPhoto(db, second.id))?.removedAt).toEqual(clock());
  expect((await findPhoto(db, first.id))?.removedAt).toBeNull();
  expect(await db.selectFrom('visitor').select('id').where('id', '=', owner.id).execute()).toEqual([]);
  expect(await countOverdue(db, clock())).toBe(1);

  // Not at once again, but after a while.
  expect(await sweep(listening, aside)).toMatchObject({ photos: 0 });
  expect(logged).toHaveLength(1);
  await free();
  clock.advance(600);
  expect(await sweep(listening, aside)).toMatchObject({ photos: 1 });
  expect(await countOverdue(db, clock())).toBe(0);
  expect(await stored()).toEqual([]);
});

it('goes on to the next step where one fails, and says which', async () => {
  const visitor = await findOrCreateVisitor(db, keys, undefined, '192.0.2.9', clock());
  clock.advance(31 * 86_400);
  await sql`alter table lot rename to lot_away`.execute(db);
  logged.length = 0;
  expect(await sweep(listening)).toMatchObject({ credits: 0, visitors: 1 });
  await sql`alter table lot_away rename to lot`.execute(db);
  expect(logged).toContainEqual(expect.objectContaining({ step: 'credits' }));
  expect(await db.selectFrom('visitor').select('id').where('id', '=', visitor.id).execute()).toEqual([]);
});

it('goes on to the other files that no row names where one cannot be deleted', async () => {
  const orphans = [newKey('jpeg'), newKey('jpeg'), newKey('jpeg')].sort();
  for (const key of orphans) {
    const path = storage.incoming();
    await writeFile(path, PICTURE);
    await storage.put(key, path);
  }
  const frees = await Promise.all(orphans.slice(0, 2).map(jam));
  const { ORPHAN_SECONDS } = services.config;
  const old = new Date(clock().getTime() - (ORPHAN_SECONDS + 1) * 1000);
  for (const key of orphans) await utimes(join(folder, 'photos', 'objects', key), old, old);
  logged.length = 0;
  expect(await removeOrphans(listening)).toBe(1);
  expect(logged).toHaveLength(2);
  expect(await stored()).toEqual(orphans.slice(0, 2));
  for (const free of frees) await free();
});

it('removes files that no row names after a time of grace, and only those', async () => {
  const { keys } = await donePhoto();
  const [orphan, young] = [newKey('jpeg'), newKey('jpeg')];
  for (const key of [orphan, young]) {
    const path = storage.incoming();
    await writeFile(path, PICTURE);
    await storage.put(key, path);
  }
  const unfinished = storage.incoming();
  await writeFile(unfinished, PICTURE);
  const { ORPHAN_SECONDS } = services.config;
  const old = new Date(clock().getTime() - (ORPHAN_SECONDS + 1) * 1000);
  for (const path of [...[orphan, ...keys].map((key) => join(folder, 'photos', 'objects', key)), unfinished])
    await utimes(path, old, old);
  expect(await removeOrphans(services)).toBe(2);
  expect(await stored()).toEqual([young, ...keys].sort());
});

it('forgets visitors who only looked after a month, and keeps those who used something', async () => {
  const at = (days: number) => new Date(clock().getTime() - days * 86_400_000);
  const looked = await findOrCreateVisitor(db, keys, undefined, '192.0.2.1', at(31));
  const recent = await findOrCreateVisitor(db, keys, undefined, '192.0.2.1', at(29));
  const user = await findOrCreateVisitor(db, keys, undefined, '192.0.2.1', at(31));
  await submit(services, { owner: user, file: await storedUpload(services, PICTURE), recipe: 'sr', options: {} });
  expect(await sweep(services)).toMatchObject({ visitors: 1 });
  const left = await db.selectFrom('visitor').select('id').execute();
  expect(left.map(({ id }) => id).sort()).toEqual([recent.id, user.id].sort());
  expect(left).not.toContainEqual({ id: looked.id });
});

it('leaves a file that is just becoming a photo, however long ago it came', async () => {
  clock.set(new Date().toISOString()); // the file system's clock is the machine's
  const owner = await partnerWith(services, 1);
  const path = storage.incoming();
  await writeFile(path, PICTURE);
  await utimes(path, new Date(0), new Date(0));
  const key = newKey('jpeg');
  await storage.put(key, path);
  expect(await removeOrphans(services)).toBe(0);
  const header = { format: 'jpeg', width: 80, height: 60 } as const;
  const file = { key, sha256: '0'.repeat(64), bytes: PICTURE.length, name: 'a', header };
  await submit(services, { owner, file, recipe: 'sr', options: {} });
  expect(await storage.size(key)).toBe(PICTURE.length);
});
