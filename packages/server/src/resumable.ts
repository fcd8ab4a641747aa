import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError, PhotoFields, UPLOADS } from '@hili/contract';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import type { Caller } from './callers.ts';
import type { AppDeps } from './deps.ts';
import { takeIn } from './intake.ts';
import { asAppError } from './photo-errors.ts';
import { findOwnPhoto } from './photos.ts';
import type { Photo } from './tables.ts';
import { plainName } from './uploads.ts';
import { takenOverBy } from './visitors.ts';
import { readWish } from './wishes.ts';

/** Milliseconds that a request which fell silent has for its last bytes once the client is back with another. */
const DRAIN_MS = 1000;

interface TusError {
  readonly status_code: number;
}
const isTusError = (error: unknown): error is TusError =>
  typeof (error as Partial<TusError> | undefined)?.status_code === 'number';

type Metadata = Record<string, string | null>;

/** What an upload's metadata asks for: the fields of PhotoFields, in the client's own words. */
const wishOf = (metadata: Metadata = {}) =>
  readWish(
    Object.fromEntries(Object.entries(metadata).filter(([name, value]) => name in PhotoFields.shape && value !== null)),
  );

/** An upload that is on its way. */
export interface Unfinished {
  readonly offset: number;
  readonly size: number;
}

/**
 * Uploads that go on after a broken connection, by the tus protocol. Unfinished ones lie beside other unfinished files and are swept with
 * them; a finished one becomes a photo exactly as a form's file does, once, whoever asks how often.
 */
export function openResumable(deps: AppDeps) {
  const { db, storage, config } = deps;
  const directory = dirname(storage.incoming());
  const store = new FileStore({ directory, expirationPeriodInMilliseconds: config.ORPHAN_SECONDS * 1000 });
  const callers = new WeakMap<Request, Caller>();
  const failures = new WeakMap<Request, unknown>();
  const finishing = new Map<string, Promise<Photo>>();

  const tus = new Server({
    path: UPLOADS,
    datastore: store,
    maxSize: config.MAX_UPLOAD_BYTES,
    relativeLocation: true,
    lockDrainTimeout: DRAIN_MS,
    async onUploadCreate(request, upload) {
      const caller = callers.get(request) as Caller;
      wishOf(upload.metadata); // refused before anything is sent
      if (upload.size === undefined) throw new AppError('BAD_REQUEST', { field: 'Upload-Length' });
      return { metadata: { ...upload.metadata, owner: `${caller.kind} ${caller.id}` } };
    },
    async onUploadFinish(request, upload) {
      await finish(callers.get(request) as Caller, upload.id);
      return {};
    },
    async onResponseError(request, error) {
      failures.set(request, error);
      return undefined;
    },
  });

  async function makePhoto(caller: Caller, id: string): Promise<Photo> {
    const made = await findOwnPhoto(db, caller, id);
    if (made) return made;
    const { metadata, offset: bytes } = await store.getUpload(id);
    const path = join(directory, id);
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    const file = { path, sha256: hash.digest('hex'), bytes, name: plainName(metadata?.filename ?? '') };
    try {
      return await takeIn(deps, file, { ...wishOf(metadata), owner: caller, photoId: id });
    } finally {
      for (const left of [path, `${path}.json`]) await rm(left, { force: true });
    }
  }

  /** Makes a finished upload a photo. @throws AppError of `takeIn`; PhotoError of the engine's `inspect`. Then the upload is gone. */
  function finish(caller: Caller, id: string): Promise<Photo> {
    const under = finishing.get(id);
    if (under) return under;
    const photo = makePhoto(caller, id).finally(() => finishing.delete(id));
    finishing.set(id, photo);
    return photo;
  }

  return {
    finish,
    /**
     * Somebody's upload that is no photo yet.
     * @returns undefined when there is none, or it is another's. A visitor's is that of the user who has signed in meanwhile.
     */
    async find(caller: Caller, id: string): Promise<Unfinished | undefined> {
      if (!/^[0-9a-f]{32}$/.test(id)) return undefined;
      const upload = await store
        .getUpload(id)
        .catch((error) => (isTusError(error) ? undefined : Promise.reject(error)));
      if (!upload) return undefined;
      const [kind, owner = ''] = String(upload.metadata?.owner).split(' ');
      const present =
        kind === 'visitor' && caller.kind === 'user'
          ? await db.transaction().execute((tx) => takenOverBy(tx, owner))
          : owner;
      if (present !== caller.id) return undefined;
      return { offset: upload.offset, size: upload.size ?? Number.POSITIVE_INFINITY };
    },
    /**
     * Answers one request of the protocol.
     * @throws AppError TOO_LARGE, DATA_NOT_FOUND, UPLOAD_FAILED, and those of `finish`; the protocol's own refusals are answered.
     */
    async answer(request: Request, caller: Caller): Promise<Response> {
      callers.set(request, caller);
      const response = await tus.handleWeb(request);
      const failure = failures.get(request);
      if (failure === undefined) return response;
      if (!isTusError(failure)) {
        const error = asAppError(failure);
        throw error.code === 'INTERNAL' ? new AppError('UPLOAD_FAILED', { cause: failure }) : error;
      }
      if (failure.status_code === 500) throw new AppError('UPLOAD_FAILED', { cause: failure });
      if (failure.status_code === 413) throw new AppError('TOO_LARGE');
      if (failure.status_code === 404 || failure.status_code === 410) throw new AppError('DATA_NOT_FOUND');
      return response;
    },
  };
}
