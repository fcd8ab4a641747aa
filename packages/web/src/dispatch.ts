import type { PhotoView, Wish } from '@hili/contract';
import { codeOf } from './client.ts';
import { discardDraft } from './drafts.ts';
import { noteWish } from './presets.ts';
import { change, depart, findInTray, isInTray, photosIn, takeOff, tray } from './tray.ts';
import { keepPreview, sendPhoto } from './upload.ts';

/** Files on their way at once at most. */
const AT_ONCE = 2;

export interface Start {
  readonly keys: readonly string[];
  readonly wish: Wish;
  readonly alone?: boolean;
}

const waiting: (() => Promise<void>)[] = [];
const stops = new Map<string, AbortController>();
let under = 0;

function next(): void {
  while (under < AT_ONCE) {
    const send = waiting.shift();
    if (!send) return;
    under++;
    void send().finally(() => {
      under--;
      next();
    });
  }
}

/** Sends one photo when it is its turn. @returns undefined when it failed or was cancelled, which the tray then says. */
async function sendOne(key: string, stop: AbortController): Promise<PhotoView | undefined> {
  const photo = findInTray(key);
  if (!photo?.wish || stop.signal.aborted) return undefined;
  change(key, { pause: undefined });
  try {
    return await sendPhoto(photo, photo.wish, {
      signal: stop.signal,
      onSent: (sent) => change(key, { sent }),
      onPause: (pause) => change(key, { pause }),
    });
  } catch (error) {
    if (stop.signal.aborted) return undefined;
    const problem = codeOf(error);
    change(key, { state: photo.alone ? 'chosen' : 'failed', problem, pause: undefined });
    // The others would be sent in vain.
    if (problem === 'NO_CREDITS')
      for (const other of photosIn('sending')) if (other.pause === 'turn') stopSending(other.key, 'failed', problem);
    return undefined;
  } finally {
    if (stops.get(key) === stop) stops.delete(key);
  }
}

/**
 * Sends photos of the tray with one wish, two at a time.
 * @param alone whether it is the only one, whose failure the desk tells.
 * @param onArrive called for each that has arrived; until it has resolved the photo stays on the tray, so that nothing flickers.
 */
export function start({ keys, wish, alone = false }: Start, onArrive: (photo: PhotoView) => unknown): void {
  noteWish(wish);
  for (const key of keys) {
    const stop = new AbortController();
    stops.set(key, stop);
    depart(key, wish, alone);
    waiting.push(async () => {
      const view = await sendOne(key, stop);
      if (!view) return;
      await onArrive(view);
      leave(key, view.id);
    });
  }
  next();
}

/** Clears the tray of a photo that has arrived; its picture in memory is kept for its page. */
function leave(key: string, id: string): void {
  const photo = takeOff(key, true);
  if (photo?.url) keepPreview(id, photo.url);
  if (photo && !isInTray(photo.file)) discardDraft(photo.file);
}

function stopSending(key: string, state: 'chosen' | 'failed', problem?: ReturnType<typeof codeOf>): void {
  stops.get(key)?.abort();
  stops.delete(key);
  change(key, { state, sent: 0, pause: undefined, problem });
}

/** Stops a photo that is on its way; it lies on the desk again. */
export function cancelSending(key: string): void {
  const photo = findInTray(key);
  stopSending(key, 'chosen');
  const shared = tray.get().photos.some((other) => other.file === photo?.file && other.state === 'sending');
  // What the browser cannot show is still needed for its picture.
  if (photo?.thumbnail !== undefined || photo?.url !== undefined) if (!shared) discardDraft(photo.file);
}

/** Takes a photo away for good. */
export function putAside(key: string): void {
  stops.get(key)?.abort();
  stops.delete(key);
  const photo = takeOff(key);
  if (photo && !isInTray(photo.file)) discardDraft(photo.file);
}

/** Leaving the page would break uploads off: the browser asks first. */
function guard(): void {
  const ask = (event: BeforeUnloadEvent) => event.preventDefault();
  let asking = false;
  tray.subscribe(() => {
    const under = photosIn('sending').length > 0;
    if (under === asking) return;
    asking = under;
    if (under) window.addEventListener('beforeunload', ask);
    else window.removeEventListener('beforeunload', ask);
  });
}
guard();
