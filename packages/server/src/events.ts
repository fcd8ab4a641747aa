import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import type { Db } from './database.ts';
import type { Connection } from './embedded-postgres.ts';
import type { Log } from './log.ts';

/** Whom a change is for: the pages of one visitor or user, the worker that runs one job, whoever delivers mail, or every process. */
export type Topic = `owner:${string}` | `job:${string}` | 'mail' | 'settings';

/** What happened. `resync` says that changes may have been missed: read everything again. */
export type Change =
  | { readonly kind: 'photo'; readonly photoId: string }
  | { readonly kind: 'gone'; readonly photoId: string }
  | { readonly kind: 'me' }
  /** What a page asks for by itself has changed, invites or rebates: `me` is sent again, changed or not. */
  | { readonly kind: 'news' }
  /** Whose pages these are has changed: signed in, signed out. */
  | { readonly kind: 'moved' }
  | { readonly kind: 'mail' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'resync' };

export interface Events {
  /** Calls the listener for each change of a topic that is committed from now on. @returns unsubscribe. */
  subscribe(topic: Topic, listener: (change: Change) => void): () => void;
  close(): Promise<void>;
}

const CHANNEL = 'hili';
/** A connection that broke without a word is found by a question so often, in milliseconds. */
const ALIVE_MS = 15_000;
const RETRY_MS = 500;

/** Tells every process of a change when the transaction commits; at once outside of one. */
export async function publish(db: Db, topic: Topic, change: Change): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${JSON.stringify({ topic, change })})`.execute(db);
}

/**
 * Listens on a connection of its own, and again whenever that breaks; listeners then hear `resync`.
 * @param name by which the database knows this connection.
 */
export async function openEvents(connection: Connection, log: Log, name = 'hili'): Promise<Events> {
  const listeners = new Map<string, Set<(change: Change) => void>>();
  const stop = new AbortController();
  const ready = Promise.withResolvers<void>();
  let client: pg.Client | undefined;

  const tell = (topic: string, change: Change) => {
    for (const listener of [...(listeners.get(topic) ?? [])]) {
      try {
        listener(change);
      } catch (error) {
        log.error({ error }, 'a listener failed');
      }
    }
  };

  /** One connection's life: resolves when it has broken or was closed. */
  const listen = async (): Promise<void> => {
    const current = new pg.Client({ ...connection, keepAlive: true, application_name: name });
    const ended = new Promise<void>((resolve) => current.once('end', resolve));
    current.on('error', () => {});
    current.on('notification', ({ payload }) => {
      const { topic, change } = JSON.parse(payload ?? '{}') as { topic: string; change: Change };
      tell(topic, change);
    });
    await current.connect();
    client = current;
    if (stop.signal.aborted) return current.end();
    await current.query(`listen ${CHANNEL}`);
    ready.resolve();
    for (const topic of [...listeners.keys()]) tell(topic, { kind: 'resync' });
    const timer = setInterval(() => {
      const late = setTimeout(() => current.connection.stream.destroy(), ALIVE_MS);
      current.query('select 1').then(
        () => clearTimeout(late),
        () => clearTimeout(late),
      );
    }, ALIVE_MS);
    await ended;
    clearInterval(timer);
  };

  const loop = (async () => {
    while (!stop.signal.aborted) {
      await listen().catch((error) => log.warn({ error }, 'no connection for events'));
      client = undefined;
      await sleep(RETRY_MS, undefined, { signal: stop.signal }).catch(() => {});
    }
  })();
  await ready.promise;

  return {
    subscribe(topic, listener) {
      const own = listeners.get(topic) ?? new Set();
      listeners.set(topic, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0 && listeners.get(topic) === own) listeners.delete(topic);
      };
    },
    async close() {
      stop.abort();
      await client?.end().catch(() => {});
      await loop;
    },
  };
}
