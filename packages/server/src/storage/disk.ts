import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { constants, copyFile, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

/** A stored file as `list` gives it. */
export interface StoredFile {
  readonly key: string;
  readonly changedAt: Date;
}

/** Where pictures lie. Keys are made by `newKey` only; every other text is refused. */
export interface Storage {
  /** Moves a finished local file of the same volume in: fsync, then rename; durable when it returns. */
  put(key: string, path: string): Promise<void>;
  /** Streams a file, or its bytes `start` to `end` (both included). @throws ENOENT */
  read(key: string, range?: { start: number; end: number }): Promise<Readable>;
  /** Bytes, or undefined when there is no such file. */
  size(key: string): Promise<number | undefined>;
  /** Removes a file; none is fine. */
  remove(key: string): Promise<void>;
  /** Copies a file to a local path. @throws ENOENT */
  fetch(key: string, toPath: string): Promise<void>;
  /** Every stored file, in no order. */
  list(): AsyncIterable<StoredFile>;
  /** A new path on the same volume, ending in `.part`, for a file that is still being written. */
  incoming(): string;
  /** Removes unfinished files that have not been written to since `before`. @returns how many. */
  sweepIncoming(before: Date): Promise<number>;
}

const KEY = /^[0-9a-f]{2}\/[0-9a-f]{32}\.[a-z]{3,5}$/;

/** A new storage key, `aa/<32 hex>.<extension>`, that nobody can guess. */
export function newKey(extension: string): string {
  const name = randomBytes(16).toString('hex');
  return `${name.slice(0, 2)}/${name}.${extension}`;
}

/** Opens a folder as storage; it is made when missing. Only its owner can look in. */
export async function openDiskStorage(folder: string): Promise<Storage> {
  const objects = join(folder, 'objects');
  const parts = join(folder, 'incoming');
  for (const path of [folder, objects, parts]) await mkdir(path, { recursive: true, mode: 0o700 });

  const at = (key: string): string => {
    if (!KEY.test(key)) throw new Error(`expected a storage key but received ${JSON.stringify(key)}`);
    return join(objects, key);
  };

  return {
    async put(key, path) {
      const target = at(key);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      // As old as its place: the sweep of orphans leaves what is just being noted.
      const now = new Date();
      await utimes(path, now, now);
      await sync(path);
      await rename(path, target);
      await sync(dirname(target));
      await sync(objects);
    },
    async read(key, range) {
      const file = await open(at(key));
      return createReadStream('', { fd: file, ...range });
    },
    async size(key) {
      return (await unlessMissing(stat(at(key))))?.size;
    },
    async remove(key) {
      await rm(at(key), { force: true });
    },
    async fetch(key, toPath) {
      await copyFile(at(key), toPath, constants.COPYFILE_FICLONE);
    },
    async *list() {
      for (const shard of await readdir(objects)) {
        for (const name of (await unlessMissing(readdir(join(objects, shard)))) ?? []) {
          const key = `${shard}/${name}`;
          const found = KEY.test(key) && (await unlessMissing(stat(at(key))));
          if (found) yield { key, changedAt: found.mtime };
        }
      }
    },
    incoming: () => join(parts, `${randomBytes(16).toString('hex')}.part`),
    async sweepIncoming(before) {
      let removed = 0;
      for (const name of await readdir(parts)) {
        const path = join(parts, name);
        // What is noted of a file lives as long as bytes of it arrive.
        const of = name.endsWith('.json') ? await unlessMissing(stat(path.slice(0, -5))) : undefined;
        if (of && of.mtime >= before) continue;
        const found = await unlessMissing(stat(path));
        if (!found || found.mtime >= before) continue;
        await rm(path, { force: true, recursive: true });
        removed += 1;
      }
      return removed;
    },
  };
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What was read of storage; undefined when it is gone. @throws whatever else storage throws. */
export async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
