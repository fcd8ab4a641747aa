import { readFileSync } from 'node:fs';
import { PhotoView } from '@hili/contract';
import { TILE } from '@hili/engine';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Browser, openBrowser } from './browser.ts';
import { oldPhoto } from './pictures.ts';
import { callPartner, openTestApp, type TestApp } from './test-app.ts';
import { readZip } from './zip.ts';

const PRODUCER = '001191110000ABCDEFGH12300001';
const COMPOSITE = 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia';

let app: TestApp;
let photo: Buffer;
beforeAll(async () => {
  const settings = { FREE_PER_DAY: '50', FREE_PER_ADDRESS: '1000', FREE_LONG_EDGE: '6000', LABEL_PRODUCER: PRODUCER };
  app = await openTestApp(settings);
  await app.startWorker();
  photo = await sharp(readFileSync(oldPhoto)).resize(160).png().toBuffer();
});
afterAll(() => app.close());

async function ended(browser: Browser, id: string): Promise<PhotoView> {
  for (let i = 0; i < 400; i++) {
    const view = PhotoView.parse(await (await browser.api('GET', `/photos/${id}`)).json());
    if (view.job.state === 'done') return view;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('expected a job that is done within 40 s');
}
async function restored(browser: Browser, fields: Record<string, string>, bytes: Uint8Array = photo) {
  const response = await browser.upload({ ...fields, file: new Blob([new Uint8Array(bytes)]) });
  expect(response.status).toBe(201);
  return ended(browser, PhotoView.parse(await response.json()).id);
}
const fetched = async (url: string | null | undefined) => {
  const response = await fetch(new URL(String(url), app.url));
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
};

/** What a file says of how it was made, as a stranger reads it. */
async function labelsIn(bytes: Uint8Array) {
  const { xmp, format } = await sharp(bytes).metadata();
  const text = xmp?.toString('utf8') ?? '';
  const json = /<TC260:AIGC\b[^>]*>([^<]*)</.exec(text)?.[1]?.replaceAll('&quot;', '"');
  return {
    format: format === 'heif' ? 'avif' : format,
    aigc: json && JSON.parse(json),
    source: /:DigitalSourceType\b[^>]*>([^<]*)</.exec(text)?.[1],
  };
}
const generated = (format: string, jobId: unknown = expect.any(String)) => ({
  format,
  aigc: expect.objectContaining({ Label: '1', ContentProducer: PRODUCER, ProduceID: jobId }),
  source: COMPOSITE,
});
const unlabelled = (format: string) => ({ format, aigc: undefined, source: undefined });

it.each([
  ['sr', 'jpeg'],
  ['sr', 'webp'],
  ['sr,repair', 'png'],
  ['sr,repair,colour', 'avif'],
  ['sr,repair,colour', 'jpeg'],
  ['bg', 'png'],
] as const)('labels what %s makes as %s, shown, saved and in a ZIP file', async (recipe, format) => {
  const browser = openBrowser(app);
  const { job } = await restored(browser, { recipe, format, ...(recipe === 'bg' && { rgb: '200,20,20' }) });
  for (const url of [job.result?.url, job.result?.downloadUrl])
    expect(await labelsIn(await fetched(url))).toEqual(generated(format, job.id));
  const zip = readZip(Buffer.from(await (await browser.api('GET', '/photos/zip')).arrayBuffer()));
  expect(zip.size).toBe(1);
  for (const bytes of zip.values()) expect(await labelsIn(bytes)).toEqual(generated(format, job.id));
});

it('labels the result of a TIFF photo, which is a TIFF', async () => {
  const { job } = await restored(openBrowser(app), { recipe: 'sr' }, await sharp(photo).tiff().toBuffer());
  expect(await labelsIn(await fetched(job.result?.downloadUrl))).toEqual(generated('tiff', job.id));
});

it('labels what a run again makes with that run’s number, and a print of a part of the photo', async () => {
  const browser = openBrowser(app);
  const first = await restored(browser, { recipe: 'sr', format: 'jpeg' });
  const wish = { recipe: 'sr,repair', format: 'webp', print: [30, 40], crop: [0, 0, 0.5, 0.5], straighten: 2 };
  expect((await browser.api('POST', `/photos/${first.id}/jobs`, wish)).status).toBe(201);
  const second = await ended(browser, first.id);
  expect(second.job.id).not.toBe(first.job.id);
  expect(await labelsIn(await fetched(second.job.result?.downloadUrl))).toEqual(generated('webp', second.job.id));
  // The one before is still there, under its own number.
  expect(await labelsIn(await fetched(first.job.result?.downloadUrl))).toEqual(generated('jpeg', first.job.id));
});

it('labels no picture of what came in: the photo, its preview, what it was before', async () => {
  const { originalUrl, previewUrl, job } = await restored(openBrowser(app), { recipe: 'sr', rotate: '90' });
  expect(await labelsIn(await fetched(originalUrl))).toEqual(unlabelled('png'));
  expect(await labelsIn(await fetched(previewUrl))).toEqual(unlabelled('jpeg'));
  expect(await labelsIn(await fetched(job.result?.beforeUrl))).toEqual(unlabelled('jpeg'));
});

it('labels every tile of a large result and its preview, and puts nothing else of its metadata there', async () => {
  const large = await sharp(photo).resize(2100, 800, { fit: 'fill' }).withXmp(creator).jpeg().toBuffer();
  const { job } = await restored(openBrowser(app), { recipe: 'sr', format: 'jpeg' }, large);
  const { tiles, url, previewUrl } = job.result ?? {};
  expect((await sharp(await fetched(url)).metadata()).xmp?.toString()).toContain('Grandfather');
  const preview = await fetched(previewUrl);
  expect(await labelsIn(preview)).toEqual(generated('jpeg', job.id));
  expect((await sharp(preview).metadata()).width).toBe(1600);
  expect(preview.includes('Grandfather')).toBe(false);
  for (const place of ['0/0_0', `${(tiles?.levels ?? 0) - 1}/0_0`]) {
    const tile = await fetched(`${tiles?.url}/${place}.jpg`);
    expect(await labelsIn(tile)).toEqual(generated('jpeg', job.id));
    expect((await sharp(tile).metadata()).width).toBeLessThanOrEqual(TILE.size + TILE.overlap);
    expect(tile.includes('Grandfather')).toBe(false);
  }
});
const creator =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Grandfather</dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>';

/** What a partner gets of a photo: the URLs of what they uploaded and of its result. */
async function byPartner(at: TestApp, name: string, recipe: string) {
  const partner = await at.partner(name, 1);
  const call = (path: string, fields: Record<string, string | Blob>) =>
    callPartner(at, `/api/third/photo/${path}`, at.token(partner), { third_code: name, ...fields });
  const file = new Blob([new Uint8Array(photo)]);
  const { answer } = await call('upload', { repair_type: recipe, file, ...(recipe === 'bg' && { rgb: '0,0,255' }) });
  const { mdf, img_url } = answer.data as { mdf: string; img_url: string };
  for (let i = 0; i < 400 && (await call('status', { mdf })).answer.data?.status !== 200; i++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const { url } = (await call('download', { mdf })).answer.data as { url: string };
  return { original: await fetched(img_url), result: await fetched(url) };
}

it.each(['sr', 'sr,repair', 'sr,repair,colour', 'bg'])('labels what a partner downloads of %s', async (recipe) => {
  const { original, result } = await byPartner(app, `labels-${recipe.replaceAll(',', '-')}`, recipe);
  expect(await labelsIn(result)).toEqual(generated('jpeg'));
  expect(await labelsIn(original)).toEqual(unlabelled('png'));
});

/** A pixel of text differs by more; float32 and int8, of which each process takes what is faster to it, by less. */
const SEEN = 48;

/** Shares of a picture's width and height from which on two pictures of one size differ visibly; nothing when they look the same. */
async function differFrom(one: Buffer, other: Buffer) {
  const raw = (bytes: Buffer) => sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const [{ data, info }, { data: others }] = [await raw(one), await raw(other)];
  expect(others.length).toBe(data.length);
  const at = [...data.keys()]
    .filter((i) => Math.abs((data[i] as number) - (others[i] as number)) > SEEN)
    .map((i) => Math.floor(i / 3));
  if (at.length === 0) return undefined;
  const left = at.reduce((least, i) => Math.min(least, i % info.width), info.width) / info.width;
  return { left, top: Math.floor((at[0] as number) / info.width) / info.height };
}

it('says it in the picture, to the page and to partners, after the steps that the operator chose', async () => {
  const marking = await openTestApp({ VISIBLE_LABEL: 'colour', FREE_PER_DAY: '50' });
  await marking.startWorker();
  const corner = { left: expect.toSatisfy((x) => x > 0.3), top: expect.toSatisfy((y) => y > 0.8) };
  for (const [recipe, expected] of [
    ['sr,repair', undefined],
    ['sr,repair,colour', corner],
  ] as const) {
    const made = async (at: TestApp) => {
      const { job, previewUrl } = await restored(openBrowser(at), { recipe, format: 'png', crop: '0,0,1,0.99' });
      const shown = await Promise.all(
        [job.result?.url, job.result?.beforeUrl, previewUrl].map((path) => fetched(`${at.url}${path}`)),
      );
      return [...shown, (await byPartner(at, `seen-${recipe.replaceAll(',', '-')}`, recipe)).result] as const;
    };
    const [plain, marked] = [await made(app), await made(marking)];
    const [result, before, preview, download] = await Promise.all(
      plain.map((bytes, i) => differFrom(bytes, marked[i] as Buffer)),
    );
    expect([result, download]).toEqual([expected, expected]);
    expect([before, preview], 'pictures of what came in').toEqual([undefined, undefined]);
  }
  await marking.close();
});
