import { readFileSync } from 'node:fs';
import { PhotoView, Problem } from '@hili/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Browser, openBrowser } from './browser.ts';
import { openObjects } from './open-files.ts';
import { makePng, oldPhoto } from './pictures.ts';
import { openTestApp, type TestApp } from './test-app.ts';
import { readZip } from './zip.ts';

let app: TestApp;
const small = makePng(96, 64, 0x33);

beforeAll(async () => {
  app = await openTestApp({ FREE_PER_DAY: '50', FREE_PER_ADDRESS: '1000' });
  await app.startWorker();
});
afterAll(() => app.close());

async function added(browser: Browser, name: string, bytes: Uint8Array = small, fields: Record<string, string> = {}) {
  const form = new FormData();
  for (const [field, value] of Object.entries({ recipe: 'sr', ...fields })) form.append(field, value);
  form.append('file', new Blob([new Uint8Array(bytes)]), name);
  return PhotoView.parse(await (await browser.api('POST', '/photos', form)).json());
}
async function done(browser: Browser, name: string, bytes?: Uint8Array, fields?: Record<string, string>) {
  const { id } = await added(browser, name, bytes, fields);
  for (let i = 0; i < 400; i++) {
    const photo = PhotoView.parse(await (await browser.api('GET', `/photos/${id}`)).json());
    if (photo.job.state === 'done') return photo;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('expected a job that is done within 40 s');
}
const unzipped = async (response: Response) => readZip(Buffer.from(await response.arrayBuffer()));

it('gives every result in one file, each under a name of its own that any system can write', async () => {
  const browser = openBrowser(app, { 'accept-language': 'zh' });
  const names = ['奶奶.png', '奶奶.jpg', 'a:b*c?.png', 'CON.png', '..', 'Photo.png', 'photo.webp'];
  const photos = [];
  for (const name of names) photos.push(await done(browser, name));
  const left = await added(browser, '爷爷.jpg', readFileSync(oldPhoto), { recipe: 'sr,repair,colour' });
  await browser.api('POST', `/photos/${left.id}/cancel`);

  const response = await browser.api('GET', '/photos/zip');
  expect(response.headers.get('content-type')).toBe('application/zip');
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="photos-\d{4}-\d\d-\d\d\.zip"/);
  const files = await unzipped(response);
  expect([...files.keys()].sort()).toEqual([
    ...['Photo-restored (2).png', '_CON-restored.png', 'a_b_c_-restored.png', 'not-included.txt'],
    ...['photo-restored (3).png', 'photo-restored.png', '奶奶-restored (2).png', '奶奶-restored.png'],
  ]);
  expect(files.get('not-included.txt')?.toString()).toBe('以下照片不在压缩包中:\r\n爷爷.jpg: 已取消，未扣次数\r\n');
  const first = await fetch(app.url + photos[0]?.job.result?.url);
  expect(files.get('奶奶-restored (2).png')?.equals(Buffer.from(await first.arrayBuffer()))).toBe(true);
});

it('gives only the photos that were asked for, and says which are gone', async () => {
  const browser = openBrowser(app);
  const [one, two] = [await done(browser, 'one.png'), await done(browser, 'two.png')];
  await done(browser, 'three.png');
  await browser.api('DELETE', `/photos/${two.id}`);
  const files = await unzipped(await browser.api('GET', `/photos/zip?ids=${one.id},${two.id}`));
  expect([...files.keys()]).toEqual(['one-restored.png', 'not-included.txt']);
  expect(files.get('not-included.txt')?.toString()).toContain(`${two.id}: The picture has been deleted.`);
  const other = openBrowser(app);
  await other.me();
  for (const path of ['/photos/zip', `/photos/zip?ids=${one.id}`])
    expect(Problem.parse(await (await other.api('GET', path)).json()).code).toBe('DATA_NOT_FOUND');
});

it('keeps no file open of a download that was broken off', async () => {
  const browser = openBrowser(app);
  for (const name of ['a', 'b']) await done(browser, `${name}.jpg`, readFileSync(oldPhoto), { format: 'png' });
  let seen = 0;
  for (let i = 0; i < 10; i++) {
    const reader = (await browser.api('GET', '/photos/zip')).body!.getReader();
    await reader.read();
    seen = Math.max(seen, openObjects());
    await reader.cancel();
  }
  expect(seen, 'the files were open while they were sent').toBeGreaterThan(0);
  for (let i = 0; i < 100 && openObjects() > 0; i++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(openObjects()).toBe(0);
});
