import { readFile } from 'node:fs/promises';
import { PAY_WAYS } from '@hili/contract';
import type { Page } from 'playwright-core';
import { extractText, getDocumentProxy } from 'unpdf';
import { expect, it } from 'vitest';
import { codeIn, mailTo } from '../../packages/server/test/mailbox.ts';
import { atSite } from './at-site.ts';
import { filled } from './console-texts.ts';
import { payByDemo, textsOf } from './visitor.ts';

/** The simulated WeChat sends its notices each second, and takes four for a refund. */
const SOON = { timeout: 20_000 };

atSite('buying', { settings: { OPERATOR_NAME: '晴空照片', CONTACT_ADDRESS: '北京市海淀区' } }, (at) => {
  type Text = ReturnType<typeof textsOf>;
  const main = (page: Page) => page.getByRole('main');
  const photosLeft = (page: Page, text: Text, count: number) =>
    page.getByTestId('photos-left').getByText(filled(text.left.credits_other, { count }), { exact: true });

  async function signIn(page: Page, text: Text, email: string) {
    await page.getByLabel(text.signIn.email).fill(email);
    await main(page).getByRole('button', { name: text.signIn.send, exact: true }).click();
    await page.getByLabel(text.signIn.code).fill(codeIn(await mailTo(at.server.folder, email)));
    await main(page).getByRole('button', { name: text.signIn.enter, exact: true }).click();
  }
  /** The way of a buyer of 10 photos who begins as a guest, up to the code that is to be scanned. */
  async function toTheCode(page: Page, text: Text, email: string) {
    await page.goto(`${at.server.url}/prices`);
    await page.getByTestId('photos-left').waitFor();
    await page.getByRole('link', { name: filled(text.prices.take_other, { count: 10 }), exact: true }).click();
    await main(page).getByRole('link', { name: text.nav.signIn }).click();
    await signIn(page, text, email);
    await page.waitForURL('**/orders/*');
    await page.getByRole('img', { name: text.pay.qr }).locator('path').waitFor();
  }

  it.each([
    ['zh', 390, 'dark'],
    ['fr', 1440, 'light'],
  ] as const)(
    'goes from the prices by sign-in and code to more photos at once, a receipt and the money back, in %s at %i px',
    async (language, width, colorScheme) => {
      const text = textsOf(language);
      const email = `buyer.${language}@example.com`;
      const { page, faults, expectAccessible, leave } = await at.visitor(language, width, { colorScheme });
      await page.goto(`${at.server.url}/prices`);
      await page.getByText(text.demo.banner).waitFor();
      // What one gets, until when, and how one gets the money back, all before anything is paid.
      await main(page)
        .getByText(filled(text.prices.refund.text, { days: 30 }))
        .waitFor();
      expect(await main(page).getByText(text.prices.rights.year, { exact: true }).count()).toBe(4);
      await expectAccessible();

      await toTheCode(page, text, email);
      await main(page).getByText(text.buy.once).waitFor();
      await page
        .getByRole('timer')
        .getByText(/14:\d\d|15:00/)
        .waitFor();
      await photosLeft(page, text, 3).waitFor();
      await expectAccessible();
      const order = page.url();

      await payByDemo(page, text);
      await page.getByRole('heading', { name: text.pay.done.title }).waitFor(SOON);
      await photosLeft(page, text, 13).waitFor(SOON);
      await main(page)
        .getByText(filled(text.pay.done.now_other, { count: 13 }))
        .waitFor();
      await expectAccessible();

      await page.getByRole('link', { name: text.receipt.open }).click();
      await page.getByRole('heading', { name: text.receipt.title, exact: true }).waitFor();
      await main(page).getByText('晴空照片').waitFor();
      await expectAccessible();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: text.receipt.pdf }).click(),
      ]);
      const pdf = await getDocumentProxy(new Uint8Array(await readFile(await file.path())));
      const { text: words } = await extractText(pdf, { mergePages: true });
      for (const word of ['晴空照片', '150', file.suggestedFilename().replace('.pdf', '')])
        expect(words).toContain(word);

      await page.goto(order);
      await main(page).getByRole('button', { name: /150/ }).click();
      const question = page.getByRole('alertdialog');
      await question.getByText(/150/).waitFor();
      await expectAccessible();
      await question.getByRole('button', { name: text.refund.sure.yes }).click();
      await photosLeft(page, text, 3).waitFor(SOON);
      await main(page).getByText(text.order.state.refunded, { exact: true }).waitFor(SOON);
      await page.getByRole('link', { name: text.order.back }).click();
      // Exact, for the page before it has a region that is named by the order's details.
      const orders = page.getByRole('region', { name: text.order.list, exact: true });
      await orders.getByText(text.order.state.refunded).waitFor();
      expect(await orders.getByRole('listitem').count()).toBe(1);
      expect(faults).toEqual([]);
      await leave();
    },
  );

  it('grants once what the notice tells five times, or tells late, and shows it by itself', async () => {
    const text = textsOf('en');
    const { page, faults, leave } = await at.visitor('en', 1440);
    await toTheCode(page, text, 'twice@example.com');
    await payByDemo(page, text, 'duplicate');
    await photosLeft(page, text, 13).waitFor(SOON);
    await page.goto(`${at.server.url}/buy/photos-10`);
    await page.getByRole('img', { name: text.pay.qr }).locator('path').waitFor();
    // The notice is a minute late: what our server asks by itself is sooner.
    await payByDemo(page, text, 'late');
    await photosLeft(page, text, 23).waitFor({ timeout: 45_000 });
    expect(faults).toEqual([]);
    await leave();
  });

  it('ends an order that is given up, says that nothing was charged, and begins anew at one tap', async () => {
    const text = textsOf('es');
    const { page, faults, expectAccessible, leave } = await at.visitor('es', 390);
    await toTheCode(page, text, 'undecided@example.com');
    const first = page.url();
    // A simulated payment opens on the phone itself: no word of another screen.
    await page.getByRole('link', { name: text.pay.demo }).waitFor();
    expect(await page.getByRole('heading', { name: text.pay.phone.title }).count()).toBe(0);
    await main(page).getByRole('button', { name: text.pay.cancel }).click();
    await page.getByRole('heading', { name: text.pay.closed.title }).waitFor(SOON);
    await expectAccessible();
    await main(page).getByRole('button', { name: text.pay.renew }).click();
    await page.getByRole('img', { name: text.pay.qr }).locator('path').waitFor();
    expect(page.url()).not.toBe(first);
    await photosLeft(page, text, 3).waitFor();

    await page.clock.install();
    await page.reload();
    await page.getByRole('timer').waitFor();
    await page.clock.fastForward('16:00');
    await page.getByRole('heading', { name: text.pay.over.title }).waitFor();
    await expectAccessible();
    await main(page).getByRole('button', { name: text.pay.newCode }).waitFor();
    expect(faults).toEqual([]);
    await leave();
  });

  it('shows nobody the order of somebody else', async () => {
    const text = textsOf('en');
    const owner = await at.visitor('en', 1440);
    await toTheCode(owner.page, text, 'owner@example.com');
    const stranger = await at.visitor('en', 1440);
    await stranger.page.goto(owner.page.url());
    await main(stranger.page).getByRole('link', { name: text.nav.signIn }).click();
    await signIn(stranger.page, text, 'stranger@example.com');
    await stranger.page.waitForURL(owner.page.url());
    await stranger.page.getByRole('alert').getByText(text.problem.DATA_NOT_FOUND.title).waitFor();
    await owner.leave();
    await stranger.leave();
  });
});

atSite('where nothing is sold', { settings: { DEMO_PAYMENTS: 'off', CONTACT_EMAIL: 'operator@example.com' } }, (at) => {
  it('names whom to write to, and offers no button that leads nowhere', async () => {
    const text = textsOf('fr');
    const { page, faults, expectAccessible, leave } = await at.visitor('fr', 1440);
    await page.goto(`${at.server.url}/prices`);
    await main(page).getByRole('link', { name: 'operator@example.com' }).waitFor();
    expect(await page.locator('a[href^="/buy/"]').count()).toBe(0);
    expect(await page.getByText(text.demo.banner).count()).toBe(0);
    await expectAccessible();
    await page.goto(`${at.server.url}/buy/photos-3`);
    await main(page).getByRole('link', { name: 'operator@example.com' }).waitFor();
    expect(faults).toEqual([]);
    await leave();
  });

  const main = (page: Page) => page.getByRole('main');
});

const SETTINGS = { OFFLINE_ACCOUNT: 'Example Ltd\nBank of Examples\n6217 0000' };

atSite('buying by bank transfer', { settings: SETTINGS }, (at) => {
  it('asks before it makes an order, then names the account and what to write into the transfer', async () => {
    const text = textsOf('en');
    const { page, faults, expectAccessible, leave } = await at.visitor('en', 390);
    await page.goto(`${at.server.url}/sign-in?to=${encodeURIComponent('/buy/photos-50')}`);
    await page.getByTestId('photos-left').waitFor();
    await page.getByLabel(text.signIn.email).fill('bank@example.com');
    await page.getByRole('main').getByRole('button', { name: text.signIn.send, exact: true }).click();
    await page.getByLabel(text.signIn.code).fill(codeIn(await mailTo(at.server.folder, 'bank@example.com')));
    await page.getByRole('main').getByRole('button', { name: text.signIn.enter, exact: true }).click();
    await page.getByRole('radio', { name: PAY_WAYS.offline.en }).waitFor();
    await expectAccessible();
    expect(page.url()).toBe(`${at.server.url}/buy/photos-50`);
    await page.getByRole('button', { name: text.buy.go.replace('{name}', PAY_WAYS.offline.en) }).click();
    await page.waitForURL('**/orders/*');
    await page.getByText('Bank of Examples').waitFor();
    await page.getByText(/^H\d{8}[A-Z0-9]{10}$/).waitFor();
    await expectAccessible();
    expect(faults).toEqual([]);
    await leave();
  });
});
