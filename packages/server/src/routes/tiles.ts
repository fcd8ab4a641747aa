import { AppError } from '@hili/contract';
import { Hono } from 'hono';
import type { AppDeps, AppEnv } from '../deps.ts';
import { findPicture } from '../photos.ts';
import { readerAt } from '../readers.ts';
import { FILE_POLICY } from '../safe-headers.ts';
import { readPath } from '../signing.ts';
import { openTiles } from '../tiles.ts';

/** The tiles of large results behind signed links, under `/files/tiles`: `<link>/<level>/<column>_<row>.jpg`. */
export function tileRoutes(deps: AppDeps): Hono<AppEnv> {
  const { keys, db, clock } = deps;
  const tiles = openTiles(deps);
  const routes = new Hono<AppEnv>();

  routes.get('/*', async (c) => {
    const [, path = '', place = ''] = /^(.+)\/(\d{1,2}\/\d{1,3}_\d{1,3})\.jpg$/.exec(c.req.path) ?? [];
    const link = readPath(keys.links, path);
    if (link?.kind !== 'tiles') throw new AppError('NOT_FOUND');
    const now = clock();
    // Gone with the photo, whatever a browser or we still hold of it.
    const there = link.expires > now && (await findPicture(db, 'result', link.id, now));
    if (!there) throw new AppError('PHOTO_EXPIRED');
    const etag = `"tile-${link.id}-${place.replace('/', '-')}"`;
    c.header('etag', etag);
    c.header('cache-control', 'private, no-cache');
    c.header('content-security-policy', FILE_POLICY);
    if (c.req.header('if-none-match') === etag) return c.body(null, 304);
    const tile = await tiles.read(link.id, place, readerAt(keys, c.var.address));
    if (!tile) throw new AppError('NOT_FOUND');
    c.header('content-type', 'image/jpeg');
    return c.body(new Uint8Array(tile));
  });

  return routes;
}
