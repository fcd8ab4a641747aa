import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { AppError } from '@hili/contract';
import { Hono } from 'hono';
import type { AppDeps, AppEnv } from '../deps.ts';
import { requestLanguage } from '../request-language.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** In order of preference: the encoding's name, and the ending of a file that is compressed so. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/** Scripts and styles from our own files only; pictures also from memory, as for an upload's preview. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

interface PageFile {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** Every file of the built page by its URL path, read whole: it is small, and paths outside of it cannot be asked for. */
function readPage(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    files.set(`/${relative(folder, path).split(sep).join('/')}`, { bytes, etag });
  }
  return files;
}

/**
 * The built page at `/`: the page of that address as it was made ready in the reader's language, `pages/LANGUAGE/…`. Every other path
 * without an extension is one of the page's own addresses and answered with the page that makes it in the browser.
 */
export function webRoutes({ webFolder, log }: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  let page: ReadonlyMap<string, PageFile> | undefined;

  /** Reads the page when it is first asked for; one that is not built yet is looked for again. */
  function files(): ReadonlyMap<string, PageFile> | undefined {
    try {
      page ??= readPage(webFolder);
    } catch (error) {
      log.warn({ error }, 'the page is not built');
    }
    return page;
  }

  routes.get('/*', (c) => {
    const all = files();
    if (!all) return c.text('The page is not built yet. Start with `npm start`, which builds it.\n', 503);
    const isFile = /\.[^/]*$/.test(c.req.path);
    const ready = `/pages/${requestLanguage(c, 'en')}${c.req.path === '/' ? '/index' : c.req.path}.html`;
    const path = isFile ? c.req.path : all.has(ready) ? ready : '/index.html';
    const file = all.get(path);
    if (!file) throw new AppError('NOT_FOUND');
    const accepted = (c.req.header('accept-encoding') ?? '').split(',').map((each) => each.trim().split(';')[0]);
    const [encoding, ending] = ENCODINGS.find(([name, end]) => accepted.includes(name) && all.has(path + end)) ?? [];
    const { bytes, etag } = all.get(path + (ending ?? '')) ?? file;

    c.header('etag', etag);
    c.header('vary', isFile ? 'accept-encoding' : 'accept-encoding, accept-language, cookie');
    // Vite puts a hash of the content into the names of its assets.
    c.header('cache-control', path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (path.endsWith('.html')) c.header('content-security-policy', PAGE_POLICY);
    if (c.req.header('if-none-match') === etag) return c.body(null, 304);
    c.header('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
    if (encoding) c.header('content-encoding', encoding);
    return c.body(new Uint8Array(bytes));
  });

  return routes;
}
