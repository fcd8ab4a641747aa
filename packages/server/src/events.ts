import type { Db } from './database.ts';

/** Whom a change is for: the pages of one visitor, or the worker that runs one job. */
export type Topic = `visitor:${string}` | `job:${string}`;

/** What happened. `resync` says that changes may have been missed: read everything again. */
export type Change =
  | { readonly kind: 'photo'; readonly photoId: string }
  | { readonly kind: 'gone'; readonly photoId: string }
  | { readonly kind: 'me' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'resync' };

export interface Events {
  /** Calls the listener for each change of a topic that is committed from now on. @returns unsubscribe. */
  subscribe(topic: Topic, listener: (change: Change) => void): () => void;
  close(): Promise<void>;
}

/** Tells every process of a change when the transaction commits. */
export async function publish(_db: Db, _topic: Topic, _change: Change): Promise<void> {
  throw new Error('not written yet');
}
