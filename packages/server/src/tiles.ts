import { rm } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { AppDeps } from './deps.ts';
import { findResult, setTiles } from './job-rows.ts';
import { isGone, lockPhoto } from './photos.ts';
import { newKey, type Storage } from './storage/disk.ts';

/** Pixels of a result's longer side from which on it is looked at in tiles. */
export const TILED_SIDE = 4000;

/** Levels of a picture's tiles: the first is one pixel, each next one has twice the size, the last is the picture. */
export const levelsOf = (width: number, height: number): number => Math.ceil(Math.log2(Math.max(width, height))) + 1;

interface Entry {
  /** Where the entry's own header begins, and the bytes of its data. */
  readonly offset: number;
  readonly bytes: number;
}
type Index = ReadonlyMap<string, Entry>;

/** Indexes that are kept in memory: 40 KB for a result of 6000 px. */
const KEPT = 100;
/** Bytes of the end record, and of a header that stands in front of an entry, without its name (APPNOTE.TXT, 4.3.16 and 4.3.7). */
const END = 22;
const LOCAL = 30;
/** Bytes of a name and of what may stand behind it. */
const NAME = 512;

const part = async (storage: Storage, key: string, start: number, bytes: number): Promise<Buffer> =>
  buffer(await storage.read(key, { start, end: start + bytes - 1 }));

/** Reads where the tiles lie in an uncompressed ZIP file: `<level>/<column>_<row>` and its place. */
async function readIndex(storage: Storage, key: string): Promise<Index> {
  const size = (await storage.size(key)) ?? 0;
  const end = await part(storage, key, size - END, END);
  const directory = await part(storage, key, end.readUInt32LE(16), end.readUInt32LE(12));
  const index = new Map<string, Entry>();
  for (let at = 0; at + 46 <= directory.length; ) {
    const nameLength = directory.readUInt16LE(at + 28);
    const name = directory.toString('latin1', at + 46, at + 46 + nameLength);
    const tile = /\/(\d+\/\d+_\d+)\.jpeg$/.exec(name)?.[1];
    if (tile) index.set(tile, { offset: directory.readUInt32LE(at + 42), bytes: directory.readUInt32LE(at + 24) });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return index;
}

/** The tiles of large results: cut when the first is asked for, stored as one file, and removed with the photo. */
export function openTiles({ db, storage, readers, clock }: AppDeps) {
  const cutting = new Map<string, Promise<string | undefined>>();
  const indexes = new Map<string, Promise<Index>>();

  /** Cuts a result. @returns the key of its tiles, undefined when the photo went meanwhile. */
  async function cut(jobId: string, resultKey: string, photoId: string, who: string): Promise<string | undefined> {
    const files = { input: storage.incoming(), output: storage.incoming() };
    try {
      await storage.fetch(resultKey, files.input);
      await readers.tiles(who, files.input, files.output);
      const key = newKey('zip');
      await storage.put(key, files.output);
      const kept = await db.transaction().execute(async (tx) => {
        const photo = await lockPhoto(tx, photoId);
        return photo && !isGone(photo, clock()) ? setTiles(tx, jobId, key) : undefined;
      });
      // Another server may have been faster.
      if (kept !== key) await storage.remove(key);
      return kept;
    } finally {
      await Promise.all(Object.values(files).map((path) => rm(path, { force: true })));
    }
  }

  async function keyOf(jobId: string, who: string): Promise<string | undefined> {
    const job = await findResult(db, jobId);
    if (!job || Math.max(job.result.width, job.result.height) < TILED_SIDE) return undefined;
    if (job.tilesKey) return job.tilesKey;
    const under =
      cutting.get(jobId) ?? cut(jobId, job.result.key, job.photoId, who).finally(() => cutting.delete(jobId));
    cutting.set(jobId, under);
    return under;
  }

  function indexOf(key: string): Promise<Index> {
    const index = indexes.get(key) ?? readIndex(storage, key);
    indexes.delete(key);
    indexes.set(key, index); // the newest last
    index.catch(() => indexes.delete(key));
    for (const oldest of indexes.keys()) if (indexes.size > KEPT) indexes.delete(oldest);
    return index;
  }

  return {
    /**
     * One tile, a JPEG.
     * @param place `<level>/<column>_<row>`
     * @param who has them cut, as in Readers.
     * @returns undefined when there is no such tile.
     */
    async read(jobId: string, place: string, who: string): Promise<Buffer | undefined> {
      const key = await keyOf(jobId, who);
      const entry = key && (await indexOf(key)).get(place);
      if (!key || !entry) return undefined;
      const size = (await storage.size(key)) ?? 0;
      const bytes = Math.min(LOCAL + NAME + entry.bytes, size - entry.offset);
      const local = await part(storage, key, entry.offset, bytes);
      const from = LOCAL + local.readUInt16LE(26) + local.readUInt16LE(28);
      return local.subarray(from, from + entry.bytes);
    },
  };
}
