import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, it, onTestFinished } from 'vitest';
import { atSite } from './at-site.ts';
import { startServer } from './server.ts';
import { newVisitor, OLD_PHOTO, textsOf, WORK_MS } from './visitor.ts';

const text = textsOf('en');

atSite('the page', { settings: { FREE_PER_DAY: '20' }, timeout: 2 * WORK_MS }, (at) => {
  /** Somebody on the first page, with the number of photos they have. */
  async function atHome() {
    const visitor = await at.visitor('en', 1440);
    await visitor.page.goto(at.server.url);
    await left(visitor.page, 20);
    return visitor;
  }
  const left = (page: Page, count: number) => page.getByText(`${count} photos left today`).waitFor();
  const choose = (page: Page, file: Parameters<Page['setInputFiles']>[1] = OLD_PHOTO) =>
    page.locator('input[type=file]').first().setInputFiles(file);
  async function start(page: Page) {
    await page.getByText(text.choice.recipes.sr.name, { exact: true }).click();
    await page.getByRole('button', { name: text.choice.start }).click();
  }

  it('lets before and after be compared: by slider and by holding', async () => {
    const { page, faults, leave } = await atHome();
    await choose(page);
    await start(page);
    const slider = page.getByRole('slider');
    await page.getByRole('heading', { name: text.done.title }).waitFor({ timeout: WORK_MS });
    await slider.waitFor();
    await slider.press('End');
    expect(await slider.locator('..').getAttribute('style')).toContain('--at: 100%');
    await slider.press('Home');
    expect(await slider.getAttribute('aria-valuetext')).toBe('0% of the picture shows before');

    const hold = page.getByRole('button', { name: text.compare.hold });
    await hold.hover();
    await page.mouse.down();
    await slider.waitFor({ state: 'detached' });
    await page.mouse.up();
    await slider.waitFor();

    // The next photo is chosen from here.
    await choose(page);
    await page.getByRole('heading', { name: text.choice.title }).waitFor();
    expect(faults).toEqual([]);
    await leave();
  });

  it('leads from a photo to its download, and away for good, by keyboard alone', async () => {
    const { page, faults, leave } = await at.visitor('en', 1440);
    await page.goto(at.server.url);
    await page.getByTestId('photos-left').waitFor();

    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      enter(page, page.locator('input[type=file]').first()),
    ]);
    await chooser.setFiles(OLD_PHOTO);
    const heading = page.getByRole('heading', { name: text.choice.title });
    await heading.waitFor();
    expect(await isFocused(heading)).toBe(true);

    await tabTo(page, page.getByRole('radio', { name: text.choice.recipes.repair.name }));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.getByRole('radio', { name: text.choice.recipes.sr.name }).isChecked()).toBe(true);
    await enter(page, page.getByRole('button', { name: text.choice.start }));

    const ready = page.getByRole('heading', { name: text.done.title });
    await ready.waitFor({ timeout: WORK_MS });
    expect(await isFocused(ready)).toBe(true);
    await Promise.all([
      page.waitForEvent('download'),
      enter(page, page.getByRole('link', { name: text.done.download, exact: true })),
    ]);
    await enter(page, page.getByRole('button', { name: text.done.delete }));
    await enter(page, page.getByRole('alertdialog').getByRole('button', { name: text.remove.yes, exact: true }));
    await page.getByRole('heading', { name: text.gone.title }).waitFor();
    expect(faults).toEqual([]);
    await leave();
  });

  it.each([
    ['a letter', { name: 'letter.pdf', mimeType: 'application/pdf', text: '%PDF-1.7' }, 'UNSUPPORTED_TYPE', 'paste'],
    ['an empty file', { name: 'empty.jpg', mimeType: 'image/jpeg', text: '' }, 'PHOTO_DAMAGED', 'drop'],
    ['a file of 51 MB', { name: 'big.tif', mimeType: 'image/tiff', text: 'II*', bytes: 51 << 20 }, 'TOO_LARGE', 'drop'],
  ] as const)('says at once what is wrong with %s, before it is sent', async (_, file, code, how) => {
    const { page, faults, expectAccessible, leave } = await atHome();
    await give(page, how, file);
    await expectRefused(page, code);
    await expectAccessible();
    expect(faults).toEqual([]);
    await leave();
  });

  it('says in words what the server found wrong with a file before it is started, and that nothing was charged', async () => {
    const { page, expectAccessible, leave } = await atHome();
    await give(page, 'drop', { name: 'grandma.jpg', mimeType: 'image/jpeg', text: 'Dear grandma' });
    await expectRefused(page, 'UNSUPPORTED_TYPE');
    await expectAccessible();
    await left(page, 20);
    await leave();
  });

  async function expectRefused(page: Page, code: keyof typeof text.problem) {
    const note = page.getByRole('alert');
    await note.waitFor();
    expect(await note.textContent()).toContain(text.problem[code].title);
    expect(await note.textContent()).toContain(text.failed.free);
  }

  it.each([
    [{ JOB_TIMEOUT_SECONDS: '1' }, 'TIMED_OUT'],
    [{ MEMORY_MB: '256' }, 'OUT_OF_MEMORY'],
  ] as const)(
    'says in words why a photo failed with %j, gives it back, and offers another try',
    async (limit, code) => {
      const narrow = await startServer({ ...limit, INFERENCE_PROCESSES: '1', LOG_LEVEL: 'error' });
      onTestFinished(() => narrow.stop());
      const { page, faults, expectAccessible, leave } = await newVisitor(at.browser, narrow.url, 'en', 390);
      await page.goto(narrow.url);
      await left(page, 3);
      const buffer = await sharp(OLD_PHOTO).resize(3000).jpeg().toBuffer();
      await choose(page, { name: 'large.jpg', mimeType: 'image/jpeg', buffer });
      await page.getByText(text.choice.recipes.colour.name, { exact: true }).click();
      await page.getByRole('button', { name: text.choice.start }).click();
      await page.getByRole('heading', { name: text.failed.title }).waitFor({ timeout: WORK_MS });
      await page.getByText(text.problem[code].title, { exact: true }).waitFor();
      await page.getByText(text.failed.free, { exact: true }).waitFor();
      await page.getByText(text.failed.retry, { exact: true }).waitFor();
      await left(page, 3);
      await expectAccessible();
      expect(faults).toEqual([]);
      await leave();
    },
  );

  it('gives the photo back to who cancels, and runs it again when asked', async () => {
    const { page, faults, expectAccessible, leave } = await atHome();
    await choose(page);
    await start(page);
    await left(page, 19);
    await page.getByRole('button', { name: text.work.cancel }).click();
    await page.getByRole('heading', { name: text.failed.cancelled }).waitFor();
    await page.getByText(text.failed.free, { exact: true }).waitFor();
    await left(page, 20);
    await expectAccessible();
    await page.getByText(text.failed.retry, { exact: true }).click();
    await page.getByRole('button', { name: text.choice.again }).click();
    await page.getByRole('heading', { name: text.done.title }).waitFor({ timeout: WORK_MS });
    await left(page, 19);
    expect(faults).toEqual([]);
    await leave();
  });

  it('goes on where it was after a reload, and without the stream of events', async () => {
    const { page, leave } = await atHome();
    await page.route('**/api/v1/events', (route) => route.abort());
    await choose(page);
    await start(page);
    await page.waitForURL('**/photos/*');
    await page.reload();
    await page.getByRole('heading', { name: text.done.title }).waitFor({ timeout: WORK_MS });
    await leave();
  });

  it('speaks the language that was chosen from then on', async () => {
    const { page, faults, leave } = await atHome();
    await page.getByRole('combobox', { name: text.language.label }).selectOption('fr');
    await page.getByRole('heading', { name: textsOf('fr').home.title }).waitFor();
    await page.goto(`${at.server.url}/privacy`);
    await page.getByRole('heading', { name: textsOf('fr').privacy.title }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
    expect(faults).toEqual([]);
    await leave();
  });

  it('costs at most 120 KB of script at first, and nothing on it moves while it loads', async () => {
    const { page, leave } = await at.visitor('zh', 390);
    await page.addInitScript(`
      globalThis.shifts = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) globalThis.shifts += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });`);
    const scripts: number[] = [];
    page.on('requestfinished', async (request) => {
      if (request.resourceType() === 'script') scripts.push((await request.sizes()).responseBodySize);
    });
    await page.goto(at.server.url, { waitUntil: 'networkidle' }).catch(() => undefined);
    await page.getByTestId('photos-left').waitFor();
    expect(scripts.length).toBeGreaterThan(1);
    expect(scripts.reduce((sum, size) => sum + size, 0)).toBeLessThan(120 * 1024);
    expect(await page.evaluate('globalThis.shifts')).toBeLessThan(0.02);
    await leave();
  });
});

interface GivenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly text: string;
  /** Filled up with zeros to this size. */
  readonly bytes?: number;
}

/** Drops or pastes a file on the page as a hand would. As text, since a browser's own types are unknown where tests are compiled. */
async function give(page: Page, how: 'drop' | 'paste', { name, mimeType, text, bytes = text.length }: GivenFile) {
  await page.evaluate(`{
    const parts = [${JSON.stringify(text)}, new Uint8Array(${bytes - text.length})];
    const data = new DataTransfer();
    data.items.add(new File(parts, ${JSON.stringify(name)}, { type: ${JSON.stringify(mimeType)} }));
    document.body.dispatchEvent(
      '${how}' === 'drop'
        ? new DragEvent('drop', { dataTransfer: data, bubbles: true })
        : new ClipboardEvent('paste', { clipboardData: data, bubbles: true }),
    );
  }`);
}

const isFocused = (locator: Locator) => locator.evaluate((element) => element === element.ownerDocument.activeElement);

/** Presses Tab until the keyboard is where it should be. */
async function tabTo(page: Page, locator: Locator): Promise<void> {
  await locator.waitFor({ state: 'attached' });
  for (let presses = 0; presses < 60; presses++) {
    if (await isFocused(locator)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`expected the Tab key to reach ${locator} but it did not in 60 presses`);
}

async function enter(page: Page, locator: Locator): Promise<void> {
  await tabTo(page, locator);
  await page.keyboard.press('Enter');
}
