import { openPartner } from '@hili/sdk/partner';
import { beforeAll, expect, it } from 'vitest';
import { atConsole } from './at-console.ts';
import { filled } from './console-texts.ts';
import { type Desk, expectNoFaults, openDesk } from './desk.ts';
import { newShopper } from './shopper.ts';
import { expectSoundBooks, WORK_MS } from './visitor.ts';

/** Fen above which two operators are needed: between the price of 3 photos and that of 10. */
const LIMIT_FEN = 10_000;

atConsole(
  'bank transfers',
  {
    ...{ FREE_PER_DAY: '0', DEMO_PAYMENTS: 'on' },
    ...{ OFFLINE_ACCOUNT: 'Bank of Beijing 110-22', OFFLINE_LIMIT_FEN: String(LIMIT_FEN) },
  },
  (at) => {
    let second: Desk;
    beforeAll(async () => {
      second = await openDesk(at.browser, at.server, 'second@example.com', 390);
    }, 2 * WORK_MS);

    it('counts a transfer above the limit once a second operator has said the same, and no other sum', async () => {
      const { desk: first, server } = at;
      const { words } = first;
      const buyer = await newShopper(server, 'buyer@example.com');
      const { id, number } = await buyer.begin('photos-10', 'offline');
      const came = (sum: string) => ({
        [words.transfer.reference]: 'ICBC-0001',
        [filled(words.transfer.sum, { currency: 'CNY' })]: sum,
      });

      await first.open(`orders/${id}`);
      await first.ask(words.transfer.confirm, came('149.00'));
      await first.confirm(words.transfer.confirm);
      await first.dialog.getByRole('alert').waitFor();
      await first.expectAccessible();
      await first.dialog.getByLabel(filled(words.transfer.sum, { currency: 'CNY' })).fill('150.00');
      await first.confirm(words.transfer.confirm);
      await first.dialog.getByText(words.transfer.draft).waitFor();
      await first.confirm(words.act.close);
      expect(await buyer.available()).toBe(0);
      // Twice the same operator is still one.
      await first.ask(words.transfer.confirm, came('150'));
      await first.confirm(words.transfer.confirm);
      await first.dialog.getByText(words.transfer.draft).waitFor();
      await first.confirm(words.act.close);
      expect(await buyer.available()).toBe(0);

      // The second finds it among what waits, and by it the order.
      await second.open('');
      await second.main.getByRole('link', { name: filled(words.tasks.transfers_one, { count: 1 }) }).click();
      await second.row('ICBC-0001').getByText(first.email).waitFor();
      await second.expectAccessible();
      await second.row('ICBC-0001').getByRole('link', { name: number }).click();
      await second.ask(words.transfer.confirm, came('150'));
      await second.expectAccessible();
      await second.confirm(words.transfer.confirm);
      await second.dialog.getByText(words.transfer.granted).waitFor();
      await second.confirm(words.act.close);
      expect(await buyer.available()).toBe(10);
      expect((await buyer.order(id)).state).toBe('paid');
      await expectSoundBooks(server);
    });

    it('counts one below the limit at once, and notes how the money of its refund went back', async () => {
      const { desk: first, server } = at;
      const { words, page } = first;
      const buyer = await newShopper(server, 'small@example.com');
      const { id } = await buyer.begin('photos-3', 'offline');
      await first.open(`orders/${id}`);
      const sum = filled(words.transfer.sum, { currency: 'CNY' });
      await first.ask(words.transfer.confirm, { [words.transfer.reference]: 'ICBC-0002', [sum]: '49.80' });
      await first.confirm(words.transfer.confirm);
      await first.dialog.getByText(words.transfer.granted).waitFor();
      await first.confirm(words.act.close);
      expect(await buyer.available()).toBe(3);

      await first.act(words.order.refund, { [words.act.reason]: 'bought by mistake' });
      await first.act(words.transfer.sent, { [words.transfer.reference]: 'ICBC-0003' });
      await first.main.getByText(words.state.refunded, { exact: true }).first().waitFor();
      expect(await buyer.available()).toBe(0);
      expect(await page.getByRole('button', { name: words.order.refund, exact: true }).count()).toBe(0);
      await expectSoundBooks(server);
    });

    it('gives a partner what it has paid for, and takes it back when the transfer bounces', async () => {
      const { desk: first, server } = at;
      const { words } = first;
      const made = JSON.parse(
        await server.hili('partner', 'create', '--code', 'hili.ad', '--name', 'Hili Ad', '--json'),
      );
      const partner = openPartner({ server: server.url, code: made.third_code, secret: made.secret_key });
      await first.open('partners/hili.ad');
      const sum = filled(words.transfer.sum, { currency: 'CNY' });
      const paid = { [words.transfer.reference]: 'ICBC-0004', [sum]: '1,000.00', [words.grant.credits]: '200' };
      await first.ask(words.transfer.partner, paid);
      await first.dialog.getByText(/1,000/).waitFor();
      await first.confirm(words.transfer.partner);
      await first.dialog.getByText(words.transfer.draft).waitFor();
      await first.confirm(words.act.close);
      expect(await partner.creditsLeft()).toBe(0);
      await second.open('partners/hili.ad');
      await second.ask(words.transfer.partner, paid);
      await second.confirm(words.transfer.partner);
      await second.dialog.getByText(words.transfer.granted).waitFor();
      await second.confirm(words.act.close);
      expect(await partner.creditsLeft()).toBe(200);

      await first.open('transfers');
      const row = first.row('ICBC-0004');
      await first.act(words.transfer.reverse, { [words.act.reason]: 'the bank took it back' }, row);
      await row.getByText(words.state.reversed).waitFor();
      expect(await partner.creditsLeft()).toBe(0);

      await first.expectAudited(
        ['order.confirm', 'order'],
        ['order.refund', 'bought by mistake'],
        ['order.refund-sent', 'order'],
        ['partner.payment', 'partner'],
        ['transfer.reverse', 'the bank took it back'],
      );
      await second.expectAudited(['order.confirm', 'order'], ['partner.payment', 'partner']);
      expectNoFaults(first, 400);
      expectNoFaults(second);
      await expectSoundBooks(server);
    });
  },
);
