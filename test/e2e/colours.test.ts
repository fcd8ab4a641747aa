import sharp from 'sharp';
import { expect, it } from 'vitest';
import { atSite } from './at-site.ts';
import { filled } from './console-texts.ts';
import { textsOf, WORK_MS } from './visitor.ts';

atSite('a photo that has colours already', { settings: { INFERENCE_PROCESSES: '1' }, timeout: 2 * WORK_MS }, (at) => {
  it.each([
    ['zh', 390, 'dark'],
    ['fr', 1440, 'light'],
  ] as const)(
    'keeps them, says so, and gets others at no cost when that is what is wanted, in %s at %i px',
    async (language, width, colorScheme) => {
      const text = textsOf(language);
      const visitor = await at.visitor(language, width, { colorScheme });
      const { page } = visitor;
      const main = page.getByRole('main');
      await page.goto(at.server.url);
      await page.getByTestId('photos-left').waitFor();
      const file = { name: 'blocks.png', mimeType: 'image/png', buffer: await blocks() };
      await page.locator('input[type=file]').first().setInputFiles(file);
      await main.getByText(text.choice.recipes.colour.name, { exact: true }).click();
      await main.getByText(text.choice.more).click();
      expect(await main.getByRole('checkbox', { name: text.choice.recolour }).isChecked()).toBe(false);
      await visitor.expectAccessible();
      await main.getByRole('button', { name: text.choice.start, exact: true }).click();
      await page.waitForURL('**/photos/*', { timeout: WORK_MS });
      await main.getByText(text.done.kept.coloured).waitFor({ timeout: WORK_MS });
      await main
        .getByText(filled(text.again.free_other, { count: 2 }))
        .first()
        .waitFor();
      await visitor.expectAccessible();
      const left = await page.getByTestId('photos-left').textContent();
      const photo = page.url();
      await page.goto(`${at.server.url}/tasks`);
      await main.getByText(text.tasks.kept.coloured).waitFor();
      await visitor.expectAccessible();
      await page.goto(photo);

      await main.getByRole('button', { name: text.done.kept.anyway }).click();
      await page.getByRole('heading', { name: text.done.title }).waitFor({ state: 'detached' });
      await page.getByRole('heading', { name: text.done.title }).waitFor({ timeout: WORK_MS });
      expect(await main.getByText(text.done.kept.coloured).count()).toBe(0);
      expect(await page.getByTestId('photos-left').textContent()).toBe(left);
      // The next photo may well be in black and white.
      await page.goto(at.server.url);
      await page.locator('input[type=file]').first().setInputFiles(file);
      await main.getByText(text.choice.more).click();
      expect(await main.getByRole('checkbox', { name: text.choice.recolour }).isChecked()).toBe(false);
      expect(visitor.faults).toEqual([]);
      await visitor.leave();
    },
  );
});

/** A picture in two colours, as small as the networks take it. */
const blocks = () =>
  sharp({ create: { width: 96, height: 64, channels: 3, background: '#b03020' } })
    .composite([{ input: { create: { width: 48, height: 64, channels: 3, background: '#2060a0' } }, left: 48, top: 0 }])
    .png()
    .toBuffer();
