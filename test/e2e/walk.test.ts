import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeIn, mailTo } from '../../packages/server/test/mailbox.ts';
import { readZip } from '../../packages/server/test/zip.ts';
import { atSite } from './at-site.ts';
import { drag, expectSoundBooks, OLD_PHOTO, slowLine, textsOf, untilHalf, WORK_MS } from './visitor.ts';

const FREE = 3;
const BOUGHT = 50;
/** A batch of twelve, of which the last is cut off. */
const SOUND = Array.from({ length: 11 }, (_, at) => `photo-${at}.jpg`);
const BROKEN = 'broken.jpg';
/** What a browser writes down when a line is cut or a server is gone, and when a file is refused. */
const CUT = /net::ERR_/;
const REFUSED = /status of 422/;

/** One photo after the other, and a lease that ends soon after its worker. */
const SETTINGS = { FREE_PER_DAY: String(FREE), INFERENCE_PROCESSES: '1', LEASE_SECONDS: '5' };

atSite('the whole way of a visitor', { settings: SETTINGS, timeout: 4 * WORK_MS }, (at) => {
  let folder: string;
  const path = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hili-walk-'));
    await makePictures(folder);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['zh', 390, 'with a network that is cut in the middle of an upload', 'dark', 'film.jpg'],
    ['fr', 1440, 'with a server that is killed in the middle of a batch', 'light', 'aunt.jpg'],
  ] as const)(
    'leads from the first photo to a deleted account, in %s at %i px, %s',
    async (language, width, _, colorScheme, first) => {
      const text = textsOf(language);
      const phone = width === 390;
      const visitor = await at.visitor(language, width, { colorScheme });
      const { page, faults, expectAccessible } = visitor;
      const email = `walker.${language}@example.com`;
      const main = page.getByRole('main');
      const button = (name: string) => main.getByRole('button', { name, exact: true });
      const row = (name: string) => main.getByRole('listitem').filter({ hasText: name });
      const download = (name: string) => row(name).getByRole('link', { name: named(text.recent.download, name) });
      const press = (target: Locator) => (phone ? target.tap() : target.click());
      const choose = (names: string[]) => page.locator('input[type=file]').first().setInputFiles(names.map(path));
      async function saved(link: Locator): Promise<Buffer> {
        const [file] = await Promise.all([page.waitForEvent('download'), press(link)]);
        return readFile(await file.path());
      }
      /** What each place of the way has in common: the number of photos left is right, nobody is shut out, nothing went wrong. */
      async function station(words: string, count: number, allowed?: RegExp) {
        const left = page.getByTestId('photos-left');
        await expect.poll(() => left.textContent(), { timeout: WORK_MS }).toBe(filled(words, count));
        await expectAccessible();
        expect(faults.splice(0).filter((fault) => !allowed?.test(fault))).toEqual([]);
      }
      const asGuest = text.left.count_other;
      const asUser = text.left.credits_other;

      // A guest's photo, from the file to the download.
      await page.goto(at.server.url);
      await station(asGuest, FREE);
      await choose([first]);
      // Its card; what will run is named above the button as well.
      await press(main.getByText(text.choice.recipes.repair.name, { exact: true }).first());
      await station(asGuest, FREE);
      const cut = phone ? await slowLine(page) : undefined;
      const starts = phone ? offsetsOf(page) : [];
      await press(button(text.choice.start));
      if (cut) {
        await untilHalf(page);
        await cut(true);
        await main.getByText(text.tray.network).waitFor();
        await sleep(20_000);
        await cut(false);
      }
      await page.waitForURL('**/photos/*', { timeout: WORK_MS });
      await page.getByRole('heading', { name: text.done.title }).waitFor({ timeout: WORK_MS });
      await station(asGuest, FREE - 1, cut && CUT);
      if (cut)
        expect(
          starts.filter((offset) => offset === 0),
          'what had arrived is not sent again',
        ).toHaveLength(1);
      const slider = page.getByRole('slider');
      await drag(page, slider, 0.5, 0.2, phone);
      expect(Math.abs(Number(await slider.inputValue()) - 20)).toBeLessThan(8);
      const result = await saved(main.getByRole('link', { name: text.done.download, exact: true }));
      expect(await nearest(result, [first, ...SOUND].map(path))).toBe(path(first));

      // Signing up, which keeps the photo and what is left of the free ones.
      await press(page.getByRole('banner').getByRole('link', { name: text.nav.signIn }));
      await page.getByRole('heading', { name: text.signIn.guest.name }).waitFor();
      await page.getByLabel(text.signIn.email).fill(email);
      await press(button(text.signIn.send));
      const code = page.getByLabel(text.signIn.code);
      await code.waitFor();
      expect(await page.getByRole('status').textContent()).toContain(email);
      await station(asGuest, FREE - 1);
      await code.fill(codeIn(await mailTo(at.server.folder, email)));
      await press(button(text.signIn.enter));
      await page.getByRole('heading', { name: text.account.title, exact: true }).waitFor();
      await main.getByText(email).first().waitFor();
      await station(asUser, FREE - 1);
      await press(page.getByRole('banner').getByRole('link', { name: text.nav.photos }).first());
      await download(first).waitFor();
      await station(asUser, FREE - 1);

      // A package, which the open page hears of, and a batch.
      const grant = ['--email', email, '--credits', String(BOUGHT), '--package', 'photos-50', '--batch'];
      await at.server.hili('credits', 'grant', ...grant);
      await station(asUser, FREE - 1 + BOUGHT);
      await page.goto(at.server.url);
      await page.getByTestId('photos-left').waitFor();
      await choose([...SOUND, BROKEN]);
      await page.getByRole('heading', { name: filled(text.tray.title_other, 12) }).waitFor();
      await row(BROKEN).getByText(text.problem.PHOTO_DAMAGED.title).waitFor();
      await station(asUser, FREE - 1 + BOUGHT, REFUSED);
      await press(button(filled(text.tray.start_other, SOUND.length)));
      await page.waitForURL('**/tasks');
      if (!phone) {
        const some = main.getByRole('link', { name: named(text.recent.download, 'photo-') });
        await some.first().waitFor({ timeout: WORK_MS });
        expect((await photosOf(page)).map(({ job }) => job.state)).toContain('queued');
        await at.server.restart(1_000);
      }
      for (const name of SOUND) await download(name).waitFor({ timeout: WORK_MS });
      const left = FREE - 1 + BOUGHT - SOUND.length;
      await station(asUser, left, phone ? undefined : CUT);
      await press(main.getByRole('link', { name: filled(text.tray.lying_one ?? text.tray.lying_other, 1) }));
      await main.getByRole('alert').getByText(text.problem.PHOTO_DAMAGED.title).waitFor();
      await station(asUser, left);
      await press(button(text.choice.other));
      await press(main.getByRole('link', { name: filled(text.recent.all_other, SOUND.length + 1) }));

      const results = readZip(await saved(page.getByRole('link', { name: text.tasks.zip })));
      expect([...results.keys()].sort()).toEqual([...SOUND, first].map(restored).sort());
      for (const name of SOUND)
        expect(await nearest(results.get(restored(name))!, SOUND.map(path)), name).toBe(path(name));

      // One photo goes; everything is handed out; the rest goes with the account.
      const addressOf = async (name: string) =>
        new URL(String(await download(name).getAttribute('href')), at.server.url);
      const [gone, kept] = [await addressOf(first), await addressOf(SOUND[0]!)];
      expect((await fetch(gone)).status).toBe(200);
      await press(row(first).getByRole('button', { name: named(text.recent.delete, first) }));
      const question = page.getByRole('alertdialog');
      await question.waitFor();
      await station(asUser, left);
      const [answer] = await Promise.all([
        page.waitForResponse((response) => response.request().method() === 'DELETE'),
        press(question.getByRole('button', { name: text.remove.yes, exact: true })),
      ]);
      expect(answer.status()).toBe(204);
      expect((await fetch(gone)).status).toBe(410);
      await row(SOUND[0]!).waitFor();
      expect(await row(first).count()).toBe(0);
      expect((await fetch(kept)).status).toBe(200);

      await page.goto(`${at.server.url}/account`);
      const all = readZip(await saved(page.getByRole('link', { name: text.account.data.download })));
      expect(JSON.parse(String(all.get('account.json')))).toMatchObject({ email });
      expect(JSON.parse(String(all.get('photos.json')))).toHaveLength(SOUND.length + 1);
      expect([...all.keys()].filter((name) => name.startsWith('photos/'))).toHaveLength(2 * SOUND.length);

      await press(button(text.account.data.delete));
      const sure = question.getByRole('button', { name: text.account.deletion.yes });
      expect(await sure.getAttribute('aria-disabled')).toBe('true');
      await question.getByRole('textbox').fill(text.account.deletion.word);
      await station(asUser, left);
      await press(sure);
      await page.getByRole('banner').getByRole('link', { name: text.nav.signIn }).waitFor();
      await station(asGuest, FREE);
      expect(await photosOf(page)).toEqual([]);
      expect((await fetch(kept)).status).toBe(410);
      // A killed server may leave a file that no photo names; it goes by its age.
      if (phone) expect(filesIn(join(at.server.folder, 'photos'))).toEqual([]);
      await expectSoundBooks(at.server);
      await visitor.leave();
    },
  );

  async function photosOf(page: Page): Promise<{ job: { state: string } }[]> {
    return (await page.request.get(`${at.server.url}/api/v1/photos`)).json();
  }
});

const filled = (text: string, count: number) => text.replaceAll('{count}', String(count));
const named = (text: string, name: string) => text.replace('{name}', name);
const restored = (name: string) => name.replace('.jpg', '-restored.jpg');
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? entry.name : []));

/** Where each piece of an upload that is sent from now on begins. */
function offsetsOf(page: Page): number[] {
  const offsets: number[] = [];
  page.on('request', (request) => {
    const offset = request.headers()['upload-offset'];
    if (request.method() === 'PATCH' && offset) offsets.push(Number(offset));
  });
  return offsets;
}

/** Which of several files a picture looks most like: by the correlation of the brightness of 16 x 16 fields. */
async function nearest(picture: Buffer, files: string[]): Promise<string | undefined> {
  const fieldsOf = async (input: Buffer | string) => {
    const raw = [...(await sharp(input).resize(16, 16, { fit: 'fill' }).grayscale().raw().toBuffer())];
    const mean = raw.reduce((sum, value) => sum + value) / raw.length;
    const length = Math.hypot(...raw.map((value) => value - mean));
    return raw.map((value) => (value - mean) / length);
  };
  const wanted = await fieldsOf(picture);
  const alike = await Promise.all(
    files.map(async (file) => (await fieldsOf(file)).reduce((sum, value, at) => sum + value * wanted[at]!, 0)),
  );
  return files[alike.indexOf(Math.max(...alike))];
}

/** Details of an old photograph; one with a film behind it, as phones keep one with each photo, and one that is cut off. */
async function makePictures(folder: string): Promise<void> {
  const detail = (at: number) =>
    sharp(OLD_PHOTO)
      .extract({ left: 250 * (at % 4), top: 150 + 220 * Math.floor(at / 4), width: 250, height: 220 })
      .resize(200)
      .jpeg({ quality: 90 })
      .toBuffer();
  for (const [at, name] of SOUND.entries()) writeFileSync(join(folder, name), await detail(at));
  const [last, whole] = [await detail(11), await sharp(OLD_PHOTO).resize(320).jpeg().toBuffer()];
  writeFileSync(join(folder, BROKEN), last.subarray(0, last.length / 2));
  writeFileSync(join(folder, 'aunt.jpg'), whole);
  writeFileSync(join(folder, 'film.jpg'), Buffer.concat([whole, randomBytes(9 * 1024 * 1024)]));
}
