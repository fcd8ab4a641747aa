import { API, type MeView, type OrderView, type PhotoView } from '@hili/contract';
import type { QueryClient } from '@tanstack/react-query';
import { isActive } from './client.ts';
import { putOrder } from './order-queries.ts';
import { dropPhoto, meQuery, photosQuery, putMe, putPhoto } from './queries.ts';
import { createStore } from './store.ts';

/** Without a stream the page asks by itself: often while a photo is worked on, seldom otherwise. */
const POLL_ACTIVE_MS = 2_000;
const POLL_IDLE_MS = 20_000;
/** A stream that the server refused is tried again after this. */
const RETRY_MS = 15_000;

/** Whether the server answers: by the stream, or by an answer to a poll. */
export const connected = createStore(true);

let reopen: (() => void) | undefined;
/** Opens the stream anew: after signing in or out it would still tell of who was there before. */
export const reconnect = (): void => reopen?.();

/**
 * Keeps the query cache current from now on: by server-sent events, and by polling while there are none. The server sends every
 * photo on connecting, so a page that was asleep or reloaded is current again at once.
 * @returns a function that ends it.
 */
export function startLive(client: QueryClient): () => void {
  let source: EventSource | undefined;
  let poll: ReturnType<typeof setTimeout> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  async function ask() {
    try {
      await Promise.all([
        client.fetchQuery({ ...photosQuery, staleTime: 0, retry: 0 }),
        client.fetchQuery({ ...meQuery, staleTime: 0, retry: 0 }),
      ]);
      connected.set(true);
    } catch {
      connected.set(false);
    }
    if (poll === undefined) return;
    const busy = client.getQueryData(photosQuery.queryKey)?.some(({ job }) => isActive(job));
    poll = setTimeout(ask, busy ? POLL_ACTIVE_MS : POLL_IDLE_MS);
  }
  function startPolling() {
    poll ??= setTimeout(ask, POLL_ACTIVE_MS);
  }
  function stopPolling() {
    clearTimeout(poll);
    poll = undefined;
  }

  function open() {
    clearTimeout(retry);
    const stream = new EventSource(`${API}/events`);
    source = stream;
    const on = <T>(name: string, use: (data: T) => void) =>
      stream.addEventListener(name, (event) => use(JSON.parse((event as MessageEvent<string>).data) as T));
    on<PhotoView>('photo', (photo) => putPhoto(client, photo));
    on<{ id: string }>('gone', ({ id }) => dropPhoto(client, id));
    on<MeView>('me', (me) => putMe(client, me));
    on<OrderView>('order', (order) => putOrder(client, order));
    stream.onopen = () => {
      stopPolling();
      connected.set(true);
      // What was deleted while there was no stream is only seen in the whole list.
      void client.invalidateQueries(photosQuery);
    };
    stream.onerror = () => {
      startPolling();
      if (stream.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
    };
  }

  open();
  reopen = () => {
    source?.close();
    open();
  };
  return () => {
    reopen = undefined;
    source?.close();
    stopPolling();
    clearTimeout(retry);
  };
}
