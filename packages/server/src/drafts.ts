import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@hili/contract';
import type { Header, Print } from '@hili/engine';
import type { Caller } from './callers.ts';
import type { AppDeps } from './deps.ts';
import { type Errand, type Taken, takeIn } from './intake.ts';
import { readerOf } from './readers.ts';
import { remember } from './remember.ts';
import type { Upload, UploadFiles } from './upload-files.ts';
import type { Exchange } from './uploads.ts';

/** Drafts of which it is kept in memory what was found out. */
const KEPT = 500;

/** SHA-256 of a file, in hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * Uploads that wait until somebody says what shall be done with them: looked at, searched for prints, made photos of as often as one
 * likes, until they are discarded or swept. All throw AppError DATA_NOT_FOUND when there is no such draft, or it is another's,
 * NOT_FINISHED while bytes are missing, and PhotoError as the engine's `inspect`.
 */
export function openDrafts(deps: AppDeps, files: UploadFiles) {
  const { storage, readers } = deps;
  const judged = remember<{ readonly header: Header; readonly sha256: string }>(KEPT);
  const scans = remember<readonly Print[]>(KEPT);
  const drawing = new Map<string, Promise<void>>();

  async function whole(caller: Caller, id: string): Promise<Upload> {
    const upload = await files.find(caller, id);
    if (!upload?.isDraft) throw new AppError('DATA_NOT_FOUND');
    if (upload.offset < upload.size) throw new AppError('NOT_FINISHED');
    return upload;
  }

  /** Draws the preview beside the draft, as old as this, so that both are swept together. */
  async function draw(who: string, id: string): Promise<void> {
    const path = storage.incoming();
    try {
      await files.withCopy(id, (copy) => readers.preview(who, copy, path));
      const { mtime } = await stat(files.pathOf(id)).catch(() => {
        throw new AppError('DATA_NOT_FOUND'); // discarded meanwhile
      });
      await utimes(path, mtime, mtime);
      await rename(path, `${files.pathOf(id)}.jpg`);
    } finally {
      await rm(path, { force: true });
    }
  }

  return {
    /** A JPEG of it, upright, 1600 px at most, that any browser shows. */
    async preview(caller: Caller, id: string): Promise<Buffer> {
      await whole(caller, id);
      const path = `${files.pathOf(id)}.jpg`;
      const drawn = await readFile(path).catch(() => undefined);
      if (drawn) return drawn;
      const under = drawing.get(id) ?? draw(readerOf(caller), id).finally(() => drawing.delete(id));
      drawing.set(id, under);
      await under;
      return readFile(path).catch(() => {
        throw new AppError('DATA_NOT_FOUND');
      });
    },
    /** The prints that lie side by side on it, in reading order; none when it is one photo. */
    async prints(caller: Caller, id: string): Promise<readonly Print[]> {
      await whole(caller, id);
      return scans(id, () => files.withCopy(id, (copy) => readers.prints(readerOf(caller), copy)));
    },
    /** Makes a photo of it, which stays. @throws AppError of `takeIn`. */
    async makePhoto(caller: Caller, id: string, errand: Omit<Errand, 'owner'>, exchange?: Exchange): Promise<Taken> {
      const { name, size: bytes } = await whole(caller, id);
      return files.withCopy(id, async (path) => {
        const { header, sha256 } = await judged(id, async () => ({
          header: await readers.inspect(readerOf(caller), path),
          sha256: await hashFile(path),
        }));
        return takeIn(deps, { path, bytes, name, header, sha256 }, { ...errand, owner: caller }, exchange);
      });
    },
  };
}

export type Drafts = ReturnType<typeof openDrafts>;
