import type { Print } from '@hili/engine';
import type { AppDeps } from './deps.ts';
import { withUpload } from './intake.ts';
import type { Photo } from './tables.ts';

/** Photos whose prints are kept in memory. */
const KEPT = 500;

/** Finds the prints on uploaded scans, once each: asking again, however often, decodes nothing. */
export function openScans(deps: AppDeps): (photo: Photo) => Promise<readonly Print[]> {
  const found = new Map<string, Promise<readonly Print[]>>();
  return (photo) => {
    const known = found.get(photo.id);
    if (known) return known;
    const prints = withUpload(deps, photo, deps.engine.prints);
    found.set(photo.id, prints);
    prints.catch(() => found.delete(photo.id));
    for (const oldest of found.keys()) if (found.size > KEPT) found.delete(oldest);
    return prints;
  };
}
