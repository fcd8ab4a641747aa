import { expect, it } from 'vitest';
import { atSite } from './at-site.ts';
import { OLD_PHOTO, textsOf, WORK_MS } from './visitor.ts';

const text = textsOf('en');

atSite('the browser’s Back', { settings: { FREE_PER_DAY: '20' }, timeout: 2 * WORK_MS }, (at) => {
  it('takes away the last layer only: the editor, the chosen photo, and on a result the viewer', async () => {
    const { page, leave } = await at.visitor('en', 390);
    await page.goto(`${at.server.url}/prices`);
    await page.goto(at.server.url);
    const first = page.getByRole('heading', { level: 1 });
    const welcome = await first.textContent();
    const choose = () => page.locator('input[type=file]').first().setInputFiles(OLD_PHOTO);
    const chosen = page.getByRole('img', { name: text.choice.alt });
    const editor = page.getByRole('dialog', { name: text.edit.title });
    await choose();
    await chosen.waitFor();
    await page.getByRole('button', { name: text.edit.open }).click();
    await editor.waitFor();
    await page.goBack();
    await editor.waitFor({ state: 'detached' });
    expect(await chosen.isVisible()).toBe(true);
    await page.goBack();
    await chosen.waitFor({ state: 'detached' });
    expect(await first.textContent()).toBe(welcome);

    // What is closed by its own button leaves nothing behind for Back.
    await choose();
    await chosen.waitFor();
    await page.getByRole('button', { name: text.choice.other }).click();
    await chosen.waitFor({ state: 'detached' });
    await page.goBack();
    await page.waitForURL('**/prices');
    await page.goForward();

    await choose();
    await page.getByRole('button', { name: text.choice.start }).click();
    await page.getByRole('heading', { name: text.done.title }).waitFor({ timeout: WORK_MS });
    const result = page.url();
    await page.getByRole('button', { name: text.compare.look }).click();
    await page.getByRole('dialog').waitFor();
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(page.url()).toBe(result);
    await page.goBack();
    expect(await first.textContent()).toBe(welcome);
    await leave();
  });
});
