import { UPLOADS } from '@hili/contract';
import { DetailedError, Upload } from 'tus-js-client';
import { failureOf, RequestError } from './client.ts';
import { markOf, noteDraft, notedDraft, unnoteDraft } from './draft-notes.ts';
import type { Attempt } from './patience.ts';

/** Bytes of one request: so much is sent twice at most when a connection breaks behind a proxy that keeps requests back. */
const CHUNK_BYTES = 4 * 1024 * 1024;
/** The protocol's own refusals that pass: the server still holds the request that broke off. */
const PASSING = [409, 412, 423];

function readFailure(error: unknown): RequestError {
  if (!(error instanceof DetailedError)) return new RequestError('UPLOAD_FAILED');
  const response = error.originalResponse;
  if (!response?.getStatus()) return new RequestError('OFFLINE');
  if (PASSING.includes(response.getStatus())) return new RequestError('UPLOAD_FAILED');
  return failureOf(response.getStatus(), response.getBody(), response.getHeader('retry-after') ?? null);
}

/** A file that is sent bit by bit, and goes on where it was: after a broken connection, and when it is chosen again after a reload. */
export interface ResumableFile {
  /** Sends what is missing. @returns the id of the upload. @throws RequestError */
  send(attempt: Attempt, progressed: () => void): Promise<string>;
  /** Has the server forget it. */
  discard(): Promise<void>;
}

export function openResumableFile(file: File, onSent: (share: number) => void): ResumableFile {
  const upload = new Upload(file, {
    endpoint: UPLOADS,
    metadata: { filename: file.name || 'photo' },
    chunkSize: CHUNK_BYTES,
    // Our own patience decides when to try again.
    retryDelays: null,
    // Its own way of storing would keep the file's name.
    storeFingerprintForResuming: false,
    onUploadUrlAvailable: () => noteDraft(mark, file, String(upload.url)),
  });
  let mark: string | undefined;
  const marked = markOf(file).then((known) => {
    mark = known;
    const url = known && notedDraft(known, file);
    if (url) upload.options.uploadUrl = url;
  });
  return {
    async send({ signal, moved }, progressed) {
      await marked;
      signal.throwIfAborted();
      return new Promise((resolve, reject) => {
        Object.assign(upload.options, {
          onProgress(sent: number, total: number) {
            moved();
            onSent(total > 0 ? sent / total : 0);
          },
          onChunkComplete: progressed,
          onError: (error: unknown) => reject(readFailure(error)),
          onSuccess: () => resolve(String(upload.url).split('/').at(-1)!),
        });
        signal.addEventListener('abort', () => void upload.abort());
        upload.start();
      });
    },
    async discard() {
      await upload.abort();
      if (upload.url) unnoteDraft(upload.url);
      if (upload.url) await Upload.terminate(upload.url, { retryDelays: [1000, 5000] }).catch(() => undefined);
    },
  };
}
