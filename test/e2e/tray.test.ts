import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { atSite } from './at-site.ts';
import { startServer } from './server.ts';
import { newVisitor, OLD_PHOTO, signIn, slowLine, textsOf, untilHalf } from './visitor.ts';

const FREE = 9;
type Text = ReturnType<typeof textsOf>;

/** Nothing is enhanced here: photos wait in the queue, charged, which is what sending them is about. */
atSite('the tray', { settings: { WORKER: 'off', FREE_PER_DAY: String(FREE) } }, (at) => {
  let folder: string;
  const path = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hili-tray-'));
    await makePictures(folder);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
  });

  const filled = (text: string, count: number) => text.replaceAll('{count}', String(count));
  const choose = (page: Page, files: string | string[]) =>
    page.locator('input[type=file]').first().setInputFiles(files);
  const start = (page: Page) => page.locator('main button[type=submit]').click();
  const left = (page: Page, text: string, count: number) =>
    page.getByText(filled(text, count), { exact: true }).first().waitFor();

  async function photosOf(page: Page): Promise<{ name: string; job: { options: object } }[]> {
    return (await page.request.get(`${at.server.url}/api/v1/photos`)).json();
  }

  /** Somebody with an account and 50 photos of a package with batch. */
  async function withBatch(page: Page, text: Text, email: string) {
    await signIn(page, at.server, text, email);
    const grant = ['--email', email, '--credits', '50', '--package', 'photos-50', '--batch', '--max-side', '6000'];
    await at.server.hili('credits', 'grant', ...grant);
    await page.goto(at.server.url);
    await left(page, text.left.credits_other, 50 + FREE);
  }

  it('sends many photos by one wish, and tells of those that are none before it is paid for', async () => {
    const text = textsOf('es');
    const { page, expectAccessible, leave } = await at.visitor('es', 390, { colorScheme: 'dark' });
    await withBatch(page, text, 'many@example.com');
    await expectAccessible();
    const names = Array.from({ length: 10 }, (_, at) => `photo-${at}.jpg`);
    await choose(page, [...names, 'scan.tif', 'broken.jpg', 'letter.pdf'].map(path));
    await page.getByRole('heading', { name: filled(text.tray.title_other, 12) }).waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('letter.pdf');
    // The TIFF's picture is the server's, and so is the word on the broken file.
    const tile = (name: string) => page.getByRole('main').getByRole('listitem').filter({ hasText: name });
    await tile('scan.tif').locator('img').waitFor();
    await tile('broken.jpg').getByText(text.problem.UNSUPPORTED_TYPE.title).waitFor();
    await tile('photo-9.jpg').locator('img').waitFor();
    await expectAccessible();
    await page.getByRole('button', { name: text.tray.remove.replace('{name}', 'photo-0.jpg') }).click();
    await page.getByRole('button', { name: filled(text.tray.start_other, 10), exact: true }).click();
    await page.waitForURL('**/tasks');
    await left(page, text.left.credits_other, 40 + FREE);
    await expectAccessible();
    const sent = (await photosOf(page)).map(({ name }) => name);
    expect(sent.sort()).toEqual([...names.slice(1), 'scan.tif'].sort());
    await leave();
  });

  it('takes a folder with all that lies in it', async () => {
    const text = textsOf('en');
    const { page, leave } = await at.visitor('en', 1440);
    await withBatch(page, text, 'folder@example.com');
    await page.locator('input[webkitdirectory]').setInputFiles(path('album'));
    await page.getByRole('heading', { name: filled(text.tray.title_other, 2) }).waitFor();
    await page.getByText('first.jpg', { exact: true }).waitFor();
    await page.getByText('second.jpg', { exact: true }).waitFor();
    // The one file that systems lay beside pictures is passed over in silence.
    expect(await page.getByRole('alert').count()).toBe(0);
    await leave();
  });

  it('keeps the first of several for whom one is allowed, says why, and starts it', async () => {
    const text = textsOf('en');
    const { page, faults, expectAccessible, leave } = await at.visitor('en', 1440);
    await page.goto(at.server.url);
    await left(page, text.left.count_other, FREE);
    await choose(page, ['photo-3.jpg', 'photo-4.jpg'].map(path));
    await page.getByText(text.tray.only).waitFor();
    await page.getByRole('main').getByRole('link', { name: text.credits.prices }).waitFor();
    await expectAccessible();
    await start(page);
    await page.waitForURL('**/photos/*');
    expect(await photosOf(page)).toHaveLength(1);
    expect(faults).toEqual([]);
    await leave();
  });

  it('finds the prints on a scan and makes each a photo of its own', async () => {
    const text = textsOf('en');
    const { page, expectAccessible, leave } = await at.visitor('en', 1440);
    await withBatch(page, text, 'prints@example.com');
    await choose(page, path('prints.tif'));
    await page.getByRole('button', { name: text.tray.prints }).click();
    await page.getByRole('heading', { name: filled(text.prints.title_other, 2) }).waitFor();
    await expectAccessible();
    await page.getByRole('button', { name: filled(text.prints.take_other, 2) }).click();
    await page.getByRole('button', { name: filled(text.tray.start_other, 2), exact: true }).click();
    await left(page, text.left.credits_other, 48 + FREE);
    const crops = (await photosOf(page)).map(({ job }) => Object.keys(job.options));
    expect(crops).toEqual([expect.arrayContaining(['crop']), expect.arrayContaining(['crop'])]);
    await leave();
  });

  it.each(['middle.png', 'large.png'])(
    'survives a server that is killed while %s is sent, which is charged once',
    async (name) => {
      const text = textsOf('en');
      const { page, leave } = await at.visitor('en', 1440);
      await page.goto(at.server.url);
      await left(page, text.left.count_other, FREE);
      await choose(page, path(name));
      // The line is slow for the photo, not for the form that sends it.
      await page.locator('main button[type=submit]').waitFor();
      await slowLine(page);
      await start(page);
      await untilHalf(page);
      await at.server.restart(3_000);
      await page.waitForURL('**/photos/*', { timeout: 90_000 });
      await left(page, text.left.count_other, FREE - 1);
      expect(await photosOf(page)).toHaveLength(1);
      await leave();
    },
  );

  it('shows a waiting photo as it will be cut, and on the first page of a spent day when there are more', async () => {
    const meagre = await startServer({ WORKER: 'off', FREE_PER_DAY: '1' });
    onTestFinished(() => meagre.stop());
    const text = textsOf('fr');
    const { page, expectAccessible, leave } = await newVisitor(at.browser, meagre.url, 'fr', 390);
    await page.goto(meagre.url);
    await left(page, text.left.count_one, 1);
    // Half of the picture, upright: 4 wide and 3 high become 3 wide and 2 high.
    const id = await page.evaluate(`(async () => {
      const picture = await new Promise((done) =>
        Object.assign(document.createElement('canvas'), { width: 400, height: 300 }).toBlob(done, 'image/jpeg'));
      const body = new FormData();
      for (const [name, value] of [['recipe', 'sr'], ['rotate', '90'], ['crop', '0,0,1,0.5'], ['file', picture]])
        body.append(name, value);
      return (await (await fetch('/api/v1/photos', { method: 'POST', body })).json()).id;
    })()`);
    await page.goto(`${meagre.url}/photos/${id}`);
    const box = await page.getByRole('img', { name: text.choice.alt }).boundingBox();
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(300 / 200, 1);

    await page.addInitScript(`
      globalThis.shifts = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) globalThis.shifts += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });`);
    await page.goto(meagre.url);
    const [before, after] = text.home.spent.split('{time}') as [string, string];
    const line = page.getByRole('main').getByText(before.trim());
    await line.waitFor();
    expect(await line.textContent()).toMatch(new RegExp(`^${before}\\d\\d:\\d\\d${after.replaceAll('.', '\\.')}$`));
    expect(await page.evaluate('globalThis.shifts')).toBeLessThan(0.02);
    await expectAccessible();
    await leave();
  });

  it('charges once when the answer to a photo is lost', async () => {
    const text = textsOf('en');
    const lossy = await openLossyLine(at.server.url);
    const { page, leave } = await newVisitor(at.browser, lossy.url, 'en', 1440);
    await page.goto(lossy.url);
    await left(page, text.left.count_other, FREE);
    await choose(page, path('photo-5.jpg'));
    await start(page);
    await page.waitForURL('**/photos/*');
    expect(lossy.statuses).toEqual([201, 200]);
    expect(await photosOf(page)).toHaveLength(1);
    await left(page, text.left.count_other, FREE - 1);
    await leave();
    lossy.close();
  });
});

/** A way to the server on which the answer to the first photo is lost. `statuses` are those of all answers to photos. */
async function openLossyLine(url: string) {
  const statuses: (number | undefined)[] = [];
  const proxy = createServer((incoming, outgoing) => {
    const { method, headers, url: path = '/' } = incoming;
    const onward = request(new URL(path, url), { method, headers }, (response) => {
      const isPhoto = method === 'POST' && path === '/api/v1/photos';
      if (isPhoto && statuses.push(response.statusCode) === 1) return void incoming.socket.destroy();
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    onward.on('error', () => incoming.socket.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    statuses,
    close() {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

/** Photographs and what is taken for one: small ones, a scan of two prints, and two that no compression makes small. */
async function makePictures(folder: string): Promise<void> {
  const path = (name: string) => join(folder, name);
  for (let at = 0; at < 10; at++)
    await sharp(OLD_PHOTO)
      .resize(200 + at)
      .jpeg()
      .toFile(path(`photo-${at}.jpg`));
  await sharp(OLD_PHOTO).resize(300).tiff().toFile(path('scan.tif'));
  writeFileSync(path('broken.jpg'), 'Dear grandma');
  writeFileSync(path('letter.pdf'), '%PDF-1.7');
  mkdirSync(path('album/inner'), { recursive: true });
  for (const name of ['album/first.jpg', 'album/inner/second.jpg'])
    await sharp(OLD_PHOTO).resize(200).jpeg().toFile(path(name));
  writeFileSync(path('album/.DS_Store'), 'not for people');

  const background = '#fafafa';
  const print = (width: number, angle: number) =>
    sharp(OLD_PHOTO).resize(width).rotate(angle, { background }).png().toBuffer();
  await sharp({ create: { width: 1700, height: 1300, channels: 3, background } })
    .composite([
      { input: await print(700, 3), left: 60, top: 60 },
      { input: await print(600, -2), left: 950, top: 650 },
    ])
    .tiff()
    .toFile(path('prints.tif'));

  for (const [name, width, height] of [
    ['middle.png', 1400, 1300],
    ['large.png', 2200, 1800],
  ] as const)
    await sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
      .png()
      .toFile(path(name));
}
