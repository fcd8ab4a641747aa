import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { AppError, LANGUAGES } from '@hili/contract';
import { type Context, Hono } from 'hono';
import { readSignIn } from '../auth-requests.ts';
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
  '.xml': 'application/xml',
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
  "img-src 'self' blob:",
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

/** What the build writes where an address of ours has to be whole, as search engines ask; it is only known here. */
const PUBLIC_URL = '{public-url}';
/** Brotli's level for files that are filled in: nearly as small as the highest, in a twentieth of the time. */
const QUALITY = 6;

/**
 * Every file of the built page by its URL path, read whole: it is small, and paths outside of it cannot be asked for. Files with the
 * public address in them are filled in, and compressed here instead of by the build.
 */
function readPage(folder: string, publicUrl: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  function add(path: string, bytes: Buffer) {
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    files.set(path, { bytes, etag });
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = `/${relative(folder, path).split(sep).join('/')}`;
    const bytes = readFileSync(path);
    if (!bytes.includes(PUBLIC_URL)) {
      add(name, bytes);
      continue;
    }
    const filled = Buffer.from(bytes.toString('utf8').replaceAll(PUBLIC_URL, publicUrl));
    add(name, filled);
    add(`${name}.br`, brotliCompressSync(filled, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }));
    add(`${name}.gz`, gzipSync(filled));
  }
  return files;
}

/** Addresses that say something else to everybody: answered with the page that makes them in the browser. */
const OWN = /^\/((photos|r|buy|orders)\/[^/]+|orders\/[^/]+\/receipt)$/;

/** The operator's console. */
const CONSOLE = /^\/admin(\/|$)/;

/**
 * The built page at `/`: the page of that address as it was made ready, `pages/LANGUAGE/…`, in the language that `?lang=` asks for, else
 * in the reader's. An unknown address is answered with 404 and the page that says so, and so is the console to everybody but operators.
 */
export function webRoutes({ webFolder, publicUrl, log, auth }: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  let page: ReadonlyMap<string, PageFile> | undefined;

  /** Reads the page when it is first asked for; one that is not built yet is looked for again. */
  function files(): ReadonlyMap<string, PageFile> | undefined {
    try {
      page ??= readPage(webFolder, publicUrl);
    } catch (error) {
      log.warn({ error }, 'the page is not built');
    }
    return page;
  }

  const isOperator = async (c: Context<AppEnv>) =>
    (await readSignIn(c, auth).catch(() => undefined))?.isOperator === true;

  routes.get('/*', async (c) => {
    const all = files();
    if (!all) return c.text('The page is not built yet. Start with `npm start`, which builds it.\n', 503);
    const isConsole = CONSOLE.test(c.req.path);
    // Codes of partners may have dots.
    const isFile = !isConsole && /\.[^/]*$/.test(c.req.path);
    const language = LANGUAGES.find((one) => one === c.req.query('lang')) ?? requestLanguage(c, 'en');
    const address = c.req.path.replace(/(?<=.)\/$/, '');
    const ready = `/pages/${language}${address === '/' ? '/index' : address}.html`;
    const isKnown = isConsole ? await isOperator(c) : isFile || all.has(ready) || OWN.test(address);
    const path = isFile ? address : all.has(ready) ? ready : isKnown ? '/index.html' : `/pages/${language}/404.html`;
    const file = all.get(path);
    if (!file) throw new AppError('NOT_FOUND');
    const accepted = (c.req.header('accept-encoding') ?? '').split(',').map((each) => each.trim().split(';')[0]);
    const [encoding, ending] = ENCODINGS.find(([name, end]) => accepted.includes(name) && all.has(path + end)) ?? [];
    const { bytes, etag } = all.get(path + (ending ?? '')) ?? file;

    c.header('etag', etag);
    c.header('vary', isFile ? 'accept-encoding' : 'accept-encoding, accept-language, cookie');
    // Vite puts a hash of the content into the names of its assets.
    c.header('cache-control', path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    // What the service worker fetches is under its own policy, not the page's.
    if (path.endsWith('.html') || path === '/sw.js') c.header('content-security-policy', PAGE_POLICY);
    if (isKnown && c.req.header('if-none-match') === etag) return c.body(null, 304);
    c.header('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
    if (encoding) c.header('content-encoding', encoding);
    return c.body(new Uint8Array(bytes), isKnown ? 200 : 404);
  });

  // A phone's gallery shares here. The service worker takes the photo; without one there is only the page to open.
  routes.post('/share', (c) => c.redirect('/', 303));

  return routes;
}
