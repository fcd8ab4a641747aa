import { ClaimLink, RebateViews } from '@hili/contract';
import { beforeAll, expect, it } from 'vitest';
import { money } from '../../packages/web/src/format.ts';
import { atSite } from './at-site.ts';
import { filled } from './console-texts.ts';
import { newShopper } from './shopper.ts';
import { expectSoundBooks, textsOf } from './visitor.ts';

const OPERATOR = 'operator@example.com';
const REBATE_FEN = 600;
const SETTINGS = { WORKER: 'off', FREE_PER_DAY: '0', REBATE_FEN: `photos-10:${REBATE_FEN}`, REBATE_DAYS: '0' };
const SOON = { timeout: 30_000 };

atSite('money that WeChat pays', { settings: SETTINGS }, (at) => {
  beforeAll(async () => {
    await at.server.hili('operator', 'create', '--email', OPERATOR);
  });

  it.each(['zh', 'fr'] as const)(
    'is claimed and accepted on a phone outside WeChat by a link to copy, since it cannot scan itself, in %s',
    async (language) => {
      const text = textsOf(language);
      const buyer = await newShopper(at.server, `buyer.${language}@example.com`);
      const order = await buyer.begin('photos-10');
      await buyer.pay(order);
      await buyer.until(order.id, 'paid');
      const rebate = async () => RebateViews.parse(await (await buyer.api('GET', '/rebates')).json())[0]!;
      await expect.poll(async () => (await rebate()).state, SOON).toBe('eligible');
      const linkTo = async (path: string) => ClaimLink.parse(await (await buyer.api('POST', path)).json()).url;

      const phone = await at.visitor(language, 390, { permissions: ['clipboard-read', 'clipboard-write'] });
      const { page } = phone;
      const expectLink = async (url: string) => {
        expect(await page.getByText(url, { exact: true }).isVisible()).toBe(true);
        await page.getByRole('button', { name: text.link.copy, exact: true }).click();
        await page.getByRole('button', { name: text.link.copied }).waitFor();
        expect(await page.evaluate('navigator.clipboard.readText()')).toBe(url);
        await phone.expectAccessible();
      };
      const claim = await linkTo('/rebates/claims');
      await page.goto(claim);
      await page.getByText(text.claim.easierHere).waitFor();
      await expectLink(claim);
      await page.getByRole('link', { name: text.claim.demo }).click();
      await page.getByText(text.claim.byWechat).waitFor();
      await page
        .getByRole('button', { name: filled(text.claim.send, { amount: money(language, REBATE_FEN) }) })
        .click();
      await page.getByText(text.claim.done.wechat).waitFor();

      await at.server.hili('rebates', 'approve', (await rebate()).id, '--operator', OPERATOR);
      await expect.poll(async () => (await rebate()).payout?.state, SOON).toBe('waiting');
      const accept = await linkTo(`/rebates/${(await rebate()).id}/claims`);
      await page.goto(accept);
      await page.getByText(text.accept.phone).waitFor();
      await page.getByText(text.accept.second).waitFor();
      await expectLink(accept);
      expect(phone.faults).toEqual([]);
      await phone.leave();

      const desk = await at.visitor(language, 1440);
      await desk.page.goto(accept);
      await desk.page.getByText(text.accept.how).waitFor();
      expect(await desk.page.getByRole('button', { name: text.link.copy }).count()).toBe(0);
      await desk.leave();
      await expectSoundBooks(at.server);
    },
  );
});
