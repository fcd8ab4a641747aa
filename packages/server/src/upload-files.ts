import { constants, copyFile, readdir, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, PhotoFields } from '@hili/contract';
import { FileStore } from '@tus/file-store';
import type { Caller } from './callers.ts';
import type { AppDeps } from './deps.ts';
import { plainName } from './uploads.ts';
import { takenOverBy } from './visitors.ts';

export type Metadata = Record<string, string | null>;

/** A resumable upload that is no photo yet. */
export interface Upload {
  readonly id: string;
  /** Bytes that have arrived, and in all. */
  readonly offset: number;
  readonly size: number;
  /** As the client calls it. */
  readonly name: string;
  /** Whether it waits, once it is whole, until somebody says what shall be done with it. */
  readonly isDraft: boolean;
  readonly metadata: Metadata;
}

/** Uploads that one caller may have under way or waiting at once, and how many of the largest size they may be together. */
const MOST = { uploads: 100, full: 20 };
/** Callers of whom one address may have as many: a household, an office. */
const CALLERS = 4;
/** Seconds after which a caller who has too many should try again. */
const RETRY_SECONDS = 60;
/** Milliseconds in which an upload that has been allowed appears on disk. */
const SETTLE_MS = 10_000;

interface Held {
  readonly owner: string;
  readonly address: string;
  readonly size: number;
  /** When it was allowed; undefined once it lies on disk. */
  readonly allowedAt?: number;
}

const isMissing = (error: unknown) => {
  const { status_code: status, code } = error as { status_code?: number; code?: string };
  return status === 404 || status === 410 || code === 'ENOENT';
};

/** Whether an upload's metadata says nothing of what shall be done with it. */
export const isDraft = (metadata: Metadata = {}): boolean =>
  !Object.keys(metadata).some((name) => name in PhotoFields.shape);

/** The files of resumable uploads: two each beside other unfinished ones, `<id>` and `<id>.json`, swept as these are. */
export function openUploadFiles({ db, storage, config }: AppDeps) {
  const directory = dirname(storage.incoming());
  // The sweep ends uploads by their last byte; tus would by their first, and refuse one that is still arriving.
  const store = new FileStore({ directory });
  const held = new Map<string, Held>();
  const pathOf = (id: string) => join(directory, id);

  async function ownerOf(caller: Caller, named: string): Promise<string> {
    const [kind, id = ''] = named.split(' ');
    if (kind !== 'visitor' || caller.kind !== 'user') return id;
    return (await db.transaction().execute((tx) => takenOverBy(tx, id))) ?? id;
  }

  /** Brings what is known up to date with what lies there: uploads end in many ways. */
  async function look(): Promise<void> {
    const names = await readdir(directory);
    const ids = new Set(names.flatMap((name) => /^([0-9a-f]{32})\.json$/.exec(name)?.[1] ?? []));
    const settled = Date.now() - SETTLE_MS;
    for (const [id, { allowedAt = 0 }] of held) if (!ids.has(id) && allowedAt < settled) held.delete(id);
    for (const id of ids) {
      const known = held.get(id);
      if (known && known.allowedAt === undefined) continue;
      const upload = await store.getUpload(id).catch((error) => (isMissing(error) ? undefined : Promise.reject(error)));
      if (!upload) continue;
      const { owner, address } = upload.metadata ?? {};
      held.set(id, { owner: String(owner), address: String(address), size: upload.size ?? 0 });
    }
  }

  async function remove(id: string): Promise<void> {
    held.delete(id);
    for (const ending of ['', '.json', '.jpg']) await rm(`${pathOf(id)}${ending}`, { force: true });
  }

  return {
    store,
    pathOf,
    /**
     * Notes whose a new upload is.
     * @returns what its metadata says of that.
     * @throws AppError RATE_LIMITED when this caller, or their address, has too many or too much already.
     */
    async admit(caller: Caller, id: string, size: number): Promise<Metadata> {
      await look();
      const mine = { owner: `${caller.kind} ${caller.id}`, address: caller.address.toString('hex') };
      const refuse = (by: 'owner' | 'address', share: number) => {
        const others = [...held.values()].filter((each) => each[by] === mine[by]);
        const bytes = others.reduce((sum, each) => sum + each.size, size);
        if (others.length < share * MOST.uploads && bytes <= share * MOST.full * config.MAX_UPLOAD_BYTES) return;
        throw new AppError('RATE_LIMITED', {
          retryAfter: RETRY_SECONDS,
          detail: `expected at most ${MOST.uploads} uploads under way but received another`,
        });
      };
      refuse('owner', 1);
      refuse('address', CALLERS);
      held.set(id, { ...mine, size, allowedAt: Date.now() });
      return mine;
    },
    /** A caller's upload; a visitor's is that of the user who has signed in meanwhile. @returns undefined when there is none. */
    async find(caller: Caller, id: string): Promise<Upload | undefined> {
      if (!/^[0-9a-f]{32}$/.test(id)) return undefined;
      const found = await store.getUpload(id).catch((error) => (isMissing(error) ? undefined : Promise.reject(error)));
      if (!found) return undefined;
      const { owner, address: _address, ...metadata } = found.metadata ?? {};
      if ((await ownerOf(caller, String(owner))) !== caller.id) return undefined;
      return {
        id,
        offset: found.offset,
        size: found.size ?? Number.POSITIVE_INFINITY,
        name: plainName(metadata.filename ?? ''),
        isDraft: isDraft(metadata),
        metadata,
      };
    },
    /** Keeps the note of an upload as long as what arrives of it. */
    async touch(id: string): Promise<void> {
      const now = new Date();
      await utimes(`${pathOf(id)}.json`, now, now).catch((error) => isMissing(error) || Promise.reject(error));
    },
    /** Works on a copy of an upload's file, which nobody can take away, and which goes afterwards unless it was moved. */
    async withCopy<T>(id: string, work: (path: string) => Promise<T>): Promise<T> {
      const path = storage.incoming();
      try {
        await copyFile(pathOf(id), path, constants.COPYFILE_FICLONE).catch((cause) => {
          throw isMissing(cause) ? new AppError('DATA_NOT_FOUND') : new AppError('UPLOAD_FAILED', { cause });
        });
        return await work(path);
      } finally {
        await rm(path, { force: true });
      }
    },
    /** Removes what is kept of an upload. */
    remove,
    /** Removes all uploads of a caller; a user's are also those of who was their guest. */
    async removeAll(caller: Caller): Promise<void> {
      await look();
      for (const [id, { owner }] of [...held]) if ((await ownerOf(caller, owner)) === caller.id) await remove(id);
    },
  };
}

export type UploadFiles = ReturnType<typeof openUploadFiles>;
