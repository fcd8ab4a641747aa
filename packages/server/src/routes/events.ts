import { AppError, type OrderView } from '@hili/contract';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { type Caller, mailsAlways, meView, stillCaller, viewerOf } from '../callers.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { ordersOf } from '../order-rows.ts';
import { orderViews } from '../order-view.ts';
import { photoView } from '../photo-view.ts';
import { listOwnPhotos } from '../photos.ts';

/** Milliseconds after which a place in the queue is looked up again: nobody is told when those in front move on. */
const POSITION_MS = 5_000;
/** Milliseconds between signs of life; proxies commonly close a silent connection after 60 s. */
const HEARTBEAT_MS = 20_000;
/** Milliseconds after which a browser that lost us comes back. */
const RETRY_MS = 2_000;
/** Live views at once of one person, and of one address: each of 560 asked the database at every change, and an upload then took 8 s. */
const MOST = { person: 20, address: 200 };
/** Milliseconds for which an order is live on the page after it was made; older ones are asked for. */
const ORDERS_MS = 86_400_000;
/** Seconds after which somebody with too many should try again. */
const CROWDED_SECONDS = 10;

/** Counts what is open now by its key; `enter` says no once there are too many, else gives the way to leave. */
function openTurnstile(): { enter(key: string, most: number): (() => void) | undefined } {
  const inside = new Map<string, number>();
  return {
    enter(key, most) {
      const count = inside.get(key) ?? 0;
      if (count >= most) return undefined;
      inside.set(key, count + 1);
      return () => {
        const left = (inside.get(key) ?? 1) - 1;
        if (left > 0) inside.set(key, left);
        else inside.delete(key);
      };
    },
  };
}

/**
 * The page's live view, under `/api/v1/events`: `photo` with a PhotoView, `gone` with a photo's id, `me` with a MeView,
 * `order` with an OrderView of the last day. All that there is comes
 * first, so that a page that (re)connects needs no memory of ours; afterwards only what differs from what was sent before, and
 * `me` again when invites or rebates have changed: a page asks for these by itself whenever it hears of them.
 */
export function eventRoutes(deps: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  const turnstile = openTurnstile();

  /** @throws AppError RATE_LIMITED */
  function enter(person: string, address: string): () => void {
    const crowded = new AppError('RATE_LIMITED', { retryAfter: CROWDED_SECONDS });
    // Where a proxy counts, all may come from its address.
    const most = deps.config.RATE_LIMITS === 'on' ? MOST.address : Number.POSITIVE_INFINITY;
    const leaveAddress = turnstile.enter(`address:${address}`, most);
    if (!leaveAddress) throw crowded;
    const leavePerson = turnstile.enter(`person:${person}`, MOST.person);
    if (leavePerson)
      return () => {
        leavePerson();
        leaveAddress();
      };
    leaveAddress();
    throw crowded;
  }

  /** Newest last, as photos. */
  async function recentOrders(caller: Caller): Promise<OrderView[]> {
    if (caller.kind !== 'user') return [];
    const since = new Date(deps.clock().getTime() - ORDERS_MS);
    return orderViews(deps, (await ordersOf(deps.db, caller.id, since)).reverse());
  }

  routes.get('/events', async (c) => {
    const first = await viewerOf(c, deps);
    const leave = enter(first.id, c.var.address);
    c.header('cache-control', 'no-store');
    c.header('x-accel-buffering', 'no'); // nginx would hold events back
    return streamSSE(
      c,
      async (stream) => {
        const sent = new Map<string, string>();
        let waiting = false;
        let wake = Promise.withResolvers<void>();
        let moved = false;
        const unsubscribe = deps.events.subscribe(`owner:${first.id}`, ({ kind }) => {
          moved ||= kind === 'moved';
          if (kind === 'news' || kind === 'resync') sent.delete('me');
          wake.resolve();
        });
        stream.onAbort(() => wake.resolve());

        /** Sends what has changed since the last time. */
        async function catchUp(): Promise<void> {
          const caller = await stillCaller(deps, first);
          moved ||= caller === undefined;
          if (!caller) return;
          const photos = await listOwnPhotos(deps.db, caller, deps.clock());
          waiting = photos.some((photo) => photo.job.state === 'queued');
          // Oldest first, so that a page that puts each new one on top ends in the right order.
          const views = await Promise.all(photos.reverse().map((photo) => photoView(deps, photo, mailsAlways(caller))));
          const state = new Map<string, { event: string; data: string }>();
          for (const view of views) state.set(view.id, { event: 'photo', data: JSON.stringify(view) });
          state.set('me', { event: 'me', data: JSON.stringify(await meView(deps, caller)) });
          for (const order of await recentOrders(caller)) {
            state.set(`order:${order.id}`, { event: 'order', data: JSON.stringify(order) });
          }
          for (const [id, message] of state) {
            if (sent.get(id) === message.data) continue;
            sent.set(id, message.data);
            await stream.writeSSE(message);
          }
          for (const id of sent.keys()) {
            if (state.has(id)) continue;
            sent.delete(id);
            if (id.startsWith('order:')) continue;
            await stream.writeSSE({ event: 'gone', data: JSON.stringify({ id }) });
          }
        }

        try {
          await stream.write(`retry: ${RETRY_MS}\n\n`);
          let heard = Date.now();
          // Whoever signs in or out comes back by themselves, as who they are then.
          while (!stream.aborted && !moved) {
            wake = Promise.withResolvers<void>();
            await catchUp();
            if (moved) break;
            const timer = setTimeout(wake.resolve, waiting ? POSITION_MS : HEARTBEAT_MS);
            await wake.promise;
            clearTimeout(timer);
            if (Date.now() - heard < HEARTBEAT_MS) continue;
            heard = Date.now();
            await stream.write(': \n\n');
          }
        } finally {
          leave();
          unsubscribe();
        }
      },
      async (error) => deps.log.warn({ error, requestId: c.var.requestId }, 'events ended'),
    );
  });

  return routes;
}
