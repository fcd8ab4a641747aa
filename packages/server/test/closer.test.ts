import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PhotoView, PrintViews, Problem } from '@hili/contract';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Browser, openBrowser } from './browser.ts';
import { makePng } from './pictures.ts';
import { openTestApp, type TestApp } from './test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ FREE_PER_DAY: '20', FREE_PER_ADDRESS: '1000', FREE_LONG_EDGE: '6000' });
});
afterAll(() => app.close());
afterEach(async () => expect(await app.broken()).toEqual([]));

const uploaded = async (browser: Browser, bytes: Uint8Array, fields: Record<string, string> = { recipe: 'sr' }) =>
  PhotoView.parse(await (await browser.upload({ ...fields, file: new Blob([new Uint8Array(bytes)]) })).json());

async function until(browser: Browser, id: string, ready: (photo: PhotoView) => boolean): Promise<PhotoView> {
  for (let i = 0; i < 400; i++) {
    const photo = PhotoView.parse(await (await browser.api('GET', `/photos/${id}`)).json());
    if (ready(photo)) return photo;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('expected it within 40 s');
}
/** A page of white card with two pictures on it, one of them turned by 6 degrees clockwise. */
async function card(): Promise<Buffer> {
  const picture = (shade: string) => sharp({ create: { width: 300, height: 200, channels: 4, background: shade } });
  const straight = await picture('#456').png().toBuffer();
  const turned = await picture('#843').rotate(6, { background: '#0000' }).png().toBuffer();
  return sharp({ create: { width: 900, height: 500, channels: 3, background: '#fbfbf8' } })
    .composite([
      { input: straight, left: 80, top: 120 },
      { input: turned, left: 500, top: 130 },
    ])
    .jpeg()
    .toBuffer();
}

it('makes the preview of a TIFF and of an HEIC at once, while their jobs still wait', async () => {
  const tiff = await sharp({ create: { width: 1800, height: 900, channels: 3, background: '#a52' } })
    .tiff()
    .toBuffer();
  const heic = readFileSync(join(import.meta.dirname, '..', '..', 'engine', 'test', 'fixtures', 'drawn.heic'));
  for (const [bytes, format] of [
    [tiff, 'tiff'],
    [heic, 'heic'],
  ] as const) {
    const browser = openBrowser(app);
    const { id, width } = await uploaded(browser, bytes);
    const photo = await until(browser, id, ({ previewUrl }) => previewUrl !== null);
    expect([photo.format, photo.job.state]).toEqual([format, 'queued']);
    const preview = await fetch(app.url + photo.previewUrl);
    const header = await sharp(Buffer.from(await preview.arrayBuffer())).metadata();
    expect(header).toMatchObject({ format: 'jpeg', width: Math.min(1600, width) });
    await browser.api('DELETE', `/photos/${id}`);
  }
});

it('finds the prints on a scan, and makes each a photo of its own that is paid like any other', async () => {
  await app.startWorker();
  const browser = openBrowser(app);
  const { id } = await uploaded(browser, await card(), { recipe: 'sr', scale: '1' });
  await until(browser, id, ({ job }) => job.state === 'done');
  const prints = PrintViews.parse(await (await browser.api('GET', `/photos/${id}/prints`)).json());
  expect(prints.map(({ straighten }) => Math.round(straighten))).toEqual([0, -6]);
  const before = (await browser.me()).photosLeft;
  const wish = { recipe: 'sr', ...prints[1], crop: Object.values(prints[1]?.crop ?? {}) };
  const response = await browser.api('POST', `/photos/${id}/copies`, wish);
  expect(response.status).toBe(201);
  const copy = PhotoView.parse(await response.json());
  expect(copy).toMatchObject({ name: 'grandmother.png', width: 900, height: 500 });
  expect(copy.id).not.toBe(id);
  const done = await until(browser, copy.id, ({ job }) => job.state === 'done');
  expect(Math.abs((done.job.result?.width ?? 0) - 600)).toBeLessThan(16);
  expect(Math.abs((done.job.result?.height ?? 0) - 400)).toBeLessThan(16);
  expect((await browser.me()).photosLeft).toBe(before - 1);
  // The copy has a file of its own.
  await browser.api('DELETE', `/photos/${id}`);
  expect((await fetch(app.url + done.originalUrl)).status).toBe(200);
  const gone = await browser.api('GET', `/photos/${id}/prints`);
  expect(Problem.parse(await gone.json()).code).toBe('PHOTO_EXPIRED');
  expect((await openBrowser(app).api('GET', `/photos/${copy.id}/prints`)).status).toBe(404);
});

it('gives a result of more than 1600 px in small too, until it is deleted', async () => {
  const browser = openBrowser(app);
  const made = async (width: number, wish: Record<string, string>) => {
    const { id } = await uploaded(browser, makePng(width, 60, 0x33), {
      recipe: 'sr',
      scale: '4',
      srStrength: '0',
      ...wish,
    });
    return until(browser, id, ({ job }) => job.state === 'done');
  };
  expect((await made(400, { format: 'png' })).job.result).toMatchObject({ width: 1600, previewUrl: null });
  const { id, job } = await made(401, { format: 'png' });
  const { previewUrl, url, width } = job.result ?? {};
  expect(width).toBe(1604);
  const shown = await fetch(app.url + previewUrl);
  expect(shown.headers.get('content-type')).toBe('image/jpeg');
  const { data, info } = await sharp(Buffer.from(await shown.arrayBuffer()))
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(info.width).toBe(1600);
  const truth = await sharp(Buffer.from(await (await fetch(app.url + url)).arrayBuffer()))
    .resize(info.width, info.height, { fit: 'fill' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  const error = data.reduce((sum, v, i) => sum + Math.abs(v - (truth[i] as number)), 0) / data.length;
  expect(error).toBeLessThan(6);
  const stored = () => readdirSync(join(app.folder, 'photos', 'objects'), { recursive: true }).map(String);
  const before = stored().filter((name) => name.endsWith('.jpeg')).length;
  await browser.api('DELETE', `/photos/${id}`);
  expect((await fetch(app.url + previewUrl)).status).toBe(410);
  // That of what came in, and this one.
  expect(before - stored().filter((name) => name.endsWith('.jpeg')).length).toBe(2);
});

it('gives a result in small where browsers do not show its format', async () => {
  const browser = openBrowser(app);
  const { id } = await uploaded(
    browser,
    await sharp(makePng(96, 64, 0x33))
      .tiff()
      .toBuffer(),
  );
  const { job } = await until(browser, id, ({ job }) => job.state === 'done');
  expect(job.result?.format).toBe('tiff');
  const shown = Buffer.from(await (await fetch(app.url + job.result?.previewUrl)).arrayBuffer());
  expect(await sharp(shown).metadata()).toMatchObject({ format: 'jpeg', width: job.result?.width });
});

it('gives a large result in tiles that join to the picture, until it is deleted', async () => {
  const browser = openBrowser(app);
  const small = await uploaded(browser, makePng(96, 64, 0x33));
  expect((await until(browser, small.id, ({ job }) => job.state === 'done')).job.result?.tiles).toBeNull();
  const wide = await sharp(makePng(1100, 60, 0x33))
    .toColourspace('srgb')
    .png()
    .toBuffer();
  const { id } = await uploaded(browser, wide, { recipe: 'sr', scale: '4', srStrength: '0', format: 'png' });
  const { job } = await until(browser, id, ({ job }) => job.state === 'done');
  const { tiles, width = 0, url } = job.result ?? {};
  expect([tiles?.size, tiles?.overlap, tiles?.levels, width]).toEqual([512, 1, 14, 4400]);
  const tile = (level: number, place: string) => fetch(`${app.url}${tiles?.url}/${level}/${place}.jpg`);
  // Nine are asked for at once, and cut once.
  const row = await Promise.all(Array.from({ length: 9 }, (_, x) => tile(13, `${x}_0`)));
  expect(row.map(({ status }) => status)).toEqual(Array(9).fill(200));
  const parts = await Promise.all(row.map(async (each) => Buffer.from(await each.arrayBuffer())));
  const whole = sharp(Buffer.from(await (await fetch(app.url + url)).arrayBuffer()));
  for (const [x, bytes] of parts.entries()) {
    const left = x === 0 ? 0 : 512 * x - 1;
    const right = Math.min(4400, 512 * (x + 1) + 1);
    const area = { left, top: 0, width: right - left, height: 240 };
    const truth = await whole.clone().extract(area).removeAlpha().toColourspace('srgb').raw().toBuffer();
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([right - left, 240]);
    const error = data.reduce((sum, v, i) => sum + Math.abs(v - (truth[i] as number)), 0) / data.length;
    expect(error, `tile ${x}`).toBeLessThan(6);
  }
  expect(await sharp(Buffer.from(await (await tile(0, '0_0')).arrayBuffer())).metadata()).toMatchObject({ width: 1 });
  expect((await tile(13, '9_0')).status).toBe(404);
  expect((await fetch(`${app.url}${tiles?.url}`)).status).toBe(404);
  expect((await fetch(`${app.url}${tiles?.url?.replace(/.(?=\/tiles$)/, '!')}/0/0_0.jpg`)).status).toBe(404);
  const etag = String(row[0]?.headers.get('etag'));
  const again = await fetch(`${app.url}${tiles?.url}/13/0_0.jpg`, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  await browser.api('DELETE', `/photos/${id}`);
  expect((await tile(13, '0_0')).status).toBe(410);
  const objects = readdirSync(join(app.folder, 'photos', 'objects'), { recursive: true });
  expect(objects.filter((name) => String(name).endsWith('.zip'))).toEqual([]);
});
