import { expect, it } from 'vitest';
import { atSite } from './at-site.ts';
import { consoleTextsOf, filled } from './console-texts.ts';
import { enter, expectNoFaults, joinApp, newDesk } from './desk.ts';
import { WORK_MS } from './visitor.ts';

const PLACES = [
  ...['jobs', 'complaints', 'users', 'partners', 'invites', 'orders', 'issues', 'transfers', 'rebates', 'batches'],
  ...['fapiao', 'ledger', 'models', 'settings', 'audit', 'security'],
] as const;

atSite('the console', { settings: { WORKER: 'off' } }, (at) => {
  it.each([
    ['zh', 390, 'dark'],
    ['fr', 1440, 'light'],
  ] as const)(
    'is set up by an authenticator app and has pages without obstacles and sideways scrolling, in %s at %i px',
    // Seventeen pages, each looked through.
    { timeout: 2 * WORK_MS },
    async (language, width, colorScheme) => {
      const words = consoleTextsOf(language);
      const desk = await newDesk(at.browser, at.server, `pages.${language}@example.com`, width, language, {
        colorScheme,
      });
      const { page, main } = desk;
      await desk.expectAccessible();
      await joinApp(desk);
      expect(new Set(desk.recoveryCodes).size).toBe(10);
      await desk.expectAccessible();
      await enter(desk);
      await main.getByText(words.verdict.noWorkers).waitFor();
      await page.locator('canvas').first().waitFor();
      await desk.expectAccessible();
      for (const place of PLACES) {
        await desk.open(place);
        expect(await main.getByRole('heading', { level: 1 }).textContent()).toBe(words.place[place]);
        expect(await page.title()).toBe(filled(words.title, { page: words.place[place] }));
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), place).toBe(0);
        await desk.expectAccessible();
      }
      expectNoFaults(desk);
      await desk.leave();
    },
  );
});
