import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PhotoView, Problem } from '@hili/contract';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Browser, openBrowser } from './browser.ts';
import { hostileFiles, oldPhoto } from './pictures.ts';
import { openTestApp, type TestApp } from './test-app.ts';

let app: TestApp;
const bytes = readFileSync(oldPhoto);
const MOST = 400_000;

beforeAll(async () => {
  app = await openTestApp({ FREE_PER_DAY: '50', FREE_PER_ADDRESS: '1000', MAX_UPLOAD_BYTES: String(MOST) });
});
afterAll(() => app.close());
afterEach(async () => expect(await app.broken()).toEqual([]));

const TUS = { 'tus-resumable': '1.0.0' };
const metadata = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',');

/** Begins an upload. @returns its id. */
async function begin(browser: Browser, length = bytes.length, fields: Record<string, string> = { recipe: 'sr' }) {
  const headers = {
    ...TUS,
    'upload-length': String(length),
    'upload-metadata': metadata({ filename: '奶奶.jpg', ...fields }),
  };
  const response = await browser.api('POST', '/uploads', undefined, headers);
  if (response.status !== 201) return { id: '', response };
  expect(response.headers.get('location')).toMatch(/^\/api\/v1\/uploads\/[0-9a-f]{32}$/);
  return { id: String(response.headers.get('location')?.split('/').at(-1)), response };
}
const head = (browser: Browser, id: string) => browser.api('HEAD', `/uploads/${id}`, undefined, TUS);
const offsetOf = (response: Response) => Number(response.headers.get('upload-offset'));

/** Sends bytes from an offset on; with `stall`, falls silent before the last of them and hangs until it is cut. */
function send(browser: Browser, id: string, offset: number, part: Uint8Array, stall = false) {
  const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
  const headers = {
    ...{ ...TUS, cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/offset+octet-stream' },
    ...{ 'upload-offset': String(offset), 'content-length': String(part.length) },
  };
  const outgoing = request(`${app.url}/api/v1/uploads/${id}`, { method: 'PATCH', headers });
  const answered = new Promise<{ status: number; offset: number; body: string }>((resolve, reject) => {
    outgoing.on('error', reject).on('response', (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, offset: Number(response.headers['upload-offset']), body }),
      );
    });
  });
  answered.catch(() => {});
  if (stall) outgoing.write(part.subarray(0, part.length - 1));
  else outgoing.end(part);
  return { answered, cut: () => outgoing.destroy() };
}
const photoOf = async (browser: Browser, id: string) =>
  PhotoView.parse(await (await browser.api('GET', `/photos/${id}`)).json());
const listed = async (browser: Browser) => PhotoView.array().parse(await (await browser.api('GET', '/photos')).json());
const unfinished = () => readdirSync(join(app.folder, 'photos', 'incoming'));
const clear = async (browser: Browser, id: string) => browser.api('DELETE', `/photos/${id}`);

it('makes a finished upload the same photo as a form does, under the id of the upload', async () => {
  const browser = openBrowser(app);
  const { id } = await begin(browser, bytes.length, { recipe: 'sr', rotate: '90', format: 'png' });
  expect(offsetOf(await head(browser, id))).toBe(0);
  const half = bytes.length >> 1;
  expect(await send(browser, id, 0, bytes.subarray(0, half)).answered).toMatchObject({ status: 204, offset: half });
  expect((await browser.api('GET', `/photos/${id}`)).status).toBe(404);
  expect((await send(browser, id, half, bytes.subarray(half)).answered).status).toBe(204);
  const photo = await photoOf(browser, id);
  expect(photo).toMatchObject({ id, name: '奶奶.jpg', format: 'jpeg', bytes: bytes.length, width: 1024 });
  expect(photo.job).toMatchObject({ recipe: 'sr', options: { rotate: 90, format: 'png' }, state: 'queued' });
  const original = await fetch(app.url + photo.originalUrl);
  expect(Buffer.from(await original.arrayBuffer()).equals(bytes)).toBe(true);
  expect(unfinished()).toEqual([]);
  await clear(browser, id);
});

it('goes on where a broken connection left off', async () => {
  const browser = openBrowser(app);
  const { id } = await begin(browser);
  const broken = send(browser, id, 0, bytes.subarray(0, 60_000), true);
  await sleep(300);
  broken.cut();
  await sleep(100);
  const offset = offsetOf(await head(browser, id));
  expect(offset).toBeGreaterThan(0);
  expect(offset).toBeLessThan(60_000);
  expect((await send(browser, id, offset, bytes.subarray(offset)).answered).status).toBe(204);
  const original = await fetch(app.url + (await photoOf(browser, id)).originalUrl);
  expect(Buffer.from(await original.arrayBuffer()).equals(bytes)).toBe(true);
  await clear(browser, id);
});

it('goes on while the connection before still hangs, as when the network was away', async () => {
  const browser = openBrowser(app);
  const { id } = await begin(browser);
  const hanging = send(browser, id, 0, bytes.subarray(0, 60_000), true);
  await sleep(300);
  const offset = offsetOf(await head(browser, id));
  expect(offset).toBe(59_999);
  expect((await send(browser, id, offset, bytes.subarray(offset)).answered).status).toBe(204);
  hanging.cut();
  expect((await photoOf(browser, id)).bytes).toBe(bytes.length);
  await clear(browser, id);
});

it('makes one photo and sets one credit aside however often the last part is sent, and says that all is there', async () => {
  const browser = openBrowser(app);
  const { id } = await begin(browser);
  await Promise.allSettled([1, 2, 3].map(() => send(browser, id, 0, bytes).answered));
  for (let i = 0; i < 3; i++) {
    const whole = await head(browser, id);
    expect([whole.status, offsetOf(whole)]).toEqual([200, bytes.length]);
    expect(whole.headers.get('upload-length')).toBe(String(bytes.length));
    expect(await send(browser, id, bytes.length, Buffer.alloc(0)).answered).toMatchObject({ offset: bytes.length });
  }
  expect((await listed(browser)).map((photo) => photo.id)).toEqual([id]);
  expect((await browser.me()).credits.held).toBe(1);
  await clear(browser, id);
});

it('makes a photo of an upload that was whole when the server ended', async () => {
  const browser = openBrowser(app);
  const { id } = await begin(browser);
  const half = bytes.length >> 1;
  await send(browser, id, 0, bytes.subarray(0, half)).answered;
  // As a server leaves it that is killed between the last byte and the photo.
  appendFileSync(join(app.folder, 'photos', 'incoming', id), bytes.subarray(half));
  const answers = await Promise.all([head(browser, id), head(browser, id), head(browser, id)]);
  expect(answers.map(offsetOf)).toEqual([bytes.length, bytes.length, bytes.length]);
  expect((await listed(browser)).map((photo) => photo.id)).toEqual([id]);
  await clear(browser, id);
});

it('says that all is there, and never that there is nothing, while an upload becomes a photo', async () => {
  const browser = openBrowser(app);
  for (let i = 0; i < 5; i++) {
    const { id } = await begin(browser);
    appendFileSync(join(app.folder, 'photos', 'incoming', id), bytes);
    let made = false;
    const said = [head(browser, id).finally(() => (made = true))];
    const parts: string[] = [];
    while (!made) {
      said.push(head(browser, id), head(browser, id));
      const part = await send(browser, id, bytes.length, Buffer.alloc(0)).answered;
      parts.push(`${part.status} ${part.offset}`);
    }
    const heads = (await Promise.all(said)).map((answer) => `${answer.status} ${offsetOf(answer)}`);
    expect(new Set(heads)).toEqual(new Set([`200 ${bytes.length}`]));
    expect(new Set(parts)).toEqual(new Set([`204 ${bytes.length}`]));
    expect((await listed(browser)).map((photo) => photo.id)).toEqual([id]);
    await clear(browser, id);
  }
});

it('refuses at once what a form would be refused for', async () => {
  const browser = openBrowser(app);
  const refused = async (length: number, fields: Record<string, string>) =>
    Problem.parse(await (await begin(browser, length, fields)).response.json());
  expect(await refused(MOST + 1, { recipe: 'sr' })).toMatchObject({ code: 'TOO_LARGE' });
  expect(await refused(1000, { recipe: 'sr', crop: '0,0,2,1' })).toMatchObject({ code: 'BAD_REQUEST', field: 'crop' });
  const { renamedText, truncatedJpeg } = hostileFiles();
  for (const [file, code] of [
    [renamedText, 'UNSUPPORTED_TYPE'],
    [truncatedJpeg, 'PHOTO_DAMAGED'],
  ] as const) {
    const { id } = await begin(browser, file.length);
    const { status, body } = await send(browser, id, 0, file).answered;
    expect(Problem.parse(JSON.parse(body))).toMatchObject({ code, status });
    expect((await head(browser, id)).status).toBe(404);
  }
  const { id } = await begin(browser, 1000);
  expect(Problem.parse(JSON.parse((await send(browser, id, 0, bytes).answered).body)).code).toBe('TOO_LARGE');
  expect((await browser.api('DELETE', `/uploads/${id}`, undefined, TUS)).status).toBe(204);
  expect(unfinished()).toEqual([]);
  expect((await browser.me()).photosLeft).toBe(50);
});

it("shows an upload to nobody else, and lets no other site's page in", async () => {
  const [browser, other] = [openBrowser(app), openBrowser(app)];
  const { id, response } = await begin(browser);
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
  await other.me();
  expect((await head(other, id)).status).toBe(404);
  expect((await send(other, id, 0, bytes).answered).status).toBe(404);
  expect((await other.api('DELETE', `/uploads/${id}`, undefined, TUS)).status).toBe(404);
  const foreign = await browser.api('DELETE', `/uploads/${id}`, undefined, { ...TUS, 'sec-fetch-site': 'cross-site' });
  expect(Problem.parse(await foreign.json()).code).toBe('FORBIDDEN_ORIGIN');
  const whole = await head(browser, id);
  expect([offsetOf(whole), whole.headers.get('upload-metadata')]).toEqual([0, null]);
  await browser.api('DELETE', `/uploads/${id}`, undefined, TUS);
});

it('is finished by the user who signed in on the way', async () => {
  const browser = openBrowser(app);
  const { id } = await begin(browser);
  await send(browser, id, 0, bytes.subarray(0, 50_000)).answered;
  await browser.enter('resumable@example.com');
  expect(offsetOf(await head(browser, id))).toBe(50_000);
  expect((await send(browser, id, 50_000, bytes.subarray(50_000)).answered).status).toBe(204);
  expect((await photoOf(browser, id)).bytes).toBe(bytes.length);
});

it('sweeps what was never finished', async () => {
  const browser = openBrowser(app);
  const { id } = await begin(browser);
  await send(browser, id, 0, bytes.subarray(0, 1000)).answered;
  expect(unfinished().length).toBe(2);
  expect(await app.storage.sweepIncoming(new Date(Date.now() + 1000))).toBe(2);
  expect((await head(browser, id)).status).toBe(404);
});
