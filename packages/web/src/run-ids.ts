import type { Wish } from '@hili/contract';
import { newId } from './ids.ts';

/** What was last asked of each photo, and the id of that run. */
const asked = new Map<string, { readonly what: string; readonly id: string }>();

/**
 * The id under which a run is asked for: the same as before while the wish is the same and the page has seen no further run, so that one
 * whose answer was lost is not made, and charged, once more.
 * @param newest the newest run of the photo that the page has seen.
 */
export function runIdFor(photoId: string, newest: string | undefined, wish: Wish): string {
  const what = JSON.stringify([newest, wish]);
  const before = asked.get(photoId);
  const id = before?.what === what ? before.id : newId();
  asked.set(photoId, { what, id });
  return id;
}
