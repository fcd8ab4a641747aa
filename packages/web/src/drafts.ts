import { API, type PrintView } from '@hili/contract';
import { failureOf, RequestError, request } from './client.ts';
import { persevere, type Way } from './patience.ts';
import { createStore, type Store } from './store.ts';
import type { Pause } from './tray.ts';

/** A file that the server has, or will have, before it is known what shall be done with it. */
interface Draft {
  /** Resolves with the upload's id when all of it has arrived. */
  readonly whole: Promise<string>;
  readonly progress: Store<{ readonly sent: number; readonly pause: Pause | undefined }>;
  discard(): void;
}

const drafts = new Map<File, Draft>();

export const hasDraft = (file: File): boolean => drafts.has(file);

function begin(file: File): Draft {
  const stop = new AbortController();
  const progress: Draft['progress'] = createStore({ sent: 0, pause: undefined });
  const way: Way = {
    signal: stop.signal,
    onSent: (sent) => progress.set({ ...progress.get(), sent }),
    onPause: (pause) => progress.set({ ...progress.get(), pause }),
  };
  const opened = import('./tus.ts').then(({ openResumableFile }) => openResumableFile(file, way.onSent));
  const whole = opened.then((resumable) => persevere(resumable.send, way));
  // Another try begins anew.
  whole.catch(() => drafts.delete(file));
  return {
    whole,
    progress,
    discard() {
      stop.abort();
      drafts.delete(file);
      void opened.then((resumable) => resumable.discard());
    },
  };
}

function draftOf(file: File): Draft {
  const draft = drafts.get(file) ?? begin(file);
  drafts.set(file, draft);
  return draft;
}

/** Sends a file, or follows the sending that has begun. @returns the upload's id. @throws RequestError; the signal's reason. */
export async function sendDraft(file: File, { signal, onSent, onPause }: Way): Promise<string> {
  const { whole, progress } = draftOf(file);
  const follow = () => {
    onSent(progress.get().sent);
    onPause(progress.get().pause);
  };
  const end = progress.subscribe(follow);
  follow();
  try {
    return await new Promise((resolve, reject) => {
      whole.then(resolve, reject);
      signal.addEventListener('abort', () => reject(signal.reason));
      if (signal.aborted) reject(signal.reason);
    });
  } finally {
    end();
  }
}

/** Has the server forget a file; nothing when it has none. */
export const discardDraft = (file: File): void => drafts.get(file)?.discard();

/** Lets go of a file that the server has forgotten by itself. */
export const forgetDraft = (file: File): void => void drafts.delete(file);

/** The server's picture of a file that browsers do not show: a JPEG, upright. @throws RequestError */
export async function fetchPreview(file: File, way: Way): Promise<Blob> {
  const id = await sendDraft(file, way);
  return persevere(async ({ signal }) => {
    const response = await fetch(`${API}/uploads/${id}/preview`, { signal }).catch(() => {
      throw new RequestError('OFFLINE');
    });
    if (response.ok) return response.blob();
    throw failureOf(response.status, await response.text(), response.headers.get('retry-after'));
  }, way);
}

/** The prints that lie side by side on a scan. @throws RequestError */
export async function fetchPrints(file: File, way: Way): Promise<PrintView[]> {
  const id = await sendDraft(file, way);
  return persevere(() => request<PrintView[]>('GET', `/uploads/${id}/prints`), way);
}
