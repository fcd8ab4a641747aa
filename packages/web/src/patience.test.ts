import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RequestError } from './client.ts';
import { persevere } from './patience.ts';
import type { Pause } from './tray.ts';

/** Fails with each of these in turn, then succeeds. */
function failing(...codes: ConstructorParameters<typeof RequestError>[]) {
  let tries = 0;
  const pauses: (Pause | undefined)[] = [];
  const stop = new AbortController();
  const way = {
    signal: stop.signal,
    onSent: () => undefined,
    onPause: (pause: Pause | undefined) => pauses.push(pause),
  };
  const run = () => {
    const code = codes[tries++];
    return code ? Promise.reject(new RequestError(...code)) : Promise.resolve('there');
  };
  return { done: () => persevere(run, way), pauses, stop, tries: () => tries };
}

/** Runs what is timed at once, as a clock that is turned by hand. */
async function turned<T>(seconds: number, work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers();
  try {
    const result = work();
    result.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(seconds * 1000);
    return await result;
  } finally {
    vi.useRealTimers();
  }
}

/** The network as a browser tells of it. */
const network = Object.assign(new EventTarget(), {
  turn(on: boolean) {
    vi.stubGlobal('navigator', { onLine: on });
    network.dispatchEvent(new Event(on ? 'online' : 'offline'));
  },
});

beforeAll(() => {
  vi.stubGlobal('addEventListener', network.addEventListener.bind(network));
  vi.stubGlobal('removeEventListener', network.removeEventListener.bind(network));
});
afterAll(() => void vi.unstubAllGlobals());

describe('sending with patience', () => {
  it('waits for the network for as long as it is away, and goes on at once when it is back', async () => {
    let tries = 0;
    const pauses: unknown[] = [];
    const way = {
      signal: new AbortController().signal,
      onSent: () => undefined,
      onPause: (pause: unknown) => pauses.push(pause),
    };
    // The first attempt hangs, as one does whose network has gone.
    const run = () => (tries++ === 0 ? new Promise<string>(() => undefined) : Promise.resolve('there'));
    const result = await turned(0, async () => {
      const sent = persevere(run, way);
      network.turn(false);
      await vi.advanceTimersByTimeAsync(3_600_000);
      expect(pauses).toEqual(['network']);
      network.turn(true);
      return sent;
    });
    expect(result).toBe('there');
    expect(tries).toBe(2);
  });

  it('goes on after a connection that was away for 20 seconds', async () => {
    const { done, pauses } = failing(['OFFLINE'], ['OFFLINE'], ['UPLOAD_FAILED'], ['OFFLINE']);
    expect(await turned(20, done)).toBe('there');
    expect(pauses.filter(Boolean)).toEqual(['network', 'network', 'network', 'network']);
    expect(pauses.at(-1)).toBeUndefined();
  });

  it('comes back when a busy server wants it to, and not before', async () => {
    const { done, pauses, tries } = failing(['OVERLOADED', 30]);
    await turned(31, async () => {
      const result = done();
      await vi.advanceTimersByTimeAsync(29_000);
      expect(tries()).toBe(1);
      return result;
    });
    expect(tries()).toBe(2);
    expect(pauses).toEqual(['server', undefined]);
  });

  it.each(['NO_CREDITS', 'PHOTO_BUSY', 'UNSUPPORTED_TYPE', 'PHOTO_DAMAGED', 'BAD_REQUEST'] as const)(
    'says %s at once, since another try would not help',
    async (code) => {
      const { done, tries } = failing([code]);
      await expect(done()).rejects.toMatchObject({ code });
      expect(tries()).toBe(1);
    },
  );

  it('gives up after five minutes without a connection', async () => {
    const { done, tries } = failing(...Array.from({ length: 40 }, (): ['OFFLINE'] => ['OFFLINE']));
    await expect(turned(310, done)).rejects.toMatchObject({ code: 'OFFLINE' });
    expect(tries()).toBe(11);
  });

  it('stops at once when it is cancelled, also while it waits', async () => {
    const { done, stop } = failing(['OFFLINE']);
    const result = done();
    setTimeout(() => stop.abort(new RequestError('CANCELLED')), 20);
    await expect(result).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
