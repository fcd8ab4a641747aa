import { readFile } from 'node:fs/promises';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath } from '../browser.ts';
import { type RunningServer, startServer } from './server.ts';
import { launchOptions, newVisitor, OLD_PHOTO, textsOf, WORK_MS } from './visitor.ts';

const executablePath = browserPath();
const FREE_PER_DAY = 20;

describe.skipIf(!executablePath)('the way of a photo through the page', { timeout: 2 * WORK_MS }, () => {
  let browser: Browser;
  let server: RunningServer;

  beforeAll(async () => {
    server = await startServer({ FREE_PER_DAY: String(FREE_PER_DAY) });
    browser = await chromium.launch(launchOptions(executablePath));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it.each([
    ['zh', 390, 'repair'],
    ['zh', 1440, 'sr'],
    ['en', 390, 'sr'],
    ['en', 1440, 'colour'],
  ] as const)(
    'leads from its owner to the download, and away for good, in %s at %i px',
    async (language, width, recipe) => {
      const text = textsOf(language);
      const colorScheme = language === 'zh' ? 'dark' : 'light';
      const { page, faults, expectAccessible, leave } = await newVisitor(browser, server.url, language, width, {
        colorScheme,
      });
      const left = (count: number) => text.left.count_other.replace('{count}', String(count));
      await page.goto(server.url);
      await page.getByText(left(FREE_PER_DAY)).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe(language === 'zh' ? 'zh-CN' : language);
      expect(await page.title()).toBe(text.title.home);
      await expectAccessible();

      await page.locator('input[type=file]').first().setInputFiles(OLD_PHOTO);
      await page.getByText(text.choice.recipes[recipe].name, { exact: true }).click();
      await expectAccessible();
      await page.getByRole('button', { name: text.choice.start }).click();
      await page.waitForURL('**/photos/*');
      await page.getByRole('progressbar').waitFor();
      await page.getByText(left(FREE_PER_DAY - 1)).waitFor();
      await expectAccessible();

      const download = page.getByRole('link', { name: text.done.download, exact: true });
      await download.waitFor({ timeout: WORK_MS });
      expect(await page.title()).toBe(text.title.ready);
      expect(await page.getByRole('status').textContent()).toBe(text.news.ready);
      await page.getByRole('slider').waitFor();
      await expectAccessible();
      const [file] = await Promise.all([page.waitForEvent('download'), download.click()]);
      const { format, width: pixels } = await sharp(await readFile(await file.path())).metadata();
      expect({ format, pixels }).toEqual({ format: 'jpeg', pixels: 2000 });

      await page.goto(server.url);
      await page.locator('#photos li').waitFor();
      await expectAccessible();
      await page.getByRole('button', { name: text.recent.delete.replace('{name}', 'image.jpg') }).click();
      const question = page.getByRole('alertdialog');
      await question.waitFor();
      await expectAccessible();
      const [result] = await Promise.all([
        page.waitForResponse((response) => response.request().method() === 'DELETE'),
        question.getByRole('button', { name: text.remove.yes, exact: true }).click(),
      ]);
      expect(result.status()).toBe(204);
      await page.locator('#photos').waitFor({ state: 'detached' });
      expect((await page.request.get(file.url())).status()).toBe(410);
      expect(faults).toEqual([]);
      await leave();
    },
  );

  it('can be gone by keyboard alone', async () => {
    const text = textsOf('en');
    const { page, faults, leave } = await newVisitor(browser, server.url, 'en', 1440);
    await page.goto(server.url);
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
});

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
