import type { PhotoView } from '@hili/contract';
import type { BrowserContextOptions, Locator } from 'playwright-core';
import sharp, { type Region } from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { atSite } from './at-site.ts';
import { difference, isColoured, isGrey, seen, soon } from './stage.ts';
import { OLD_PHOTO, textsOf, WORK_MS } from './visitor.ts';

const text = textsOf('en');
/** How far from the result's own pixels a screen may be, as a share of how far it is 4 px beside: tiles are made anew as JPEGs. */
const WRONG = { file: 0.02, tiles: 0.4 } as const;
/** Results of which one is looked at in one file, and one in tiles. */
const SIDES = { file: 2000, tiles: 4000 } as const;

atSite('the viewer', { settings: { FREE_PER_DAY: '20', FREE_LONG_EDGE: '4000' }, timeout: 2 * WORK_MS }, (at) => {
  let state: BrowserContextOptions['storageState'];
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    // Without colour, so that before and after are told apart.
    const grey = (await sharp(OLD_PHOTO).grayscale().toColourspace('srgb').jpeg().toBuffer()).toString('base64');
    const { page, leave } = await at.visitor('en', 1440);
    await page.goto(at.server.url);
    await page.getByTestId('photos-left').waitFor();
    for (const [name, side] of Object.entries(SIDES)) {
      ids[name] = (await page.evaluate(`(async () => {
        const body = new FormData();
        body.append('recipe', 'sr,repair,colour');
        body.append('longEdge', '${side}');
        const bytes = Uint8Array.from(atob('${grey}'), (letter) => letter.charCodeAt(0));
        body.append('file', new File([bytes], 'boats.jpg', { type: 'image/jpeg' }));
        return (await (await fetch('/api/v1/photos', { method: 'POST', body })).json()).id;
      })()`)) as string;
      await page.goto(`${at.server.url}/photos/${ids[name]}`);
      await page.getByRole('heading', { name: text.done.title }).waitFor({ timeout: WORK_MS });
    }
    state = await page.context().storageState();
    await leave();
  }, 3 * WORK_MS);

  /** Somebody who looks closely at a result. */
  async function look(name: keyof typeof SIDES, width: 390 | 1440) {
    const visitor = await at.visitor('en', width, { storageState: state });
    const { page } = visitor;
    await page.goto(`${at.server.url}/photos/${ids[name]}`);
    const opener = page.getByRole('button', { name: text.compare.look });
    await opener.click();
    const viewer = page.getByRole('dialog');
    const stage = viewer.getByRole('region');
    await stage.waitFor();
    const share = async () => Number.parseInt(String(await viewer.locator('[aria-live]').textContent()).slice(4), 10);
    await soon(share).toBeLessThan(100);
    const choose = (way: keyof typeof text.compare.ways) =>
      viewer.getByText(text.compare.ways[way], { exact: true }).click();
    return { ...visitor, opener, viewer, stage, share, choose };
  }

  it.each(['file', 'tiles'] as const)(
    'shows a result that comes in %s to the very pixel, moved by key, mouse and wheel',
    async (name) => {
      const { page, stage, share, choose, faults, leave } = await look(name, 1440);
      await choose('hold');
      const photo = (await (await page.request.get(`${at.server.url}/api/v1/photos/${ids[name]}`)).json()) as PhotoView;
      expect(photo.job.result?.tiles === null).toBe(name === 'file');
      const result = await (await page.request.get(`${at.server.url}${photo.job.result?.url}`)).body();
      const { width = 0, height = 0 } = await sharp(result).metadata();
      expect(Math.max(width, height)).toBe(SIDES[name]);

      /** Expects the stage to show the result moved by these pixels from its middle, and not a few pixels beside that. */
      async function expectMoved(dx: number, dy: number) {
        await soon(() => misplaced(dx, dy)).toBeLessThan(WRONG[name]);
      }
      async function misplaced(dx: number, dy: number) {
        const { place, box, pixels } = await seen(page, stage, 0.4, 0.3);
        const crop = (shift: number): Region => ({
          left: Math.round(width / 2 - box.width / 2 + dx) + place.left + shift,
          top: Math.round(height / 2 - box.height / 2 + dy) + place.top,
          width: place.width,
          height: place.height,
        });
        const at = async (shift: number) =>
          difference(pixels, await sharp(result).extract(crop(shift)).png().toBuffer());
        return (await at(0)) / (await at(4));
      }

      await stage.press('1');
      expect(await share()).toBe(100);
      await expectMoved(0, 0);
      await stage.press('ArrowRight');
      await stage.press('ArrowDown');
      await expectMoved(80, 80);
      await page.mouse.move(700, 400);
      await page.mouse.down();
      await page.mouse.move(740, 380, { steps: 8 });
      await page.mouse.up();
      await expectMoved(40, 100);
      await page.mouse.wheel(0, 300);
      await soon(share).toBeLessThan(100);
      await page.mouse.wheel(0, -300);
      await stage.press('0');
      const whole = await share();
      await page.mouse.dblclick(720, 400);
      await soon(share).toBe(100);
      await page.mouse.dblclick(720, 400);
      await soon(share).toBe(whole);
      await stage.press('-');
      expect(await share()).toBe(whole);
      for (let press = 0; press < 20; press++) await stage.press('+');
      expect(await share()).toBe(800);
      expect(faults).toEqual([]);
      await leave();
    },
  );

  it('compares by slider, side by side and by holding, at one place and one scale', async () => {
    const { page, viewer, stage, share, choose, faults, expectAccessible, leave } = await look('tiles', 1440);
    await isGrey(page, stage, 0.25);
    await isColoured(page, stage, 0.6);
    await expectAccessible();
    const slider = viewer.getByRole('slider');
    await slider.press('End');
    await isGrey(page, stage, 0.6);
    await slider.press('Home');
    await isColoured(page, stage, 0.25);
    await stage.focus();
    await page.keyboard.down(' ');
    await isGrey(page, stage, 0.6);
    await page.keyboard.up(' ');
    await isColoured(page, stage, 0.6);

    await choose('beside');
    await isGrey(page, stage, 0.15);
    await isColoured(page, stage, 0.65);
    // Before anything is moved: a half of the stage is another size than the whole.
    await soon(() => apart()).toBeLessThan(0.6);
    await page.mouse.move(300, 300);
    for (let turn = 0; turn < 6; turn++) {
      await page.mouse.wheel(0, -200);
      await page.waitForTimeout(80);
    }
    await page.mouse.down();
    await page.mouse.move(360, 350, { steps: 6 });
    await page.mouse.up();
    expect(await share()).toBeGreaterThan(50);
    await soon(() => apart()).toBeLessThan(0.6);
    await expectAccessible();

    /** How much the two halves differ in brightness at one place, against a place a little beside. */
    async function apart() {
      const luma = async (left: number) => {
        const { pixels } = await seen(page, stage, left, 0.3);
        return sharp(pixels).grayscale().toColourspace('srgb').png().toBuffer();
      };
      const before = await luma(0.15);
      return (await difference(before, await luma(0.65 + 2 / 1440))) / (await difference(before, await luma(0.665)));
    }

    await choose('hold');
    await stage.press('0');
    await isColoured(page, stage, 0.25);
    const hold = viewer.getByRole('button', { name: text.compare.hold });
    await hold.hover();
    await page.mouse.down();
    await isGrey(page, stage, 0.25);
    await page.mouse.up();
    await isColoured(page, stage, 0.25);
    await expectAccessible();
    expect(faults).toEqual([]);
    await leave();
  });

  it('is worked by fingers on a phone', async () => {
    const { page, viewer, stage, share, choose, faults, leave } = await look('tiles', 390);
    const fingers = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: (readonly [number, number])[]) =>
      fingers.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map(([x, y], id) => ({ x, y, id })),
      });
    const whole = await share();
    await touch('touchStart', [185, 200]);
    await touch('touchStart', [185, 200], [205, 200]);
    for (let step = 1; step <= 12; step++) await touch('touchMove', [185 - 10 * step, 200], [205 + 10 * step, 200]);
    await touch('touchEnd');
    await soon(share).toBeGreaterThan(3 * whole);
    await viewer.getByRole('button', { name: text.compare.fit }).tap();
    await soon(share).toBe(whole);

    // The handle is dragged to the edge, the picture stays.
    await isColoured(page, stage, 0.7, 0.4);
    await touch('touchStart', [195, 331]);
    for (let step = 1; step <= 12; step++) await touch('touchMove', [195 + 16 * step, 331]);
    await touch('touchEnd');
    await isGrey(page, stage, 0.7, 0.4);

    // One above the other here, so not "side by side".
    await viewer.getByText(text.compare.both, { exact: true }).click();
    await isGrey(page, stage, 0.4, 0.2);
    await isColoured(page, stage, 0.4, 0.7);
    await choose('hold');
    await isColoured(page, stage, 0.4, 0.4);
    const box = await viewer.getByRole('button', { name: text.compare.hold }).boundingBox();
    const at = [(box?.x ?? 0) + 40, (box?.y ?? 0) + 20] as const;
    await touch('touchStart', at);
    await isGrey(page, stage, 0.4, 0.4);
    await touch('touchEnd');
    await isColoured(page, stage, 0.4, 0.4);
    expect(await viewer.getByRole('alert').count()).toBe(0);
    expect(faults).toEqual([]);
    await leave();
  });

  it.each(['file', 'tiles'] as const)('says so when the picture that comes in %s cannot be loaded', async (name) => {
    const { page, leave } = await at.visitor('en', 390, { storageState: state });
    await page.goto(`${at.server.url}/photos/${ids[name]}`);
    await page.getByRole('link', { name: text.done.download, exact: true }).waitFor();
    await page.route(name === 'file' ? '**/files/result/**' : '**/files/tiles/**', (route) => route.abort());
    await page.getByRole('button', { name: text.compare.look }).click();
    await page.getByRole('dialog').getByRole('alert').getByText(text.compare.failed).waitFor({ timeout: 20_000 });
    await leave();
  });

  it('shows a phone the download without scrolling, and the ways of looking after it', async () => {
    const { page, leave } = await at.visitor('fr', 390, { storageState: state });
    await page.goto(`${at.server.url}/photos/${ids.tiles}`);
    const words = textsOf('fr');
    const boxOf = async (role: 'link' | 'button', name: string) => {
      const box = await page.getByRole(role, { name, exact: true }).boundingBox();
      if (!box) throw new Error(`expected ${name} on the page`);
      return box;
    };
    await page.getByRole('link', { name: words.done.download, exact: true }).waitFor();
    const download = await boxOf('link', words.done.download);
    expect(download.y + download.height).toBeLessThan(page.viewportSize()!.height);
    for (const name of [words.compare.look, words.compare.hold])
      expect((await boxOf('button', name)).y).toBeGreaterThan(download.y + download.height);
    // What is shown is the preview: the result itself is not fetched.
    const shown = page.getByRole('img', { name: words.done.alt });
    expect(await shown.getAttribute('src')).toContain('/files/result-preview/');
    await leave();
  });

  it('is worked by keys alone, keeps the focus inside, and gives it back', async () => {
    const { page, viewer, stage, share, opener, faults, leave } = await look('file', 1440);
    const focused = (on: Locator) => on.evaluate((element) => element === element.ownerDocument.activeElement);
    for (let press = 0; press < 20 && !(await focused(viewer.getByRole('radio').first())); press++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    expect(await viewer.getByRole('radio', { name: text.compare.ways.beside }).isChecked()).toBe(true);
    await isGrey(page, stage, 0.15);
    for (let press = 0; press < 12; press++) {
      await page.keyboard.press('Tab');
      await expect
        .poll(() => viewer.evaluate((element) => element.contains(element.ownerDocument.activeElement)))
        .toBe(true);
    }
    await viewer.getByRole('button', { name: text.compare.in }).press('Enter');
    await viewer.getByRole('button', { name: text.compare.fit }).press('Enter');
    await stage.press('1');
    expect(await share()).toBe(100);
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
    expect(await focused(opener)).toBe(true);
    expect(faults).toEqual([]);
    await leave();
  });
});
