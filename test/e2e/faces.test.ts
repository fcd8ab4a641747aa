import { join } from 'node:path';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { atSite } from './at-site.ts';
import { isColoured, isGrey, soon } from './stage.ts';
import { OLD_PHOTO, textsOf, WORK_MS } from './visitor.ts';

const text = textsOf('en');
/** Takes a red cell of 8 x 8 pixels, of 256 on the longer side, for a face that is as many pixels high as the cell is blue. */
const HILI_MODELS = join(import.meta.dirname, '../../packages/engine/test/models/marks');
/** Column and row of a cell, and the height of the face that it shows. */
type Mark = readonly [column: number, row: number, height: number];
const THREE: readonly Mark[] = [
  [4, 5, 40],
  [13, 12, 80],
  [24, 10, 60],
];
const TEN: readonly Mark[] = Array.from({ length: 10 }, (_, at) => [3 + 6 * (at % 5), 6 + 9 * Math.floor(at / 5), 24]);

const MARKS = { ten: TEN, cut: THREE.filter(([, , height]) => height < 80) };

/** A grey photo of 1024 x 768 px with red marks where a face is to be found. */
async function marked(marks: readonly Mark[]): Promise<string> {
  const grey = await sharp(OLD_PHOTO).resize(1024, 768, { fit: 'fill' }).grayscale().toColourspace('srgb').toBuffer();
  const composed = sharp(grey).composite(
    marks.map(([column, row, b]) => ({
      input: { create: { width: 32, height: 32, channels: 3, background: { r: 255, g: 0, b } } },
      left: 32 * column,
      top: 32 * row,
    })),
  );
  return (await composed.png().toBuffer()).toString('base64');
}

const WISHES = {
  three: { recipe: 'sr' },
  /** The upper two thirds, on their side. */
  cut: { recipe: 'sr', rotate: '90', crop: '0.3333,0,0.6667,1' },
  unchanged: { recipe: 'sr', scale: '1', srStrength: '0' },
  ten: { recipe: 'sr', scale: '1' },
};

atSite('the faces of a result', { settings: { HILI_MODELS, FREE_PER_DAY: '20', FREE_LONG_EDGE: '2048' } }, (at) => {
  let state: BrowserContextOptions['storageState'];
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    const { page, leave } = await at.visitor('en', 1440);
    await page.goto(at.server.url);
    await page.getByTestId('photos-left').waitFor();
    for (const [name, wish] of Object.entries(WISHES)) {
      const photo = await marked(MARKS[name as keyof typeof MARKS] ?? THREE);
      ids[name] = (await page.evaluate(`(async () => {
        const body = new FormData();
        for (const [field, value] of Object.entries(${JSON.stringify(wish)})) body.append(field, value);
        const bytes = Uint8Array.from(atob('${photo}'), (letter) => letter.charCodeAt(0));
        body.append('file', new File([bytes], 'family.png', { type: 'image/png' }));
        return (await (await fetch('/api/v1/photos', { method: 'POST', body })).json()).id;
      })()`)) as string;
      await page.goto(`${at.server.url}/photos/${ids[name]}`);
      await page.getByRole('heading', { name: text.done.title }).waitFor({ timeout: WORK_MS });
    }
    state = await page.context().storageState();
    await leave();
  }, 2 * WORK_MS);

  /** Away from what stands at the edges of the window. */
  const centre = (tile: Locator) => tile.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  const facesOf = (page: Page) => page.getByRole('region', { name: text.faces.title, exact: true });

  /** Somebody at a result. */
  async function visit(name: keyof typeof WISHES, width: 390 | 1440, options: BrowserContextOptions = {}) {
    const visitor = await at.visitor('en', width, { storageState: state, ...options });
    await visitor.page.goto(`${at.server.url}/photos/${ids[name]}`);
    await visitor.page.getByRole('link', { name: text.done.download, exact: true }).waitFor();
    return { ...visitor, tiles: facesOf(visitor.page).getByRole('listitem') };
  }

  it.each([
    [390, 'light'],
    [390, 'dark'],
    [1440, 'light'],
    [1440, 'dark'],
  ] as const)('shows each before and after, the largest first, at %d px in %s', async (width, colorScheme) => {
    const { page, tiles, faults, expectAccessible, leave } = await visit('three', width, { colorScheme });
    await soon(() => tiles.count()).toBe(3);
    for (const [at, tile] of (await tiles.all()).entries()) {
      await expect.soft(tile.getByRole('button', { name: `Face ${at + 1} of 3, ` }).count()).resolves.toBe(1);
      await centre(tile);
      const { width: wide = 0, height = 0 } = (await tile.boundingBox()) ?? {};
      expect(wide / height).toBeCloseTo(2, 1);
      // The mark is in the middle of both halves, and nowhere else.
      for (const middle of [0.25, 0.75]) {
        await isColoured(page, tile, middle - 0.05, 0.4);
        await isGrey(page, tile, middle - 0.22, 0.72);
      }
    }
    await expectAccessible();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(faults).toEqual([]);
    await leave();
  });

  it('opens the viewer at one, both pictures beside one another, by key, and gives the focus back', async () => {
    const { page, tiles, faults, leave } = await visit('three', 1440);
    const tile = tiles.first().getByRole('button');
    await tile.press('Enter');
    const viewer = page.getByRole('dialog');
    const stage = viewer.getByRole('region');
    await stage.waitFor();
    expect(await viewer.getByRole('radio', { name: text.compare.ways.beside }).isChecked()).toBe(true);
    const share = async () => Number.parseInt(String(await viewer.locator('[aria-live]').textContent()).slice(4), 10);
    // 80 of 192 px are 640 of the result's 1536, and half of the view.
    const { height } = (await stage.boundingBox())!;
    await soon(async () => Math.abs((6.4 * (await share())) / height - 0.5)).toBeLessThan(0.02);
    await isColoured(page, stage, 0.15, 0.4);
    await isColoured(page, stage, 0.65, 0.4);
    await isGrey(page, stage, 0.02, 0.05);
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
    expect(await tile.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    expect(faults).toEqual([]);
    await leave();
  });

  it('opens the viewer at one by finger on a phone, one picture above the other', async () => {
    const { page, tiles, leave } = await visit('three', 390);
    await tiles.nth(1).getByRole('button').tap();
    const stage = page.getByRole('dialog').getByRole('region');
    await stage.waitFor();
    await isColoured(page, stage, 0.4, 0.15);
    await isColoured(page, stage, 0.4, 0.65);
    await leave();
  });

  it('shows the same place before and after of a photo that was turned and cut', async () => {
    const { page, tiles, leave } = await visit('cut', 1440);
    await soon(() => tiles.count()).toBe(2);
    for (const tile of await tiles.all()) {
      await centre(tile);
      for (const middle of [0.25, 0.75]) await isColoured(page, tile, middle - 0.05, 0.4);
    }
    await leave();
  });

  it('shows four of many until all are asked for', async () => {
    const { page, tiles, leave } = await visit('ten', 1440);
    await soon(() => tiles.count()).toBe(4);
    const more = facesOf(page).getByRole('button', { name: 'Show all 10' });
    await more.click();
    await soon(() => tiles.count()).toBe(10);
    await facesOf(page).getByRole('button', { name: text.faces.fewer, expanded: true }).click();
    await soon(() => tiles.count()).toBe(4);
    await leave();
  });

  it('says nothing of faces where the photo was left as it was', async () => {
    const { page, leave } = await visit('unchanged', 390);
    await page.getByText(text.done.unchanged).waitFor();
    expect(await facesOf(page).count()).toBe(0);
    await leave();
  });
});
