import type { PhotoView } from '@hili/contract';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { atSite } from './at-site.ts';
import { OLD_PHOTO, textsOf, WORK_MS } from './visitor.ts';

const text = textsOf('en');
/** Mean difference of two small grey pictures, in steps of 8 bits: the browser and the engine reduce a little differently. */
const SAME = 4;

/** A picture as 32 x 32 grey levels. */
const small = (bytes: Buffer) => sharp(bytes).greyscale().resize(32, 32, { fit: 'fill' }).raw().toBuffer();

atSite('before it leaves, a photo', { settings: { FREE_PER_DAY: '20' }, timeout: 2 * WORK_MS }, (at) => {
  /** Somebody who has chosen a photo of 500 x 400 px. */
  async function withPhoto(width: 390 | 1440) {
    const visitor = await at.visitor('en', width);
    const buffer = await sharp(OLD_PHOTO).resize(500).jpeg().toBuffer();
    await visitor.page.goto(at.server.url);
    await visitor.page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'boats.jpg', mimeType: 'image/jpeg', buffer });
    await visitor.page.getByRole('img', { name: text.choice.alt }).waitFor();
    return visitor;
  }
  async function openEditor(page: Page) {
    await page.getByRole('button', { name: text.edit.open }).first().press('Enter');
    await page.getByRole('slider', { name: text.edit.edges.left }).waitFor();
  }
  const newest = (page: Page) =>
    page.evaluate(async () => ((await (await fetch('/api/v1/photos')).json()) as PhotoView[])[0]!);

  it('is turned, cut and straightened by keyboard, and comes back as the editor showed it and as large as the form said', async () => {
    const { page, faults, expectAccessible, leave } = await withPhoto(1440);
    await openEditor(page);
    await expectAccessible();
    const edge = (name: keyof typeof text.edit.edges) => page.getByRole('slider', { name: text.edit.edges[name] });
    for (let times = 0; times < 3; times++) await edge('left').press('PageUp');
    expect(await edge('left').getAttribute('aria-valuetext')).toBe('30%');
    for (let times = 0; times < 2; times++) await edge('bottom').press('PageUp');
    expect(await edge('bottom').getAttribute('aria-valuetext')).toBe('80%');
    await page.getByRole('button', { name: text.edit.move }).press('ArrowLeft');
    expect(await edge('left').getAttribute('aria-valuetext')).toBe('29%');
    await page.getByRole('button', { name: text.edit.turnRight }).press('Enter');
    const level = page.getByRole('slider', { name: text.edit.straighten });
    for (let times = 0; times < 60; times++) await level.press('ArrowRight');
    expect(await level.getAttribute('aria-valuetext')).toBe('6°');
    await page.getByRole('button', { name: text.edit.done }).press('Enter');

    await page.getByText(text.choice.recipes.sr.name, { exact: true }).click();
    await page.getByText(text.choice.more).click();
    await page.getByRole('slider', { name: text.choice.texture.name }).press('End');
    await page.getByLabel(text.choice.size).selectOption('side');
    await page.getByRole('textbox', { name: text.choice.side }).fill('600');
    const foretold = await page.getByText(/The result has/).textContent();
    await expectAccessible();
    const shown = await page.getByRole('img', { name: text.choice.alt }).screenshot();
    await page.getByRole('button', { name: text.choice.start }).click();
    await page.getByRole('heading', { name: text.done.title }).waitFor({ timeout: WORK_MS });

    const { job } = await newest(page);
    expect(job.options).toMatchObject({ rotate: 90, straighten: 6, longEdge: 600, texture: 1 });
    const { width, height, beforeUrl } = job.result!;
    expect(foretold).toContain(`${width} × ${height}`);
    const [a, b] = [await small(shown), await small(await (await page.request.get(at.server.url + beforeUrl)).body())];
    const apart = a.reduce((sum, level, at) => sum + Math.abs(level - b[at]!), 0) / a.length;
    expect(apart).toBeLessThan(SAME);
    expect(faults).toEqual([]);
    await leave();
  });

  it('is cut by a finger that taps a corner and then its place, or drags it in the shape of a passport photo', async () => {
    const { page, faults, expectAccessible, leave } = await withPhoto(390);
    await openEditor(page);
    const stage = page.getByRole('group', { name: text.edit.frame });
    const box = (await stage.boundingBox())!;
    await page.touchscreen.tap(box.x + box.width, box.y + box.height);
    await page.touchscreen.tap(box.x + 0.5 * box.width, box.y + 0.75 * box.height);
    const right = page.getByRole('slider', { name: text.edit.edges.right });
    expect(Math.abs(Number(await right.getAttribute('aria-valuenow')) - 50)).toBeLessThan(2);
    await page.getByRole('combobox', { name: text.edit.shape }).selectOption('passport');
    const corner = (await page.locator('[data-grip="-1,-1"] > span').boundingBox())!;
    await page.mouse.move(corner.x + corner.width / 2, corner.y + corner.height / 2);
    await page.mouse.down();
    await page.mouse.move(corner.x + 30, corner.y + 40, { steps: 4 });
    await page.mouse.up();
    await expectAccessible();
    await page.getByRole('button', { name: text.edit.done }).tap();
    const cut = (await page.getByRole('img', { name: text.choice.alt }).boundingBox())!;
    expect(cut.width / cut.height).toBeCloseTo(35 / 45, 1);

    await openEditor(page);
    await page.getByRole('button', { name: text.edit.reset }).tap();
    await page.keyboard.press('Escape');
    expect((await page.getByRole('img', { name: text.choice.alt }).boundingBox())!.width).toBeCloseTo(cut.width, 0);
    expect(faults).toEqual([]);
    await leave();
  });

  it('gets settings that were saved under a name, also when the page is opened again', async () => {
    const { page, faults, leave } = await withPhoto(1440);
    await page.getByText(text.choice.more).click();
    await page.getByRole('slider', { name: text.choice.strength.repair.name }).press('Home');
    await page.getByRole('button', { name: text.presets.save }).click();
    await page.getByLabel(text.presets.name).fill('Grandmother’s album');
    await page.keyboard.press('Enter');
    const saved = page.getByLabel(text.presets.title);
    expect(await saved.inputValue()).toBe('Grandmother’s album');

    // A photo that is still on the desk would come back with its settings.
    await page.getByRole('button', { name: text.choice.other }).click();
    await page.reload();
    await page.locator('input[type=file]').first().setInputFiles(OLD_PHOTO);
    await page.getByText(text.choice.more).click();
    expect(await saved.inputValue()).toBe('');
    await saved.selectOption('Grandmother’s album');
    const strength = page.getByRole('slider', { name: text.choice.strength.repair.name });
    expect(await strength.getAttribute('aria-valuetext')).toBe('0%');
    await page.getByRole('button', { name: text.presets.delete }).click();
    await saved.waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await leave();
  });
});
