import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { MeView, PhotoView, Problem } from '@hili/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openObjects } from './open-files.ts';
import { makePng, oldPhoto } from './pictures.ts';
import { openTestApp, type TestApp } from './test-app.ts';

let app: TestApp;
const small = makePng(96, 64, 0x33);

beforeAll(async () => {
  app = await openTestApp({ FREE_PER_DAY: '20', FREE_PER_ADDRESS: '1000' });
  await app.startWorker();
});
afterAll(() => app.close());

/** Somebody at a browser: keeps the cookie and says where the page is from. */
async function visit(cookie = '') {
  const call = async (method: string, path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (cookie) headers.set('cookie', cookie);
    if (!headers.has('sec-fetch-site')) headers.set('sec-fetch-site', 'same-origin');
    const response = await fetch(app.url + path, { ...init, method, headers });
    const [set] = response.headers.getSetCookie();
    if (set) cookie = set.split(';')[0] as string;
    return response;
  };
  const upload = (fields: Record<string, string | Blob>, init: RequestInit = {}) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields))
      if (typeof value === 'string') body.append(name, value);
      else body.append(name, value, '奶奶.png');
    return call('POST', '/api/v1/photos', { ...init, body });
  };
  return {
    call,
    upload,
    async uploaded(fields: Record<string, string> = {}) {
      const response = await upload({ recipe: 'sr', file: new Blob([new Uint8Array(small)]), ...fields });
      expect(response.status).toBe(201);
      return PhotoView.parse(await response.json());
    },
    async done(id: string) {
      for (let i = 0; i < 400; i++) {
        const photo = PhotoView.parse(await (await call('GET', `/api/v1/photos/${id}`)).json());
        if (photo.job.state === 'done' || photo.job.state === 'failed') return photo;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error('expected a job that ends within 40 s');
    },
    cookie: () => cookie,
  };
}

async function problem(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const parsed = Problem.parse(await response.json());
  expect(parsed.status).toBe(response.status);
  return parsed;
}

/** Reads events of a stream until one fits. */
async function readEvents(response: Response, fits: (event: string, data: unknown) => boolean) {
  const seen: { event: string; data: unknown }[] = [];
  let text = '';
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`expected an event but the stream ended after ${JSON.stringify(seen)}`);
      text += value;
      const blocks = text.split('\n\n');
      text = blocks.pop() as string;
      for (const block of blocks) {
        const event = /^event: (.*)$/m.exec(block)?.[1];
        if (!event) continue;
        const data: unknown = JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? 'null');
        seen.push({ event, data });
        if (fits(event, data)) return;
      }
    }
  };
  await next();
  await reader.cancel();
  return seen;
}

it('greets a visitor with a cookie that no script can read, and says how many photos are left', async () => {
  const response = await fetch(`${app.url}/api/v1/me`);
  expect(response.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^hili=[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/),
  ]);
  const me = MeView.parse(await response.json());
  expect(me).toMatchObject({ kind: 'guest', photosLeft: 20, freePerDay: 20 });
  expect(Date.parse(String(me.renewsAt))).toBeGreaterThan(Date.now());
  expect(response.headers.get('cache-control')).toBe('no-store');
});

it('knows the visitor again, and shows photos to nobody else', async () => {
  const one = await visit();
  const other = await visit();
  await other.call('GET', '/api/v1/me');
  const photo = await one.uploaded();
  const again = await visit(one.cookie());
  expect(((await (await again.call('GET', '/api/v1/photos')).json()) as PhotoView[]).map(({ id }) => id)).toEqual([
    photo.id,
  ]);
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/cancel'],
    ['POST', '/jobs'],
  ] as const) {
    const refused = await other.call(method, `/api/v1/photos/${photo.id}${path}`);
    expect((await problem(refused)).code, `${method} ${path}`).toBe('PHOTO_NOT_FOUND');
  }
  expect(await (await other.call('GET', '/api/v1/photos')).json()).toEqual([]);
});

it('restores a photo, shows every step of it, and serves what it was and what it became', async () => {
  const visitor = await visit();
  const photo = await visitor.uploaded();
  expect(photo).toMatchObject({ name: '奶奶.png', format: 'png', width: 96, height: 64, bytes: small.length });
  const done = await visitor.done(photo.id);
  expect(done.job).toMatchObject({ state: 'done', progress: 1, error: null, result: { format: 'png', width: 192 } });
  expect(Date.parse(String(done.expiresAt)) - Date.now()).toBeGreaterThan(3_500_000);
  const original = await fetch(app.url + done.originalUrl);
  expect(Buffer.from(await original.arrayBuffer()).equals(small)).toBe(true);
  const shown = await fetch(app.url + done.job.result!.url);
  expect(shown.headers.get('content-disposition')).toMatch(/^inline; filename="__-restored\.png"/);
  const saved = await fetch(app.url + done.job.result!.downloadUrl);
  expect(saved.headers.get('content-disposition')).toBe(
    `attachment; filename="__-restored.png"; filename*=UTF-8''%E5%A5%B6%E5%A5%B6-restored.png`,
  );
  const left = MeView.parse(await (await visitor.call('GET', '/api/v1/me')).json()).photosLeft;
  expect(left).toBe(19);
});

it('keeps links the same while a job goes on, so that a page need not load a picture twice', async () => {
  const visitor = await visit();
  const photo = await visitor.uploaded();
  const done = await visitor.done(photo.id);
  expect(done.originalUrl).toBe(photo.originalUrl);
});

it('runs another recipe on a photo that is kept', async () => {
  const visitor = await visit();
  const { id } = await visitor.uploaded();
  await visitor.done(id);
  const again = await visitor.call('POST', `/api/v1/photos/${id}/jobs`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ recipe: 'sr', scale: 4, format: 'jpeg' }),
  });
  expect(again.status).toBe(201);
  const done = await visitor.done(id);
  expect(done.job.result).toMatchObject({ format: 'jpeg', width: 384 });
});

it('deletes a photo at once: its pictures, its place in the list, its name', async () => {
  const visitor = await visit();
  const { id } = await visitor.uploaded();
  const { originalUrl, job } = await visitor.done(id);
  expect((await visitor.call('DELETE', `/api/v1/photos/${id}`)).status).toBe(204);
  for (const url of [originalUrl, job.result!.url, job.result!.downloadUrl])
    expect((await problem(await fetch(app.url + url))).code).toBe('PHOTO_EXPIRED');
  expect((await problem(await visitor.call('GET', `/api/v1/photos/${id}`))).code).toBe('PHOTO_EXPIRED');
  expect(await (await visitor.call('GET', '/api/v1/photos')).json()).toEqual([]);
});

it('cancels a job without a charge', async () => {
  const visitor = await visit();
  const response = await visitor.upload({ recipe: 'sr', file: new Blob([new Uint8Array(readFileSync(oldPhoto))]) });
  const { id } = PhotoView.parse(await response.json());
  const cancelled = PhotoView.parse(await (await visitor.call('POST', `/api/v1/photos/${id}/cancel`)).json());
  expect(cancelled.job).toMatchObject({ state: 'failed', error: 'CANCELLED' });
  expect(MeView.parse(await (await visitor.call('GET', '/api/v1/me')).json()).photosLeft).toBe(20);
});

it('says what is wrong as problem details, in the language of the visitor', async () => {
  const visitor = await visit();
  const file = new Blob([new Uint8Array(small)]);
  const wrong: [string, Record<string, string | Blob>][] = [
    ['recipe', { file }],
    ['recipe', { recipe: 'magic', file }],
    ['scale', { recipe: 'sr', scale: '3', file }],
    ['longEdge', { recipe: 'sr', longEdge: '99999', file }],
    ['format', { recipe: 'sr', format: 'gif', file }],
    ['rgb', { recipe: 'bg', file }],
    ['rgb', { recipe: 'bg', rgb: 'red', file }],
    ['file', { recipe: 'sr' }],
  ];
  for (const [field, fields] of wrong) {
    const refused = await problem(await visitor.upload(fields));
    expect(refused).toMatchObject({ code: 'BAD_REQUEST', status: 400, field });
  }
  const text = { recipe: 'sr', file: new Blob(['no picture']) };
  expect(await problem(await visitor.upload(text))).toMatchObject({
    type: 'urn:hili:error:UNSUPPORTED_TYPE',
    title: 'This type of file is not supported.',
    status: 415,
  });
  const chinese = await visitor.upload(text, { headers: { 'accept-language': 'zh-CN' } });
  expect(chinese.headers.get('content-language')).toBe('zh');
  expect((await problem(chinese)).title).toBe('文件上传类型不支持');
  expect((await problem(await visitor.call('GET', '/api/v1/nothing'))).code).toBe('NOT_FOUND');
  const bad = await visitor.call('POST', `/api/v1/photos/${'0'.repeat(32)}/jobs`, { body: '[' });
  expect((await problem(bad)).code).toBe('PHOTO_NOT_FOUND');
});

it('refuses changes that come from another site, and lets nothing through', async () => {
  const visitor = await visit();
  const { id } = await visitor.uploaded();
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
    const refused = await visitor.call('DELETE', `/api/v1/photos/${id}`, { headers });
    expect((await problem(refused)).code).toBe('FORBIDDEN_ORIGIN');
  }
  expect((await visitor.call('GET', `/api/v1/photos/${id}`)).status).toBe(200);
});

it('sends all that there is on connecting, then every change, and forgets a page that has gone', async () => {
  const visitor = await visit();
  const first = await visitor.uploaded();
  await visitor.done(first.id);
  const stream = await visitor.call('GET', '/api/v1/events');
  expect(stream.headers.get('content-type')).toBe('text/event-stream');
  const reading = readEvents(stream, (event) => event === 'gone');
  const second = await visitor.uploaded();
  await visitor.done(second.id);
  await visitor.call('DELETE', `/api/v1/photos/${second.id}`);
  const seen = await reading;
  const photosSeen = seen.filter(({ event }) => event === 'photo').map(({ data }) => PhotoView.parse(data));
  expect(photosSeen[0]?.id).toBe(first.id);
  expect(new Set(photosSeen.filter(({ id }) => id === second.id).map(({ job }) => job.state))).toContain('done');
  expect(seen.filter(({ event }) => event === 'me').length).toBeGreaterThanOrEqual(2);
  expect(seen.at(-1)).toEqual({ event: 'gone', data: { id: second.id } });
  const texts = seen.map((each) => JSON.stringify(each));
  expect(new Set(texts).size, 'nothing is sent twice').toBe(texts.length);
});

it('shows one person twenty live views at once, and another when one of them has gone', async () => {
  const visitor = await visit();
  await visitor.call('GET', '/api/v1/me');
  const away = Array.from({ length: 21 }, () => new AbortController());
  const open = (n: number) => visitor.call('GET', '/api/v1/events', { signal: (away[n] as AbortController).signal });
  for (let n = 0; n < 20; n++) expect((await open(n)).status).toBe(200);
  const refused = await open(20);
  expect(refused.headers.get('retry-after')).toBe('10');
  expect((await problem(refused)).code).toBe('RATE_LIMITED');
  const other = new AbortController();
  expect((await (await visit()).call('GET', '/api/v1/events', { signal: other.signal })).status).toBe(200);
  away[0]?.abort();
  await expect.poll(async () => (await open(20)).status, { timeout: 5000, interval: 200 }).toBe(200);
  for (const each of [...away, other]) each.abort();
});

it('keeps no listener and no descriptor of pages and downloads that were closed', async () => {
  const visitor = await visit();
  const { id } = await visitor.uploaded();
  const { originalUrl } = await visitor.done(id);
  for (let i = 0; i < 30; i++) {
    const away = new AbortController();
    const stream = await visitor.call('GET', '/api/v1/events', { signal: away.signal });
    await stream.body!.getReader().read();
    away.abort();
    await fetch(app.url + originalUrl, { method: 'HEAD' });
    const download = await fetch(app.url + originalUrl);
    await download.body!.cancel();
  }
  for (let i = 0; i < 100 && (app.listeners() > 0 || openObjects() > 0); i++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect([app.listeners(), openObjects()]).toEqual([0, 0]);
});

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

it('behind https marks its cookie secure', async () => {
  const secure = await openTestApp({ HILI_PUBLIC_URL: 'https://photo.example/', FREE_PER_DAY: '1' });
  try {
    const { headers } = await fetch(`${secure.url}/api/v1/me`);
    expect(headers.getSetCookie()[0]).toMatch(/^__Host-hili=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  } finally {
    await secure.close();
  }
});

it('counts requests by address, and answers 429 with the time to wait', async () => {
  const limited = await openTestApp({ RATE_LIMITS: 'on', TRUST_PROXY: '1' });
  try {
    const from = (address: string) =>
      fetch(`${limited.url}/api/v1/photos`, { headers: { 'x-forwarded-for': address } });
    const statuses = [];
    for (let i = 0; i < 610; i++) statuses.push((await from('192.0.2.1')).status);
    expect(statuses.slice(0, 600).every((status) => status === 200)).toBe(true);
    const refused = await from('192.0.2.1');
    expect((await problem(refused)).code).toBe('RATE_LIMITED');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await from('192.0.2.2')).status).toBe(200);
  } finally {
    await limited.close();
  }
});
