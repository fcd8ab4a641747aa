import { openPartner } from '@hili/sdk/partner';
import { expect, it } from 'vitest';
import { atConsole } from './at-console.ts';
import { filled } from './console-texts.ts';
import { expectNoFaults } from './desk.ts';
import { expectSoundBooks } from './visitor.ts';

const CODE = 'hili.ad';

atConsole(
  'partners',
  {},
  (at) => {
    let firstSecret = '';

    const creditsBy = (secret: string) => openPartner({ server: at.server.url, code: CODE, secret }).creditsLeft();
    /** The secret that is shown now; it is shown no more after that. */
    async function readSecret(): Promise<string> {
      const secret = String(await at.desk.dialog.getByTestId('secret').textContent());
      await at.desk.expectAccessible();
      await at.desk.confirm(at.desk.words.act.close);
      await at.desk.dialog.waitFor({ state: 'detached' });
      expect(await at.desk.page.content()).not.toContain(secret);
      return secret;
    }

    it('makes a partner, whose secret is shown once and works at once, and gives it photos', async () => {
      const { desk } = at;
      const { page, words, main } = desk;
      await desk.open('partners');
      await desk.ask(words.partner.new, {
        [words.partner.name]: 'Hili Ad',
        [words.partner.code]: CODE,
        [words.act.reason]: 'contract 17',
      });
      await desk.confirm(words.partner.new);
      firstSecret = await readSecret();

      await main.getByRole('link', { name: 'Hili Ad' }).click();
      await desk.act(words.grant.label, { [words.grant.credits]: '200', [words.act.reason]: 'invoice 17' });
      await page.locator('canvas').waitFor();
      await desk.expectAccessible();
      expect(await creditsBy(firstSecret)).toBe(200);
      await desk.expectAudited(['partner.create', 'contract 17'], ['partner.grant', 'invoice 17']);
    });

    it('gives it a new secret, beside which the old one works as long as was said, or not at all', async () => {
      const { desk } = at;
      const { words, dialog, main } = desk;
      await desk.open(`partners/${CODE}`);
      await desk.ask(words.partner.rotate, { [words.partner.overlap]: '3600', [words.act.reason]: 'yearly' });
      await dialog.getByText(/Hili Ad.*60 minutes/).waitFor();
      await desk.confirm(words.partner.rotate);
      const second = await readSecret();
      expect(second).not.toBe(firstSecret);
      expect([await creditsBy(firstSecret), await creditsBy(second)]).toEqual([200, 200]);
      const secrets = main.getByRole('region', { name: words.partner.secrets });
      await secrets.getByText(words.partner.worksUntil).waitFor();

      await desk.ask(words.partner.rotate, {
        [words.partner.overlap]: '0',
        [words.act.reason]: 'it was on a screenshot',
      });
      await dialog.getByText(filled(words.partner.rotateNow, { who: 'Hili Ad' })).waitFor();
      await desk.confirm(words.partner.rotate);
      const third = await readSecret();
      await expect(creditsBy(firstSecret)).rejects.toThrow();
      await expect(creditsBy(second)).rejects.toThrow();
      expect(await creditsBy(third)).toBe(200);
      firstSecret = third;
      await desk.expectAudited(['partner.rotate', 'yearly'], ['partner.rotate', 'it was on a screenshot']);
    });

    it('takes its calls from the addresses that are listed, and from nowhere else, until it is disabled', async () => {
      const { desk, server } = at;
      const { words, dialog, main } = desk;
      const list = (lines: string, reason: string) => ({
        [words.partner.addressList]: lines,
        [words.act.reason]: reason,
      });
      await desk.open(`partners/${CODE}`);
      await desk.ask(words.partner.addresses, list('192.0.2.0/24\nnowhere', 'their new office'));
      await desk.confirm(words.partner.addresses);
      await dialog
        .getByRole('alert')
        .getByText(/nowhere/)
        .waitFor();
      await desk.expectAccessible();
      await dialog.getByLabel(words.partner.addressList, { exact: true }).fill('192.0.2.0/24');
      await desk.confirm(words.partner.addresses);
      await dialog.waitFor({ state: 'detached' });
      await main.getByText('192.0.2.0/24').waitFor();
      await expect(creditsBy(firstSecret)).rejects.toThrow();
      await desk.act(words.partner.addresses, list('192.0.2.0/24\n127.0.0.1', 'a test from here'));
      expect(await creditsBy(firstSecret)).toBe(200);

      await desk.act(words.partner.disable, { [words.act.reason]: 'the contract is over' });
      await main.getByRole('button', { name: words.partner.enable, exact: true }).waitFor();
      await expect(creditsBy(firstSecret)).rejects.toThrow();
      await desk.act(words.partner.enable, { [words.act.reason]: 'it goes on' });
      await main.getByRole('button', { name: words.partner.disable, exact: true }).waitFor();
      expect(await creditsBy(firstSecret)).toBe(200);
      await desk.expectAudited(
        ['partner.addresses', 'their new office'],
        ['partner.disable', 'the contract is over'],
        ['partner.enable', 'it goes on'],
      );
      expectNoFaults(desk, 400);
      await expectSoundBooks(server);
    });
  },
  390,
);
