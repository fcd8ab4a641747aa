import { appendFileSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PhotoView, Problem } from '@hili/contract';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Browser, openBrowser } from './browser.ts';
import { hostileFiles, oldPhoto } from './pictures.ts';
import { openTestApp, type TestApp } from './test-app.ts';
import { begin, head, offsetOf, send, TUS } from './tus-requests.ts';

let app: TestApp;
const bytes = readFileSync(oldPhoto);
const MOST = 400_000;

beforeAll(async () => {
  app = await openTestApp({ FREE_PER_DAY: '50', FREE_PER_ADDRESS: '1000', MAX_UPLOAD_BYTES: String(MOST) });
});
afterAll(() => app.close());
afterEach(async () => expect(await app.broken()).toEqual([]));

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
  const { id } = await begin(browser, bytes.length);
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
  const { id } = await begin(browser, bytes.length);
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
  const { id } = await begin(browser, bytes.length);
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
  const { id } = await begin(browser, bytes.length);
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
    const { id } = await begin(browser, bytes.length);
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
  const { id, response } = await begin(browser, bytes.length);
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
  const { id } = await begin(browser, bytes.length);
  await send(browser, id, 0, bytes.subarray(0, 50_000)).answered;
  await browser.enter('resumable@example.com');
  expect(offsetOf(await head(browser, id))).toBe(50_000);
  expect((await send(browser, id, 50_000, bytes.subarray(50_000)).answered).status).toBe(204);
  expect((await photoOf(browser, id)).bytes).toBe(bytes.length);
});

it('goes on with an upload that began long ago, as long as bytes of it arrive', async () => {
  const browser = openBrowser(app);
  const { id } = await begin(browser, bytes.length);
  const note = join(app.folder, 'photos', 'incoming', `${id}.json`);
  const days = 86_400_000;
  const old = JSON.parse(readFileSync(note, 'utf8'));
  writeFileSync(note, JSON.stringify({ ...old, creation_date: new Date(Date.now() - 3 * days).toISOString() }));
  expect(offsetOf(await head(browser, id))).toBe(0);
  const last = send(browser, id, 0, bytes, true);
  await sleep(300);
  utimesSync(note, new Date(Date.now() - days), new Date(Date.now() - days));
  expect(await app.storage.sweepIncoming(new Date(Date.now() - days / 24))).toBe(0);
  last.finish();
  expect((await last.answered).status).toBe(204);
  await clear(browser, id);
});

it('sweeps what was never finished', async () => {
  const browser = openBrowser(app);
  const { id } = await begin(browser, bytes.length);
  await send(browser, id, 0, bytes.subarray(0, 1000)).answered;
  expect(unfinished().length).toBe(2);
  expect(await app.storage.sweepIncoming(new Date(Date.now() + 1000))).toBe(2);
  expect((await head(browser, id)).status).toBe(404);
});
