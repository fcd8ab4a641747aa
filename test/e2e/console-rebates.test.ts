import { ClaimLink, RebateViews } from '@hili/contract';
import { expect, it } from 'vitest';
import { atConsole } from './at-console.ts';
import { filled } from './console-texts.ts';
import { expectNoFaults } from './desk.ts';
import { newShopper } from './shopper.ts';
import { expectSoundBooks } from './visitor.ts';

const SUM = 'CNY 2';
const REBATE_FEN = 200;
const RECEIPT = '1000050001202611260000000001';

atConsole('cash back', { FREE_PER_DAY: '0', REBATE_FEN: `photos-3:${REBATE_FEN}`, REBATE_DAYS: '0' }, (at) => {
  /** Somebody who has bought, and claimed what comes back for it. */
  async function claimer(email: string, wechat: string) {
    const buyer = await newShopper(at.server, email);
    const order = await buyer.begin('photos-3');
    await buyer.pay(order);
    await buyer.until(order.id, 'paid');
    const own = async () => RebateViews.parse(await (await buyer.api('GET', '/rebates')).json());
    const claim = async () => {
      await expect.poll(async () => (await own())[0]?.state, { timeout: 30_000 }).toBe('eligible');
      const { url } = ClaimLink.parse(await (await buyer.api('POST', '/rebates/claims')).json());
      const answer = { wechat, name: email.split('@')[0] };
      expect((await buyer.api('POST', `/claims/${url.split('/r/')[1]}`, answer)).ok).toBe(true);
    };
    await claim();
    return { email, claim, own: async () => (await own())[0] };
  }

  it('is approved, paid by hand, and noted with the number of its receipt, which no other can have', async () => {
    const { desk } = at;
    const { words, main, dialog } = desk;
    const anna = await claimer('anna@example.com', 'anna_2026');
    const bob = await claimer('bob@example.com', 'bob_2026');
    await desk.open('');
    await main.getByRole('link', { name: filled(words.tasks.rebatesToApprove_other, { count: 2 }) }).click();
    await desk.expectAccessible();
    for (const { email } of [anna, bob]) {
      await desk.ask(words.rebate.approve, {}, desk.row(email));
      await dialog.getByText(new RegExp(`${SUM}.*${email}`.replaceAll(' ', '\\s'))).waitFor();
      await desk.confirm(words.rebate.approve);
      await dialog.waitFor({ state: 'detached' });
      await desk.row(email).waitFor({ state: 'detached' });
    }
    expect((await anna.own())?.state).toBe('approved');

    await desk.open('rebates?state=approved');
    await desk.act(words.rebate.paid, { [words.rebate.receipt]: RECEIPT }, desk.row(anna.email));
    await desk.ask(words.rebate.paid, { [words.rebate.receipt]: RECEIPT }, desk.row(bob.email));
    await desk.confirm(words.rebate.paid);
    await dialog.getByRole('alert').waitFor();
    await desk.expectAccessible();
    await dialog.getByLabel(words.rebate.receipt, { exact: true }).fill(`${RECEIPT}2`);
    await desk.confirm(words.rebate.paid);
    await dialog.waitFor({ state: 'detached' });
    expect(await anna.own()).toMatchObject({ state: 'paid', receipt: RECEIPT });
    await desk.open('rebates');
    await desk.row(anna.email).getByText(RECEIPT, { exact: true }).waitFor();
    expect(await desk.row(anna.email).getByRole('button').count()).toBe(0);
  });

  it('is refused with a reason, or given back to be claimed anew, and its owner reads why', async () => {
    const { desk, server } = at;
    const { words } = desk;
    const carl = await claimer('carl@example.com', 'nobody_has_this');
    await desk.open('rebates?state=claimed');
    await desk.act(words.rebate.return, { [words.act.reason]: 'nobody has this WeChat ID' }, desk.row(carl.email));
    expect(await carl.own()).toMatchObject({ state: 'eligible', reason: 'nobody has this WeChat ID' });
    await carl.claim();
    await desk.open('rebates?state=claimed');
    await desk.act(words.rebate.reject, { [words.act.reason]: 'ordered by ourselves' }, desk.row(carl.email));
    expect(await carl.own()).toMatchObject({ state: 'rejected', reason: 'ordered by ourselves' });

    await desk.expectAudited(
      ['rebate.approve', 'rebate'],
      ['rebate.paid', 'rebate'],
      ['rebate.return', 'nobody has this WeChat ID'],
      ['rebate.reject', 'ordered by ourselves'],
    );
    expectNoFaults(desk, 400);
    await expectSoundBooks(server);
  });
});
