import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { API, PhotoView } from '@hili/contract';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { oldPhoto } from './pictures.ts';
import { openTestApp, type TestApp } from './test-app.ts';

const ICON = join(import.meta.dirname, '..', '..', 'web', 'public', 'icon-192.png');

it('says how to reach the operator, with their QR code, and nothing of where it lies', async () => {
  const app = await openTestApp({ OPERATOR_NAME: 'Studio', CONTACT_EMAIL: 'studio@example.com', CONTACT_QR: ICON });
  const text = await (await fetch(`${app.url}${API}/site`)).text();
  const site = JSON.parse(text);
  expect(site).toMatchObject({ operator: 'Studio', email: 'studio@example.com', wechat: null, address: null });
  expect(text).not.toContain('icon-192');
  const picture = await fetch(app.url + site.qrUrl);
  expect(picture.headers.get('content-type')).toBe('image/png');
  expect((await picture.bytes()).length).toBeGreaterThan(100);
  await app.close();
});

it('answers 404 for a QR code that is not set, or has been moved away', async () => {
  for (const settings of [{ CONTACT_QR: '' }, { CONTACT_QR: `${ICON}.gone.png` }]) {
    const app = await openTestApp(settings);
    expect((await fetch(`${app.url}${API}/site/qr`)).status).toBe(404);
    await app.close();
  }
});

/** One request of each kind, and the status of its answer. */
async function answers(app: TestApp): Promise<readonly (readonly [what: string, status: number, answer: Response])[]> {
  mkdirSync(join(app.webFolder, 'assets'), { recursive: true });
  mkdirSync(join(app.webFolder, 'pages', 'en'), { recursive: true });
  for (const page of ['index', '404']) writeFileSync(join(app.webFolder, 'pages', 'en', `${page}.html`), page);
  for (const file of ['sw.js', 'icon.svg', 'assets/a.js']) writeFileSync(join(app.webFolder, file), '');
  const browser = openBrowser(app);
  const file = new Blob([new Uint8Array(await wide())]);
  const { id } = PhotoView.parse(await (await browser.upload({ recipe: 'sr', scale: '1', file })).json());
  let photo = PhotoView.parse(await (await browser.api('GET', `/photos/${id}`)).json());
  for (let i = 0; i < 400 && photo.job.state !== 'done'; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    photo = PhotoView.parse(await (await browser.api('GET', `/photos/${id}`)).json());
  }
  const { job, originalUrl } = photo;
  const get = (path: string | null | undefined, headers = {}) => browser.call('GET', String(path), undefined, headers);
  const listed: [string, number, Promise<Response>][] = [
    ['a page', 200, get('/')],
    ['a page that is kept', 304, get('/', { 'if-none-match': String((await get('/')).headers.get('etag')) })],
    ['no page', 404, get('/nowhere')],
    ['the service worker', 200, get('/sw.js')],
    ['a drawing', 200, get('/icon.svg')],
    ['a script', 200, get('/assets/a.js')],
    ['no script', 404, get('/assets/b.js')],
    ['a photo shared to the page', 303, browser.call('POST', '/share')],
    ['health', 200, get('/health')],
    ['JSON', 200, get(`${API}/me`)],
    ['a problem', 404, get(`${API}/nothing`)],
    ['a refused upload', 415, browser.upload({ recipe: 'sr', file: new Blob(['no picture at all']) })],
    ['a request from another site', 403, browser.api('POST', '/codes', {}, { 'sec-fetch-site': 'cross-site' })],
    ['news', 200, get(`${API}/events`)],
    ['a ZIP file', 200, browser.api('GET', '/photos/zip')],
    ['a sign-in that is none', 404, get(`${API}/auth/nothing`)],
    ['a refused partner', 200, browser.call('POST', '/api/third/photo/upload')],
    ['the photo', 200, get(originalUrl)],
    ['a part of it', 206, get(originalUrl, { range: 'bytes=0-9' })],
    ['a result', 200, get(job.result?.url)],
    ['a saved result', 200, get(job.result?.downloadUrl)],
    ['a tile', 200, get(`${job.result?.tiles?.url}/0/0_0.jpg`)],
    ['no tile', 404, get(`${job.result?.tiles?.url}/0/9_9.jpg`)],
    ['a link of nobody', 404, get('/files/x')],
  ];
  return Promise.all(listed.map(async ([what, status, answer]) => [what, status, await answer] as const));
}
const wide = () => sharp(readFileSync(oldPhoto)).resize(4100, 100, { fit: 'fill' }).jpeg().toBuffer();

it('keeps browsers careful with every answer: pages, files, pictures, JSON and errors', async () => {
  const app = await openTestApp({ FREE_LONG_EDGE: '6000' });
  await app.startWorker();
  for (const [what, status, answer] of await answers(app)) {
    const { headers } = answer;
    expect(answer.status, what).toBe(status);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy, what).toMatch(/^default-src 'none'; /);
    expect(policy, what).toContain("frame-ancestors 'none'");
    expect(policy, what).not.toMatch(/unsafe|data:|\*|https?:/);
    if (/^image\/(?!svg)/.test(headers.get('content-type') ?? '')) expect(policy, what).toContain('sandbox');
    expect(Object.fromEntries(headers), what).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': expect.stringMatching(/^(same|cross)-origin$/),
      'permissions-policy': expect.stringMatching(/^camera=\(self\), microphone=\(\), geolocation=\(\)/),
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(headers.get('strict-transport-security'), what).toBeNull();
    await answer.body?.cancel();
  }
  await app.close();
});

it('asks for https from then on once a browser came by it, and only then', async () => {
  const asks = async (settings: Record<string, string>, proto?: string) => {
    const app = await openTestApp(settings);
    const { headers } = await fetch(`${app.url}/nowhere.js`, proto ? { headers: { 'x-forwarded-proto': proto } } : {});
    await app.close();
    return headers.get('strict-transport-security');
  };
  const twoYears = 'max-age=63072000; includeSubDomains';
  expect(await asks({ HILI_PUBLIC_URL: 'https://photo.example/' })).toBe(twoYears);
  expect(await asks({ TRUST_PROXY: '1' }, 'https')).toBe(twoYears);
  expect(await asks({ TRUST_PROXY: '1' }, 'http, https')).toBe(twoYears);
  expect(await asks({ TRUST_PROXY: '1' }, 'https, http')).toBeNull();
  expect(await asks({ TRUST_PROXY: '1' })).toBeNull();
  expect(await asks({}, 'https'), 'said by nobody that we trust').toBeNull();
});
