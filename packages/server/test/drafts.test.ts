import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PhotoView, PrintViews } from '@hili/contract';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { problem } from './answers.ts';
import { type Browser, newEmail, openBrowser } from './browser.ts';
import { hostileFiles, makePng, oldPhoto } from './pictures.ts';
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
const newId = () => randomBytes(16).toString('hex');
const base64 = (text: string) => Buffer.from(text).toString('base64');

async function begin(browser: Browser, length: number, more: Record<string, string> = {}) {
  const fields = { filename: '奶奶.jpg', ...more };
  const metadata = Object.entries(fields).map(([name, value]) => `${name} ${base64(value)}`);
  const headers = { ...TUS, 'upload-length': String(length), 'upload-metadata': metadata.join() };
  return browser.api('POST', '/uploads', undefined, headers);
}
const idOf = (response: Response) => String(response.headers.get('location')?.split('/').at(-1));

async function send(browser: Browser, id: string, part: Uint8Array, offset = 0): Promise<Response> {
  const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
  return fetch(`${app.url}/api/v1/uploads/${id}`, {
    method: 'PATCH',
    headers: {
      ...{ ...TUS, cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/offset+octet-stream' },
      'upload-offset': String(offset),
    },
    body: new Uint8Array(part),
  });
}

/** A finished draft. @returns its id. */
async function draft(browser: Browser, file: Uint8Array = bytes): Promise<string> {
  const id = idOf(await begin(browser, file.length));
  expect((await send(browser, id, file)).status).toBe(204);
  return id;
}
const make = (browser: Browser, upload: string, more: object = {}) =>
  browser.api('POST', '/photos', { upload, recipe: 'sr', ...more });
const made = async (response: Response, status = 201) => {
  const answer: unknown = await response.json();
  expect(response.status, JSON.stringify(answer)).toBe(status);
  return PhotoView.parse(answer);
};
const clear = (browser: Browser, { id }: PhotoView) => browser.api('DELETE', `/photos/${id}`);
const discard = (browser: Browser, id: string) => browser.api('DELETE', `/uploads/${id}`, undefined, TUS);
const lying = () => readdirSync(join(app.folder, 'photos', 'incoming'));
const held = async (browser: Browser) => (await browser.me()).credits.held;

it('keeps an upload without a recipe as a draft, and makes as many photos of it as are asked for', async () => {
  const browser = openBrowser(app);
  const upload = await draft(browser);
  expect(await (await browser.api('GET', '/photos')).json()).toEqual([]);
  expect((await browser.me()).photosLeft).toBe(50);
  const whole = await browser.api('HEAD', `/uploads/${upload}`, undefined, TUS);
  expect([whole.status, Number(whole.headers.get('upload-offset'))]).toEqual([200, bytes.length]);

  const crop = [0, 0, 0.5, 0.5];
  const first = await made(await make(browser, upload, { crop, format: 'png' }));
  expect(first).toMatchObject({ name: '奶奶.jpg', format: 'jpeg', width: 1024, bytes: bytes.length });
  expect(first.job).toMatchObject({ recipe: 'sr', options: { crop: { width: 0.5 }, format: 'png' } });
  const original = await fetch(app.url + first.originalUrl);
  expect(Buffer.from(await original.arrayBuffer()).equals(bytes)).toBe(true);
  await browser.api('POST', `/photos/${first.id}/cancel`);
  const second = await made(await make(browser, upload));
  expect(second.id).not.toBe(first.id);
  for (const photo of [first, second]) await clear(browser, photo);

  expect((await discard(browser, upload)).status).toBe(204);
  expect(await problem(await make(browser, upload))).toMatchObject({ code: 'DATA_NOT_FOUND' });
  expect(lying()).toEqual([]);
});

it('shows any draft upright as a JPEG of 1600 px at most, TIFF too, and keeps it out of every cache', async () => {
  const browser = openBrowser(app);
  const pixels = sharp({ create: { width: 2400, height: 1200, channels: 3, background: '#864' } });
  const files = [
    await pixels.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    await pixels.clone().tiff({ compression: 'lzw' }).withMetadata({ orientation: 6 }).toBuffer(),
  ];
  for (const file of files) {
    const upload = await draft(browser, file);
    const look = () => browser.api('GET', `/uploads/${upload}/preview`);
    const [preview, same] = await Promise.all([look(), look()]);
    expect(preview.headers.get('content-type')).toBe('image/jpeg');
    expect(preview.headers.get('cache-control')).toBe('private, no-store');
    const picture = Buffer.from(await preview.arrayBuffer());
    expect(await sharp(picture).metadata()).toMatchObject({ format: 'jpeg', width: 800, height: 1600 });
    expect(Buffer.from(await same.arrayBuffer()).equals(picture)).toBe(true);
    await discard(browser, upload);
    expect((await look()).status).toBe(404);
    expect(lying()).toEqual([]);
  }
});

it('shows an HEIC draft as a JPEG', async () => {
  const browser = openBrowser(app);
  const heic = readFileSync(join(import.meta.dirname, '..', '..', 'engine', 'test', 'fixtures', 'drawn.heic'));
  const upload = await draft(browser, heic);
  const preview = await browser.api('GET', `/uploads/${upload}/preview`);
  expect(preview.status).toBe(200);
  expect((await sharp(Buffer.from(await preview.arrayBuffer())).metadata()).format).toBe('jpeg');
  await discard(browser, upload);
});

it('finds the prints on a draft, as it does on a photo', async () => {
  const browser = openBrowser(app);
  const print = await sharp(bytes).resize(300, 225).toBuffer();
  const scan = await sharp({ create: { width: 800, height: 400, channels: 3, background: '#fff' } })
    .composite([
      { input: print, left: 50, top: 80 },
      { input: print, left: 450, top: 80 },
    ])
    .jpeg()
    .toBuffer();
  const upload = await draft(browser, scan);
  const prints = PrintViews.parse(await (await browser.api('GET', `/uploads/${upload}/prints`)).json());
  expect(prints.map(({ crop }) => Math.round(crop.left * 20) / 20)).toEqual([0.05, 0.55]);
  const photo = await made(await make(browser, upload, { ...prints[0], crop: Object.values(prints[0]!.crop) }));
  const ofPhoto = await browser.api('GET', `/photos/${photo.id}/prints`);
  expect(PrintViews.parse(await ofPhoto.json())).toEqual(prints);
  await clear(browser, photo);
  await discard(browser, upload);
});

it('says what is wrong with a draft when it is looked at or made a photo, and charges nothing', async () => {
  const browser = openBrowser(app);
  const { renamedText, truncatedJpeg, longSide, empty } = hostileFiles();
  for (const [file, code] of [
    [renamedText, 'UNSUPPORTED_TYPE'],
    [truncatedJpeg, 'PHOTO_DAMAGED'],
    [longSide, 'PHOTO_TOO_LARGE'],
    [empty, 'UNSUPPORTED_TYPE'],
  ] as const) {
    const upload = file.length > 0 ? await draft(browser, file) : idOf(await begin(browser, 0));
    for (const answer of [
      await browser.api('GET', `/uploads/${upload}/preview`),
      await browser.api('GET', `/uploads/${upload}/prints`),
      await make(browser, upload),
    ])
      expect(await problem(answer), code).toMatchObject({ code });
    await discard(browser, upload);
  }
  const half = idOf(await begin(browser, bytes.length));
  await send(browser, half, bytes.subarray(0, 1000));
  for (const answer of [await browser.api('GET', `/uploads/${half}/preview`), await make(browser, half)])
    expect(await problem(answer)).toMatchObject({ code: 'NOT_FINISHED' });
  await discard(browser, half);
  const upload = await draft(browser);
  for (const [wish, field] of [
    [{ recipe: 'magic' }, 'recipe'],
    [{ crop: '0,0,2,1' }, 'crop'],
    [{ id: 'A'.repeat(32) }, 'id'],
    [{ id: 7 }, 'id'],
  ] as const)
    expect(await problem(await make(browser, upload, wish))).toMatchObject({ code: 'BAD_REQUEST', field });
  for (const unknown of [newId(), '../secret'])
    expect(await problem(await make(browser, unknown))).toMatchObject({ code: 'DATA_NOT_FOUND' });
  for (const unread of [undefined, { a: 1 }])
    expect(await problem(await make(browser, upload, { upload: unread }))).toMatchObject({ field: 'upload' });
  await discard(browser, upload);
  expect(lying()).toEqual([]);
  expect(await browser.me()).toMatchObject({ photosLeft: 50, credits: { held: 0 } });
});

it('refuses a wish without a recipe, which is neither a draft nor a photo', async () => {
  const browser = openBrowser(app);
  expect(await problem(await begin(browser, 1000, { crop: '0,0,1,1' }))).toMatchObject({
    code: 'BAD_REQUEST',
    field: 'recipe',
  });
});

it('shows a draft to nobody else, and keeps it for the guest who signs in', async () => {
  const [browser, other] = [openBrowser(app), openBrowser(app)];
  const upload = await draft(browser);
  await other.me();
  for (const answer of [
    await other.api('GET', `/uploads/${upload}/preview`),
    await other.api('GET', `/uploads/${upload}/prints`),
    await make(other, upload),
    await make(openBrowser(app), upload),
    await discard(other, upload),
  ])
    expect(await problem(answer)).toMatchObject({ code: 'DATA_NOT_FOUND' });
  await browser.enter(newEmail());
  expect((await browser.api('GET', `/uploads/${upload}/preview`)).status).toBe(200);
  const photo = await made(await make(browser, upload));
  await clear(browser, photo);
  await discard(browser, upload);
});

it('makes and charges one photo for one id, however often and from how many places it is asked for at once', async () => {
  const browser = openBrowser(app);
  const upload = await draft(browser);
  const id = newId();
  const answers = await Promise.all([1, 2, 3, 4].map(() => make(browser, upload, { id })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
  for (const answer of answers) expect(PhotoView.parse(await answer.json()).id).toBe(id);
  expect(await held(browser)).toBe(1);
  // The form knows it too, and so does a draft that is gone.
  const form = { recipe: 'sr', id, file: new Blob([new Uint8Array(makePng(96, 64))]) };
  expect(await made(await browser.upload(form), 200)).toMatchObject({ id, width: 1024 });
  await discard(browser, upload);
  expect((await made(await make(browser, upload, { id }), 200)).id).toBe(id);
  expect(await held(browser)).toBe(1);
  expect(PhotoView.array().parse(await (await browser.api('GET', '/photos')).json())).toHaveLength(1);
  let stored = 0;
  for await (const _ of app.storage.list()) stored += 1;
  expect(stored).toBe(1);

  const other = openBrowser(app);
  const theirs = await draft(other);
  expect(await problem(await make(other, theirs, { id }))).toMatchObject({ code: 'BAD_REQUEST', field: 'id' });
  expect(await problem(await other.upload(form))).toMatchObject({ code: 'BAD_REQUEST', field: 'id' });
  expect(await held(other)).toBe(0);
  await discard(other, theirs);

  // Whoever signs in meanwhile asks again for what they had as a guest.
  await browser.enter(newEmail());
  expect((await made(await browser.upload(form), 200)).id).toBe(id);
  await browser.api('DELETE', `/photos/${id}`);
  expect(await problem(await browser.upload(form))).toMatchObject({ code: 'PHOTO_EXPIRED' });
  expect((await made(await browser.upload({ ...form, id: newId() }))).width).toBe(96);
});

it('makes one photo of a form that is sent twice at once', async () => {
  const browser = openBrowser(app);
  await browser.me();
  const form = { recipe: 'sr', id: newId(), file: new Blob([bytes]) };
  const answers = await Promise.all([1, 2, 3].map(() => browser.upload(form)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
  expect(await held(browser)).toBe(1);
  await browser.api('DELETE', `/photos/${form.id}`);
});

it('lets one caller have so many uploads and bytes waiting, and more once some are gone', async () => {
  const browser = openBrowser(app);
  await browser.me();
  const full = await Promise.all(Array.from({ length: 22 }, () => begin(browser, MOST)));
  expect(full.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(20);
  const refused = full.filter(({ status }) => status === 429);
  expect(await problem(refused[0]!)).toMatchObject({ code: 'RATE_LIMITED' });
  expect(refused[0]?.headers.get('retry-after')).toBe('60');
  // An address has room for others, but not for whoever comes without a cookie again and again.
  const strangers = [];
  for (let n = 0; n < 62; n++) strangers.push(await begin(openBrowser(app), MOST));
  expect(strangers.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(60);
  expect(await app.storage.sweepIncoming(new Date(Date.now() + 1000))).toBe(160);
});

it('sweeps a draft with all that was made of it', async () => {
  const browser = openBrowser(app);
  const upload = await draft(browser);
  await browser.api('GET', `/uploads/${upload}/preview`);
  expect(lying().sort()).toEqual([upload, `${upload}.jpg`, `${upload}.json`]);
  expect(await app.storage.sweepIncoming(new Date(Date.now() + 1000))).toBe(3);
  for (const answer of [await browser.api('GET', `/uploads/${upload}/preview`), await make(browser, upload)])
    expect(await problem(answer)).toMatchObject({ code: 'DATA_NOT_FOUND' });
});
