import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { openPageApp, small } from './page-app.ts';

const { app, visit } = await openPageApp();

it('serves a picture whole, in part, or not again when the browser has it', async () => {
  const visitor = await visit();
  const { originalUrl } = await visitor.uploaded();
  const get = (headers: Record<string, string> = {}, method = 'GET') =>
    fetch(app.url + originalUrl, { headers, method });
  const whole = await get();
  const etag = String(whole.headers.get('etag'));
  expect(whole.headers.get('accept-ranges')).toBe('bytes');
  expect(whole.headers.get('cache-control')).toBe('private, no-cache');
  expect(whole.headers.get('content-length')).toBe(String(small.length));

  const head = await get({}, 'HEAD');
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, String(small.length), '']);

  for (const [range, start, end] of [
    ['bytes=0-9', 0, 9],
    ['bytes=10-', 10, small.length - 1],
    ['bytes=-5', small.length - 5, small.length - 1],
    ['bytes=0-999999', 0, small.length - 1],
  ] as const) {
    const part = await get({ range });
    expect(part.status, range).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes ${start}-${end}/${small.length}`);
    expect(Buffer.from(await part.arrayBuffer()).equals(small.subarray(start, end + 1))).toBe(true);
  }
  for (const range of ['bytes=999999-', 'bytes=-0', 'bytes=-00']) {
    const outside = await get({ range });
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, `bytes */${small.length}`]);
  }
  for (const range of ['bytes=0-1,3-4', 'bytes=9-1', 'lines=1-2', 'bytes=-'])
    expect((await get({ range })).status, range).toBe(200);

  expect((await get({ 'if-none-match': etag })).status).toBe(304);
  expect((await get({ 'if-none-match': `"other", W/${etag}` })).status).toBe(304);
  expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
  expect((await get({ range: 'bytes=0-9', 'if-range': etag })).status).toBe(206);
  expect((await get({ range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(200);
});

it('serves nothing by a link that it did not sign, or whose time is over', async () => {
  const visitor = await visit();
  const { originalUrl } = await visitor.uploaded();
  const parts = originalUrl.split('/');
  const tampered = [
    originalUrl.replace('/original/', '/result/'),
    originalUrl.replace(/.(?=\/[^/]*$)/, (c) => (c === 'A' ? 'B' : 'A')),
    ['', 'files', 'original', '..%2f..%2fsecret', ...parts.slice(4)].join('/'),
    '/files/../../etc/passwd',
    '/files/original',
  ];
  for (const path of tampered) {
    const { status } = await fetch(app.url + path);
    expect([404, 503], path).toContain(status);
  }
});

it('says that a picture is gone when it goes between two looks', async () => {
  const visitor = await visit();
  const { id, originalUrl } = await visitor.uploaded();
  const looked = app.storage.size;
  app.storage.size = async (key) => {
    app.storage.size = looked;
    const size = await looked(key);
    await visitor.call('DELETE', `/api/v1/photos/${id}`);
    return size;
  };
  expect((await fetch(app.url + originalUrl)).status).toBe(410);
});

it('says what is missing while the page is not built, and serves it once it is', async () => {
  const before = await fetch(`${app.url}/`);
  expect([before.status, await before.text()]).toEqual([503, expect.stringContaining('npm start')]);

  mkdirSync(join(app.webFolder, 'assets'), { recursive: true });
  const script = 'console.log("page");'.repeat(50);
  const html = '<!doctype html><script type="module" src="/assets/a-1.js"></script>';
  mkdirSync(join(app.webFolder, 'pages', 'en'), { recursive: true });
  for (const name of ['index.html', 'pages/en/index.html']) writeFileSync(join(app.webFolder, name), html);
  writeFileSync(join(app.webFolder, 'assets', 'a-1.js'), script);
  writeFileSync(join(app.webFolder, 'assets', 'a-1.js.br'), brotliCompressSync(script));
  mkdirSync(join(app.webFolder, 'pages', 'fr'), { recursive: true });
  for (const name of ['index', 'privacy'])
    writeFileSync(join(app.webFolder, 'pages', 'fr', `${name}.html`), `fr ${name}`);

  const index = await fetch(`${app.url}/`);
  expect(index.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(index.headers.get('cache-control')).toBe('no-cache');
  expect(index.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self';/);
  expect(index.headers.get('content-security-policy')).not.toContain('unsafe');
  expect(await (await fetch(`${app.url}/photos/any`)).text()).toContain('<!doctype html>');
  const cached = await fetch(`${app.url}/`, { headers: { 'if-none-match': String(index.headers.get('etag')) } });
  expect(cached.status).toBe(304);

  const asset = await fetch(`${app.url}/assets/a-1.js`, { headers: { 'accept-encoding': 'gzip, br;q=0.9' } });
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(asset.headers.get('content-encoding')).toBe('br');
  expect(await asset.text()).toBe(script);
  const plain = await fetch(`${app.url}/assets/a-1.js`, { headers: { 'accept-encoding': 'identity' } });
  expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, script]);
  for (const path of ['/assets/a-2.js', '/assets/..%2findex.html', '/.env', '/index.html.map'])
    expect((await fetch(app.url + path)).status, path).toBe(404);

  // What is ready in the reader's language is served so.
  const read = async (path: string, headers: Record<string, string>) =>
    (await fetch(app.url + path, { headers })).text();
  expect(await read('/', { 'accept-language': 'fr-CA,en;q=0.5' })).toBe('fr index');
  expect(await read('/privacy', { 'accept-language': 'en', cookie: 'hili_language=fr' })).toBe('fr privacy');
  expect(await read('/', { 'accept-language': 'de' })).toContain('<!doctype html>');
  expect(await read('/photos/any', { 'accept-language': 'fr' })).toContain('<!doctype html>');
  expect(index.headers.get('vary')).toBe('accept-encoding, accept-language, cookie');
});

it('tells supervisors that it runs and can serve', async () => {
  for (const path of ['/health', '/health/live'])
    expect(await (await fetch(app.url + path)).json(), path).toEqual({ status: 'ok' });
});
