import { expect, it } from 'vitest';
import { mailTo } from '../../packages/server/test/mailbox.ts';
import { atConsole } from './at-console.ts';
import { filled } from './console-texts.ts';
import { expectNoFaults } from './desk.ts';
import { newShopper } from './shopper.ts';
import { expectSoundBooks } from './visitor.ts';

/** Notices come each second, and refunds take four. */
const SOON = { timeout: 30_000 };

atConsole('orders', { FREE_PER_DAY: '0' }, (at) => {
  async function paidOrder(email: string) {
    const buyer = await newShopper(at.server, email);
    const order = await buyer.begin('photos-10');
    await buyer.pay(order);
    await buyer.until(order.id, 'paid');
    return { buyer, ...order };
  }

  it('gives the unused photos of an order back for their price, and shows everything that happened to it', async () => {
    const { desk, server } = at;
    const { words, main, dialog } = desk;
    const { buyer, number } = await paidOrder('refund@example.com');
    await desk.open(`orders?q=${number}`);
    await main.getByRole('link', { name: number }).click();
    await main.getByRole('heading', { name: number }).waitFor();
    await desk.ask(words.order.refund, { [words.act.reason]: 'a mistake of ours' });
    await dialog.getByText(filled(words.order.refundText, { count: 10, who: buyer.email, sum: 'CNY 150' })).waitFor();
    await desk.expectAccessible();
    await desk.confirm(words.order.refund);
    await dialog.waitFor({ state: 'detached' });
    expect(await buyer.available()).toBe(0);
    // The page looks again by itself.
    await main.getByText(words.order.refundState.done, { exact: true }).waitFor({ timeout: 60_000 });
    expect(await main.getByRole('button', { name: words.order.refund, exact: true }).count()).toBe(0);
    await desk.expectAccessible();
    await desk.expectAudited(['order.refund', 'a mistake of ours']);
    await expectSoundBooks(server);
  });

  it('answers requests for a fapiao: one is issued with its number, another refused with why, and both have it by mail', async () => {
    const { desk, server } = at;
    const { words, main, dialog } = desk;
    for (const [email, title] of [
      ['firm@example.com', '晴空文化有限公司'],
      ['person@example.com', '王小明'],
    ] as const) {
      const { buyer, id } = await paidOrder(email);
      const wish = { title, email, ...(email.startsWith('firm') && { taxNumber: '91110108MA01ABCD23' }) };
      expect((await buyer.api('POST', `/orders/${id}/fapiao`, wish)).ok).toBe(true);
    }
    await desk.open('');
    await main.getByRole('link', { name: filled(words.tasks.fapiao_other, { count: 2 }) }).click();
    const firm = desk.row('晴空文化有限公司');
    await firm.getByText('91110108MA01ABCD23').waitFor();
    await desk.expectAccessible();
    await desk.ask(words.fapiao.issued, { [words.fapiao.number]: '26112000000012345678' }, firm);
    await dialog.getByText(/晴空文化有限公司.*firm@example\.com/).waitFor();
    await desk.confirm(words.fapiao.issued);
    await dialog.waitFor({ state: 'detached' });
    await firm.waitFor({ state: 'detached' });
    await desk.act(words.fapiao.refuse, { [words.fapiao.why]: 'the name is not complete' }, desk.row('王小明'));
    await main.getByText(words.table.noMatch).waitFor();

    await desk.open('fapiao');
    await desk
      .row('晴空文化有限公司')
      .getByText(/26112000000012345678/)
      .waitFor();
    await desk
      .row('王小明')
      .getByText(/the name is not complete/)
      .waitFor();
    // The first mail to each was their code.
    expect((await mailTo(server.folder, 'firm@example.com', 2)).text).toContain('26112000000012345678');
    expect((await mailTo(server.folder, 'person@example.com', 2)).text).toContain('the name is not complete');
    await desk.expectAudited(['fapiao.issued', '26112000000012345678'], ['fapiao.refused', 'the name is not complete']);
  });

  it('puts a payment that does not fit before an operator, who resolves it with a note', async () => {
    const { desk, server } = at;
    const { words, main, dialog } = desk;
    const gone = await newShopper(server, 'gone@example.com');
    const order = await gone.begin('photos-3');
    expect((await gone.api('DELETE', '/account', { confirm: 'DELETE' })).ok).toBe(true);
    // The code was still on their screen.
    await gone.pay(order);
    await expect
      .poll(async () => {
        await desk.open('');
        return main.getByRole('link', { name: filled(words.tasks.issues_one, { count: 1 }) }).count();
      }, SOON)
      .toBe(1);
    await main.getByRole('link', { name: filled(words.tasks.issues_one, { count: 1 }) }).click();
    const row = desk.row(order.number);
    await row.getByText(words.issue.kind.account_gone).waitFor();
    await desk.expectAccessible();
    await desk.ask(words.issue.resolve, { [words.issue.note]: 'sent back by hand,\nreceipt 4711' }, row);
    await dialog
      .getByText(filled(words.issue.resolveText, { kind: words.issue.kind.account_gone, number: order.number }))
      .waitFor();
    await desk.expectAccessible();
    await desk.confirm(words.issue.resolve);
    await dialog.waitFor({ state: 'detached' });
    await row.waitFor({ state: 'detached' });
    await desk.open('issues?state=resolved');
    await row.getByText(/receipt 4711/).waitFor();
    expect(await row.getByRole('button').count()).toBe(0);
    await desk.expectAudited(['issue.resolve', 'receipt 4711']);
    expectNoFaults(desk);
    await expectSoundBooks(server);
  });
});
