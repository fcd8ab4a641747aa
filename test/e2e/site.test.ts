import { expect, it } from 'vitest';
import { LANGUAGES } from '../../packages/contract/src/index.ts';
import { atSite } from './at-site.ts';
import { textsOf } from './visitor.ts';

const PAGES = [
  ['/prices', 'prices'],
  ['/api-docs', 'api'],
  ['/terms', 'terms'],
  ['/privacy', 'privacy'],
  ['/contact', 'contact'],
  ['/reset-password', 'reset'],
  ['/offline', 'offline'],
] as const;

atSite('the site', { settings: { WORKER: 'off', CONTACT_EMAIL: 'studio@example.com' } }, (at) => {
  it.each([
    ['zh', 390, 'dark'],
    ['fr', 1440, 'light'],
  ] as const)(
    'has pages without obstacles, without dead links and without sideways scrolling, in %s at %i px',
    async (language, width, colorScheme) => {
      const text = textsOf(language);
      const { page, faults, expectAccessible, leave } = await at.visitor(language, width, { colorScheme });
      const links = new Set<string>();
      for (const [path, name] of PAGES) {
        expect((await page.goto(at.server.url + path))?.status()).toBe(200);
        await page.getByTestId('photos-left').waitFor();
        expect(await page.title()).toBe(text.title[name]);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
        await expectAccessible();
        for (const link of await page.locator('a[href^="/"]').all()) links.add(String(await link.getAttribute('href')));
      }
      for (const link of links) expect((await page.request.get(at.server.url + link)).status(), link).toBe(200);
      await page.goto(`${at.server.url}/contact`);
      await page.getByRole('link', { name: 'studio@example.com' }).waitFor();
      expect(faults).toEqual([]);
      const lost = await page.goto(`${at.server.url}/nothing/here`);
      expect(lost?.status()).toBe(404);
      await page.getByRole('heading', { name: text.lost.title }).waitFor();
      await expectAccessible();
      await leave();
    },
  );

  it('tells search engines of each page in each language, by addresses that answer in it', async () => {
    const robots = await (await fetch(`${at.server.url}/robots.txt`)).text();
    const [, sitemap = ''] = /^Sitemap: (.*)$/m.exec(robots) ?? [];
    const list = await (await fetch(sitemap)).text();
    const addresses = [...list.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, address]) => String(address));
    expect(addresses).toHaveLength(6 * LANGUAGES.length);
    for (const address of addresses) {
      const response = await fetch(address);
      const html = await response.text();
      const language = new URL(address).searchParams.get('lang');
      expect(response.status).toBe(200);
      expect(html).toContain(`data-language="${language}"`);
      expect(html).toContain(`<link rel="canonical" href="${address}" />`);
      expect(html.match(/hreflang=/g)).toHaveLength(LANGUAGES.length + 1);
    }
    expect(await (await fetch(`${at.server.url}/account`)).text()).toContain('content="noindex"');
  });
});

atSite('a site whose operator has said no way to reach them', { settings: { WORKER: 'off' } }, (at) => {
  it('asks nobody to write, and says so where people look for it', async () => {
    const text = textsOf('fr');
    const { page, expectAccessible, leave } = await at.visitor('fr', 390);
    await page.goto(`${at.server.url}/contact`);
    await page.getByText(text.contact.none).waitFor();
    expect(await page.getByText(text.contact.lead).count()).toBe(0);
    await expectAccessible();
    await page.goto(`${at.server.url}/prices`);
    await page.getByText(text.prices.voucher.go).waitFor();
    await page.getByText(text.prices.buy.contact).waitFor({ state: 'detached' });
    await leave();
  });
});
