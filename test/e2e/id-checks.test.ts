import { join } from 'node:path';
import type { Language, PhotoView } from '@hili/contract';
import type { BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { atSite } from './at-site.ts';
import { textsOf, WORK_MS } from './visitor.ts';

/** Takes red for a face, 66 px between level eyes here, and for the matte. Sees eyes tilted by 8 degrees where green rises by 1.32 a pixel of 256. */
const HILI_MODELS = join(import.meta.dirname, '../../packages/engine/test/models/heads');

/** A photo of 768 x 576 px with heads at columns of 24 px, and green that rises to the right. */
async function posed(columns: readonly number[], rise: number): Promise<string> {
  const data = new Uint8Array(3 * 768 * 576);
  for (let y = 0; y < 576; y++)
    for (let x = 0; x < 768; x++) {
      const isHead = y >= 240 && y < 312 && columns.some((column) => x >= 24 * column && x < 24 * column + 72);
      data.set([isHead ? 255 : 0, Math.min(255, Math.max(0, 128 + (rise * (x - 384)) / 3)), 128], 3 * (768 * y + x));
    }
  const raw = { width: 768, height: 576, channels: 3 } as const;
  return (await sharp(data, { raw }).png().toBuffer()).toString('base64');
}

const PHOTOS = {
  fine: await posed([14], 0),
  tilted: await posed([14], 1.32),
  two: await posed([6, 22], 0),
};

atSite('the checks of an ID photo', { settings: { HILI_MODELS, FREE_PER_DAY: '20' }, timeout: 2 * WORK_MS }, (at) => {
  let state: BrowserContextOptions['storageState'];
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    const { page, leave } = await at.visitor('en', 1440);
    await page.goto(at.server.url);
    await page.getByTestId('photos-left').waitFor();
    for (const [name, photo] of Object.entries(PHOTOS)) {
      ids[name] = (await page.evaluate(`(async () => {
        const body = new FormData();
        body.append('recipe', 'bg');
        body.append('rgb', '255,255,255');
        const bytes = Uint8Array.from(atob('${photo}'), (letter) => letter.charCodeAt(0));
        body.append('file', new File([bytes], 'passport.png', { type: 'image/png' }));
        return (await (await fetch('/api/v1/photos', { method: 'POST', body })).json()).id;
      })()`)) as string;
      await page.goto(`${at.server.url}/photos/${ids[name]}`);
      await page.getByRole('heading', { name: textsOf('en').done.title }).waitFor({ timeout: WORK_MS });
    }
    state = await page.context().storageState();
    await leave();
  }, 2 * WORK_MS);

  /** Somebody at a result. */
  async function visit(
    name: keyof typeof PHOTOS,
    language: Language,
    width: 390 | 1440,
    options: BrowserContextOptions = {},
  ) {
    const visitor = await at.visitor(language, width, { storageState: state, ...options });
    const text = textsOf(language);
    await visitor.page.goto(`${at.server.url}/photos/${ids[name]}?lang=${language}`);
    await visitor.page.getByRole('link', { name: text.done.download, exact: true }).waitFor();
    return { ...visitor, text, checks: visitor.page.getByRole('region', { name: text.idPhoto.title }) };
  }
  const fits = async (page: Page) =>
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);

  it('are one line where all is well', async () => {
    const { page, text, checks, faults, expectAccessible, leave } = await visit('fine', 'en', 1440);
    await page.getByText(text.idPhoto.fine).waitFor();
    await page.getByText(text.idPhoto.law).waitFor();
    expect(await checks.count()).toBe(0);
    await expectAccessible();
    expect(faults).toEqual([]);
    await leave();
  });

  it.each([
    ['zh', 390, 'light', '双眼不平：向右倾斜 8°'],
    ['fr', 390, 'dark', 'Yeux inclinés de 8° vers la droite'],
    ['es', 1440, 'light', 'Ojos a distinta altura: inclinados 8° a la derecha'],
    ['ja', 1440, 'dark', '目の高さがそろっていません：右に8°傾いています'],
  ] as const)('say what is not right, in %s at %d px in %s', async (language, width, colorScheme, words) => {
    const { page, text, checks, faults, expectAccessible, leave } = await visit('tilted', language, width, {
      colorScheme,
    });
    const lines = await checks.getByRole('listitem').allTextContents();
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe(`${text.idPhoto.passed} ${text.idPhoto.one}`);
    expect(lines[1]).toBe(`${text.idPhoto.warned} ${words}`);
    expect(lines[3]).toContain('67');
    await checks.getByText(text.idPhoto.law).waitFor();
    await fits(page);
    await expectAccessible();
    expect(faults).toEqual([]);
    await leave();
  });

  it('say how many people there are, and offer to level no eyes that are level', async () => {
    const { text, checks, leave } = await visit('two', 'en', 390);
    await checks.getByText('2 faces. An ID photo shows one person.').waitFor();
    expect(await checks.getByRole('button', { name: text.idPhoto.fix }).count()).toBe(0);
    await leave();
  });

  it('lead to the form with the photo straightened, as often as they are asked, and it is run so', async () => {
    const { page, text, checks, faults, expectAccessible, leave } = await visit('tilted', 'en', 390);
    const fix = checks.getByRole('button', { name: text.idPhoto.fix });
    await fix.press('Enter');
    const summary = page.locator('summary', { hasText: text.done.differently });
    expect(await summary.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    // At the top of the window, so that what is proposed is seen below it.
    expect((await summary.boundingBox())!.y).toBeLessThan(100);
    const form = page.locator('form', { has: page.getByRole('button', { name: text.choice.again }) });
    await form.getByRole('img', { name: text.edit.alt }).waitFor();
    await expectAccessible();
    await summary.click();
    await fix.click();
    await form.getByRole('button', { name: text.choice.again }).click();
    await page.getByRole('heading', { name: text.done.title }).waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: text.done.title }).waitFor({ timeout: WORK_MS });
    const { job } = await page.evaluate(
      async (id) => (await (await fetch(`/api/v1/photos/${id}`)).json()) as PhotoView,
      ids.tilted,
    );
    expect(job).toMatchObject({ recipe: 'bg', options: { rgb: [255, 255, 255] } });
    expect(job.options.straighten).toBeCloseTo(-8, 0);
    expect(faults).toEqual([]);
    await leave();
  });
});
