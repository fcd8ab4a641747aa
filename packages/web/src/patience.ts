import { codeOf, RequestError } from './client.ts';
import type { Pause } from './tray.ts';

/** Seconds before each further try. Together five minutes: a server that restarts is back by then. */
const DELAYS = [1, 2, 4, 8, 15, 30, 60, 60, 60, 60] as const;
/** A server that asks for more seconds than this is not waited for. */
const LONGEST_WAIT = 600;
/** Tries after a fault of the server's: it may be a passing one. */
const FAULT_TRIES = 2;
/** Milliseconds without a byte after which a connection counts as lost. */
const SILENCE_MS = 30_000;

/** How something is sent, as its watcher sees it. */
export interface Way {
  readonly signal: AbortSignal;
  onSent(share: number): void;
  onPause(pause: Pause | undefined): void;
}

export interface Attempt {
  /** Aborted when the attempt is given up. */
  readonly signal: AbortSignal;
  /** Says that something has moved; the next move may take so long. */
  moved(withinMs?: number): void;
}

const isOffline = () => navigator.onLine === false;

/** Resolves after so many seconds, or as soon as the network is back; rejects when it is aborted. */
function pauseFor(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      globalThis.removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    // Without a network there is nothing to try; `online` ends it.
    const timer = setTimeout(() => (isOffline() ? undefined : end()), seconds * 1000);
    globalThis.addEventListener('online', end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

/** Runs one attempt, which is given up as OFFLINE when the network goes or nothing moves any more. */
async function attempt<T>(run: (attempt: Attempt) => Promise<T>, signal: AbortSignal): Promise<T> {
  const stop = new AbortController();
  const lose = () => stop.abort(new RequestError('OFFLINE'));
  const cancel = () => stop.abort(signal.reason);
  let silence: ReturnType<typeof setTimeout> | undefined;
  const moved = (withinMs = SILENCE_MS) => {
    clearTimeout(silence);
    silence = setTimeout(lose, withinMs);
  };
  globalThis.addEventListener('offline', lose);
  signal.addEventListener('abort', cancel);
  moved();
  try {
    signal.throwIfAborted();
    const lost = new Promise<never>((_, reject) => {
      stop.signal.addEventListener('abort', () => reject(stop.signal.reason));
    });
    return await Promise.race([run({ signal: stop.signal, moved }), lost]);
  } finally {
    clearTimeout(silence);
    globalThis.removeEventListener('offline', lose);
    signal.removeEventListener('abort', cancel);
  }
}

/** Seconds to wait before the next try; undefined when another would not help. */
function waitBefore(error: unknown, tries: number): number | undefined {
  const code = codeOf(error);
  const delay = DELAYS[tries];
  if (delay === undefined) return undefined;
  if (code === 'OFFLINE' || code === 'UPLOAD_FAILED') return delay;
  if (code === 'INTERNAL') return tries < FAULT_TRIES ? delay : undefined;
  if (code !== 'OVERLOADED' && code !== 'RATE_LIMITED') return undefined;
  const { retryAfter = 0 } = error as RequestError;
  return retryAfter > LONGEST_WAIT ? undefined : Math.max(delay, retryAfter);
}

/**
 * Tries until it succeeds or trying makes no sense any more: without a network it waits for it, however long; a broken connection or a
 * server that is busy is tried again for five minutes. What is tried must do no harm when it is done twice.
 * @param run one attempt; it may call `progressed` when the next one will begin further on.
 * @throws RequestError of the last attempt; the signal's reason when it is aborted.
 */
export async function persevere<T>(
  run: (attempt: Attempt, progressed: () => void) => Promise<T>,
  { signal, onPause }: Way,
): Promise<T> {
  let tries = 0;
  const progressed = () => {
    tries = 0;
  };
  for (;;) {
    try {
      return await attempt((one) => run(one, progressed), signal);
    } catch (error) {
      signal.throwIfAborted();
      const seconds = waitBefore(error, tries);
      if (seconds === undefined) throw error;
      const busy = ['OVERLOADED', 'RATE_LIMITED', 'INTERNAL'].includes(codeOf(error));
      onPause(busy ? 'server' : 'network');
      if (!isOffline()) tries++;
      await pauseFor(seconds, signal);
      onPause(undefined);
    }
  }
}
