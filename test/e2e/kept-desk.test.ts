import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { atSite } from './at-site.ts';
import { OLD_PHOTO, signIn, textsOf } from './visitor.ts';

/** Photos wait in the queue: what is asked for is what this is about. */
atSite('a photo that is chosen but not started', { settings: { WORKER: 'off', FREE_PER_DAY: '9' } }, (at) => {
  const text = textsOf('en');
  const choose = (page: Page) => page.locator('input[type=file]').first().setInputFiles(OLD_PHOTO);
  const chosen = (page: Page) => page.getByRole('img', { name: text.choice.alt });
  const stillHere = (page: Page) => page.getByText(text.tray.back, { exact: true });

  /** How many files the browser keeps. */
  const kept = (page: Page) =>
    page.evaluate(`new Promise((done) => {
      indexedDB.open('hili.desks.1').onsuccess = ({ target: { result: base } }) => {
        const names = [...base.objectStoreNames];
        if (names.length === 0) return done(0);
        base.transaction('files').objectStore('files').count().onsuccess = ({ target }) => { base.close(); done(target.result); };
      };
    })`);

  async function arrive(page: Page) {
    await page.goto(at.server.url);
    await page.getByTestId('photos-left').waitFor();
  }

  /** Loads the page anew, and waits longer than anything would take to come back. */
  async function expectGone(page: Page) {
    await expect.poll(() => kept(page)).toBe(0);
    await page.reload();
    await page.getByTestId('photos-left').waitFor();
    await page.waitForTimeout(1_500);
    expect(await chosen(page).count()).toBe(0);
  }

  it('is there after a reload, turned and set as it was, and starts', async () => {
    const { page, faults, expectAccessible, leave } = await at.visitor('en', 390);
    await arrive(page);
    await choose(page);
    await chosen(page).waitFor();
    expect(await stillHere(page).count()).toBe(0);
    await page.getByRole('button', { name: text.edit.open }).click();
    await page.getByRole('button', { name: text.edit.turnRight }).click();
    await page.getByRole('button', { name: text.edit.done }).click();
    await page.getByRole('main').getByText(text.choice.recipes.colour.name).first().click();
    await expect.poll(() => kept(page)).toBe(1);

    await page.reload();
    await stillHere(page).waitFor();
    await expectAccessible();
    expect(await page.getByRole('radio', { name: text.choice.recipes.colour.name }).isChecked()).toBe(true);
    const box = (await chosen(page).boundingBox())!;
    expect(box.width / box.height).toBeCloseTo(819 / 1024, 1);
    await page.reload();
    await stillHere(page).waitFor();
    await page.getByRole('button', { name: text.choice.start }).click();
    await page.waitForURL('**/photos/*');
    const photos = await (await page.request.get(`${at.server.url}/api/v1/photos`)).json();
    expect(photos).toMatchObject([{ name: 'image.jpg', job: { options: { rotate: 90 } } }]);
    expect(photos[0].job.recipe).toContain('colour');
    await page.goto(at.server.url);
    await expectGone(page);
    expect(faults).toEqual([]);
    await leave();
  });

  it('is gone once it is removed', async () => {
    const { page, leave } = await at.visitor('en', 1440);
    await arrive(page);
    await choose(page);
    await expect.poll(() => kept(page)).toBe(1);
    await page.getByRole('button', { name: text.choice.other }).click();
    await expectGone(page);
    await leave();
  });

  it('stays on the desk of its own page while that is open', async () => {
    const { page, leave } = await at.visitor('en', 1440);
    await arrive(page);
    await choose(page);
    await expect.poll(() => kept(page)).toBe(1);
    const other = await page.context().newPage();
    await arrive(other);
    await other.waitForTimeout(1_500);
    expect(await chosen(other).count()).toBe(0);
    await page.close();
    await other.reload();
    await stillHere(other).waitFor();
    await leave();
  });

  it('is forgotten on signing out', async () => {
    const { page, leave } = await at.visitor('en', 1440);
    await signIn(page, at.server, text, 'out@example.com');
    await arrive(page);
    await choose(page);
    await expect.poll(() => kept(page)).toBe(1);
    await page.goto(`${at.server.url}/account`);
    await page.getByRole('main').getByRole('button', { name: text.nav.signOut, exact: true }).click();
    await page.waitForURL((url) => url.pathname === '/');
    await expectGone(page);
    await leave();
  });

  it('is forgotten after a day', async () => {
    const { page, leave } = await at.visitor('en', 1440);
    await arrive(page);
    await choose(page);
    await expect.poll(() => kept(page)).toBe(1);
    await page.clock.install({ time: Date.now() + 25 * 3_600_000 });
    await page.reload();
    await expect.poll(() => kept(page)).toBe(0);
    expect(await chosen(page).count()).toBe(0);
    await leave();
  });

  it('is worked on all the same where the browser keeps nothing', async () => {
    const { page, faults, leave } = await at.visitor('en', 390);
    await page.addInitScript("Object.defineProperty(globalThis, 'indexedDB', { get() { throw new Error('no'); } })");
    await arrive(page);
    await choose(page);
    await chosen(page).waitFor();
    await page.getByRole('button', { name: text.choice.start }).click();
    await page.waitForURL('**/photos/*');
    expect(faults).toEqual([]);
    await leave();
  });
});
