import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, it } from 'vitest';
import { newKey, openDiskStorage } from './disk.ts';

const folder = await mkdtemp(join(tmpdir(), 'hili storage '));
const storage = await openDiskStorage(folder);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function put(words: string) {
  const path = storage.incoming();
  await writeFile(path, words);
  const key = newKey('jpeg');
  await storage.put(key, path);
  return { key, path };
}

it('moves a file in, and gives it back whole or in part', async () => {
  const { key, path } = await put('0123456789');
  await expect(stat(path)).rejects.toThrow(/ENOENT/);
  expect(await storage.size(key)).toBe(10);
  expect(await text(await storage.read(key))).toBe('0123456789');
  expect(await text(await storage.read(key, { start: 2, end: 4 }))).toBe('234');
  const copy = storage.incoming();
  await storage.fetch(key, copy);
  expect(await readFile(copy, 'utf8')).toBe('0123456789');
  await rm(copy);
});

it('removes a file, also one that is gone already', async () => {
  const { key } = await put('x');
  await storage.remove(key);
  await storage.remove(key);
  expect(await storage.size(key)).toBeUndefined();
  await expect(storage.read(key)).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(storage.fetch(key, storage.incoming())).rejects.toMatchObject({ code: 'ENOENT' });
});

it('lists every file with its age', async () => {
  const { key } = await put('listed');
  const found = [];
  for await (const file of storage.list()) found.push(file);
  expect(found.map((file) => file.key)).toContain(key);
  for (const { changedAt } of found) expect(Math.abs(Date.now() - changedAt.getTime())).toBeLessThan(60_000);
});

it('takes no key that it did not make', async () => {
  for (const key of [
    '../secret',
    'ab/../../secret',
    'ab/secret.jpeg',
    '/etc/passwd',
    '',
    `ab/${'0'.repeat(32)}.jpeg/..`,
  ])
    for (const act of [storage.size, storage.remove, storage.read])
      await expect(act(key)).rejects.toThrow(/expected a storage key/);
});

it('sweeps unfinished files that nobody writes to any more', async () => {
  const [old, young] = [storage.incoming(), storage.incoming()];
  for (const path of [old, young]) await writeFile(path, 'half');
  await utimes(old, new Date(0), new Date(0));
  expect(await storage.sweepIncoming(new Date(Date.now() - 60_000))).toBe(1);
  expect(await readFile(young, 'utf8')).toBe('half');
});

it('lets nobody else look in', async () => {
  for (const path of [folder, join(folder, 'objects'), join(folder, 'incoming')])
    expect((await stat(path)).mode & 0o077).toBe(0);
});
