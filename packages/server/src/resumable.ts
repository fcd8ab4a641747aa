import { AppError, type ErrorCode, PhotoFields, UPLOADS } from '@hili/contract';
import { Server } from '@tus/server';
import type { Caller } from './callers.ts';
import type { AppDeps } from './deps.ts';
import { hashFile } from './drafts.ts';
import { takeIn } from './intake.ts';
import { removePhoto } from './jobs.ts';
import { asAppError } from './photo-errors.ts';
import { findOwnPhoto } from './photos.ts';
import type { Photo } from './tables.ts';
import { isDraft, type Metadata, type UploadFiles } from './upload-files.ts';
import { type Exchange, plainName } from './uploads.ts';
import { readWish } from './wishes.ts';

/** Milliseconds that a request which fell silent has for its last bytes once the client is back with another. */
const DRAIN_MS = 1000;

/** Failures of ours and not of the upload: another try may go better, and needs the bytes. */
const PASSING: readonly ErrorCode[] = ['INTERNAL', 'UPLOAD_FAILED', 'OVERLOADED'];

interface TusError {
  readonly status_code: number;
}
const isTusError = (error: unknown): error is TusError =>
  typeof (error as Partial<TusError> | undefined)?.status_code === 'number';

/** What an upload's metadata asks for: the fields of PhotoFields, in the client's own words. */
const wishOf = (metadata: Metadata = {}) =>
  readWish(
    Object.fromEntries(Object.entries(metadata).filter(([name, value]) => name in PhotoFields.shape && value !== null)),
  );

/**
 * Uploads that go on after a broken connection, by the tus protocol. A finished one becomes a photo exactly as a form's file does, once,
 * whoever asks how often; a draft stays what it is.
 */
export function openResumable(deps: AppDeps, files: UploadFiles) {
  const { db, config } = deps;
  const callers = new WeakMap<Request, Caller>();
  const exchanges = new WeakMap<Request, Exchange>();
  const failures = new WeakMap<Request, unknown>();
  const finishing = new Map<string, Promise<Photo>>();

  const tus = new Server({
    path: UPLOADS,
    datastore: files.store,
    maxSize: config.MAX_UPLOAD_BYTES,
    relativeLocation: true,
    lockDrainTimeout: DRAIN_MS,
    async onUploadCreate(request, upload) {
      const caller = callers.get(request) as Caller;
      const { metadata, size, id } = upload;
      if (!isDraft(metadata)) wishOf(metadata); // refused before anything is sent
      if (size === undefined) throw new AppError('BAD_REQUEST', { field: 'Upload-Length' });
      return { metadata: { ...metadata, ...(await files.admit(caller, id, size)) } };
    },
    async onUploadFinish(request, { id, metadata }) {
      if (isDraft(metadata)) return {};
      await finish(callers.get(request) as Caller, id);
      // Sent with its creation: its id is in the answer only, which nobody hears.
      if (request.method === 'POST' && exchanges.get(request)?.outgoing.destroyed) await removePhoto(deps, id);
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
    const { metadata, offset: bytes } = await files.store.getUpload(id);
    const name = plainName(metadata?.filename ?? '');
    try {
      // Of a copy, so that the upload is there until its photo is, whatever breaks on the way.
      const { photo } = await files.withCopy(id, async (path) => {
        const file = { path, sha256: await hashFile(path), bytes, name };
        return takeIn(deps, file, { ...wishOf(metadata), owner: caller, photoId: id });
      });
      await files.remove(id);
      return photo;
    } catch (error) {
      if (!PASSING.includes(asAppError(error).code)) await files.remove(id);
      throw error;
    }
  }

  /**
   * Makes a finished upload a photo.
   * @throws AppError of `takeIn`; PhotoError of the engine's `inspect`. Then the upload is gone, unless another try may go better.
   */
  function finish(caller: Caller, id: string): Promise<Photo> {
    const under = finishing.get(id);
    if (under) return under;
    const photo = makePhoto(caller, id).finally(() => finishing.delete(id));
    finishing.set(id, photo);
    return photo;
  }

  return {
    finish,
    /** Waits until an upload that is being made a photo is one, or is refused. */
    async settled(id: string): Promise<void> {
      await finishing.get(id)?.catch(() => {});
    },
    /**
     * Answers one request of the protocol.
     * @param caller who asks; not needed for OPTIONS.
     * @throws AppError TOO_LARGE, DATA_NOT_FOUND, UPLOAD_FAILED, RATE_LIMITED, and those of `finish`; the protocol's own refusals are
     * answered.
     */
    async answer(request: Request, caller?: Caller, exchange?: Exchange): Promise<Response> {
      if (caller) callers.set(request, caller);
      if (exchange) exchanges.set(request, exchange);
      const response = await tus.handleWeb(request);
      const failure = failures.get(request);
      if (failure === undefined) return response;
      if (!isTusError(failure)) {
        const error = asAppError(failure);
        throw error.code === 'INTERNAL' ? new AppError('UPLOAD_FAILED', { cause: error }) : error;
      }
      if (failure.status_code === 500) throw new AppError('UPLOAD_FAILED', { cause: failure });
      if (failure.status_code === 413) throw new AppError('TOO_LARGE');
      if (failure.status_code === 404 || failure.status_code === 410) throw new AppError('DATA_NOT_FOUND');
      return response;
    },
  };
}
