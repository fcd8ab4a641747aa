import { HiliError } from './errors.ts';

/** A request is sent so often at most. A refusal for the moment has neither kept nor charged anything. */
const TRIES = 5;
/** Seconds between tries where the server names none, and at most. */
const PAUSE = 2;
const LONGEST_PAUSE = 60;

/** Waits, and ends at once with the signal's reason when it is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/**
 * Sends a request; "too many" (429) and "busy" (503) are tried again after the seconds of `Retry-After`.
 * @param make makes the request anew for each try, since tokens age.
 * @param once whether it does its work once however often it is sent: then it is tried again, too, when no answer came.
 * @throws HiliError `UNREACHABLE` when no answer came.
 */
export async function exchange(url: URL, make: () => RequestInit, once = false): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const request = make();
    // Node 24 ends the process when a form is sent with a signal that is aborted already.
    request.signal?.throwIfAborted();
    const response = await fetch(url, request).catch((cause: unknown) => {
      request.signal?.throwIfAborted();
      if (once && tries < TRIES) return undefined;
      throw new HiliError('UNREACHABLE', {
        detail: `expected an answer from ${url.origin} but received none`,
        cause,
      });
    });
    if (response && (![429, 503].includes(response.status) || tries === TRIES)) return response;
    await response?.body?.cancel();
    const seconds = Number(response?.headers.get('retry-after') ?? PAUSE);
    await sleep(1000 * Math.min(LONGEST_PAUSE, seconds >= 0 ? seconds : PAUSE), request.signal ?? undefined);
  }
}
