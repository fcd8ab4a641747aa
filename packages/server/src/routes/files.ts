import { Readable } from 'node:stream';
import { AppError } from '@hili/contract';
import { type Context, Hono } from 'hono';
import type { AppDeps, AppEnv } from '../deps.ts';
import { extensionOf } from '../links.ts';
import { findPicture, type Picture } from '../photos.ts';
import { FILE_POLICY } from '../safe-headers.ts';
import { type FileLink, readPath } from '../signing.ts';

const TYPES: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  tiff: 'image/tiff',
  gif: 'image/gif',
  bmp: 'image/bmp',
  heic: 'image/heic',
};

/**
 * `Content-Disposition` (RFC 6266) with the name twice: plain for old clients, and whole by RFC 8187.
 * @example contentDisposition('attachment', '奶奶.jpg') === `attachment; filename="__.jpg"; filename*=UTF-8''%E5%A5%B6%E5%A5%B6.jpg`
 */
export function contentDisposition(disposition: FileLink['disposition'], name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/gu, '_');
  const whole = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `${disposition}; filename="${plain}"; filename*=UTF-8''${whole}`;
}

/** The photo's own name with the picture's real extension; results say that they are restored. */
function fileName(picture: Picture, kind: FileLink['kind']): string {
  const stem = picture.name.replace(/\.[^.]{1,5}$/, '') || 'photo';
  return `${stem}${kind === 'result' || kind === 'result-preview' ? '-restored' : ''}.${extensionOf(picture.format)}`;
}

/** One range of bytes, both ends included (RFC 9110, 14.2); `whole` for what we do not serve in parts, several ranges for one. */
function readRange(header: string | undefined, size: number): { start: number; end: number } | 'whole' | 'outside' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return 'whole';
  const [first, last] = [match[1] as string, match[2] as string];
  if (first === '')
    return Number(last) === 0 || size === 0 ? 'outside' : { start: Math.max(0, size - Number(last)), end: size - 1 };
  const [start, end] = [Number(first), last === '' ? size - 1 : Math.min(Number(last), size - 1)];
  if (last !== '' && Number(last) < start) return 'whole';
  return start >= size ? 'outside' : { start, end };
}

const names = (header: string | undefined, etag: string) =>
  header !== undefined &&
  (header.trim() === '*' || header.split(',').some((each) => each.trim().replace(/^W\//, '') === etag));

/** The pictures behind signed links, under `/files`: GET and HEAD, one range, conditional requests. */
export function fileRoutes({ keys, db, clock, storage }: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  /** @throws AppError NOT_FOUND for a link that we did not sign, PHOTO_EXPIRED once the picture is gone. */
  async function pictureOf(c: Context<AppEnv>) {
    const link = readPath(keys.links, c.req.path);
    if (!link) throw new AppError('NOT_FOUND');
    const now = clock();
    const picture = link.expires > now ? await findPicture(db, link.kind, link.id, now) : undefined;
    const size = picture && (await storage.size(picture.key));
    if (!picture || size === undefined) throw new AppError('PHOTO_EXPIRED');
    return { link, picture, size };
  }

  routes.get('/*', async (c) => {
    const { link, picture, size } = await pictureOf(c);
    const etag = `"${link.kind}-${link.id}"`; // what a picture's id stands for never changes
    c.header('etag', etag);
    // Asking each time costs a round trip, and a deleted picture is gone from the page at once.
    c.header('cache-control', 'private, no-cache');
    c.header('cross-origin-resource-policy', 'cross-origin');
    c.header('content-security-policy', FILE_POLICY);
    if (names(c.req.header('if-none-match'), etag)) return c.body(null, 304);

    c.header('accept-ranges', 'bytes');
    c.header('content-type', TYPES[picture.format] ?? 'application/octet-stream');
    c.header('content-disposition', contentDisposition(link.disposition, fileName(picture, link.kind)));
    const condition = c.req.header('if-range');
    const range = condition === undefined || condition === etag ? readRange(c.req.header('range'), size) : 'whole';
    if (range === 'outside') {
      c.header('content-range', `bytes */${size}`);
      return c.body(null, 416);
    }
    const part = range === 'whole' ? { start: 0, end: size - 1 } : range;
    c.header('content-length', String(part.end - part.start + 1));
    if (range !== 'whole') c.header('content-range', `bytes ${part.start}-${part.end}/${size}`);
    const status = range === 'whole' ? 200 : 206;
    if (c.req.method === 'HEAD') return c.body(null, status);
    const stream = await storage.read(picture.key, range === 'whole' ? undefined : range).catch((cause) => {
      throw new AppError('PHOTO_EXPIRED', { cause }); // deleted meanwhile
    });
    return c.body(Readable.toWeb(stream) as ReadableStream, status);
  });

  return routes;
}
