import { readFile } from 'node:fs/promises';
import { InviteView } from '@hili/contract';
import { expect, it } from 'vitest';
import { openBrowser } from '../../packages/server/test/browser.ts';
import { atConsole } from './at-console.ts';
import { filled } from './console-texts.ts';
import { age, expectNoFaults } from './desk.ts';
import { newShopper, shopper } from './shopper.ts';
import { newVisitor, signIn, textsOf } from './visitor.ts';

const text = textsOf('en');
/** Pages hear of it within a second, or look again after twenty. */
const SOON = { timeout: 30_000 };

atConsole('people', {}, (at) => {
  it('get photos, which their header counts at once, and lose them again, after another look at who acts', async () => {
    const { browser, desk, server } = at;
    const { page, words, main, dialog, recoveryCodes } = desk;
    const user = await newVisitor(browser, server.url, 'en', 390);
    await signIn(user.page, server, text, 'lee@example.com');
    await user.page.goto(server.url);
    const left = user.page.getByTestId('photos-left');
    await left.waitFor();
    const before = await left.textContent();

    await page.getByLabel(words.find.label).fill('lee@example');
    await page.keyboard.press('Enter');
    await main.getByRole('link', { name: 'lee@example.com' }).click();
    await page.getByRole('heading', { name: 'lee@example.com' }).waitFor();
    await desk.ask(words.grant.label, { [words.grant.credits]: '7', [words.act.reason]: 'sorry for Monday' });
    await dialog.getByText(filled(words.grant.text, { who: 'lee@example.com', count: 7, days: 365 })).waitFor();
    await desk.expectAccessible();
    await desk.confirm(words.grant.label);
    await dialog.waitFor({ state: 'detached' });
    // With the three that are free today.
    await left.getByText(filled(text.left.credits_other, { count: 10 }), { exact: true }).waitFor();
    await desk.expectAccessible();

    // Twenty minutes later, money needs the second factor again; what was typed is still there, and is then done.
    await desk.ask(words.lot.revoke, { [words.act.reason]: 'it was Tuesday' });
    await age(server, 20);
    await desk.confirm(words.lot.revoke);
    await dialog.getByText(words.factor.again).waitFor();
    await desk.expectAccessible();
    await dialog.getByRole('button', { name: words.factor.lost }).click();
    await dialog.getByLabel(words.factor.recovery).fill(String(recoveryCodes.pop()));
    await desk.confirm(words.factor.show);
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => left.textContent(), SOON).toBe(before);
    // The button has gone with what it did; who came by keys is at the head of the page.
    await expect.poll(() => page.evaluate('document.activeElement?.tagName'), SOON).toBe('H1');

    await desk.expectAudited(['user.grant', 'sorry for Monday'], ['credits.revoke', 'it was Tuesday']);
    expectNoFaults(desk, 403);
    expectNoFaults(user);
    await user.leave();
  });

  it('get what an invite promises once an operator has approved one that looked as if it were for themselves', async () => {
    const { desk, server } = at;
    const { words, main } = desk;
    const inviter = await newShopper(server, 'anna@example.com');
    const { own } = InviteView.parse(await (await inviter.api('GET', '/invites')).json());
    // The friend signs up in the browser in which the inviter looked at their own link.
    const friend = openBrowser(server);
    friend.cookies.set('hili_invite', String(inviter.cookies.get('hili_invite')));
    await friend.call('GET', `/i/${own?.code}`);
    const bob = await shopper(server, friend, 'bob@example.com');
    await bob.pay(await bob.begin('photos-10'));
    await expect.poll(() => bob.available(), SOON).toBe(10);

    await desk.open('');
    await main.getByRole('link', { name: filled(words.tasks.invites_one, { count: 1 }) }).click();
    await main.getByText(words.invite.suspicion.device).waitFor();
    await desk.act(words.invite.approve);
    await main.getByText(words.table.noMatch).waitFor();
    expect([await inviter.available(), await bob.available()]).toEqual([3, 13]);
    await main.getByRole('link', { name: words.table.showAll }).click();
    await desk.row('anna@example.com').getByText(words.state.rewarded).waitFor();
    await desk.expectAudited(['invite.approve', 'invite']);
  });

  it('are signed out everywhere, shut out, and let in again', async () => {
    const { desk, server } = at;
    const { page, words, main } = desk;
    const eve = await newShopper(server, 'eve@example.com');
    await desk.open('users?q=eve');
    await main.getByRole('link', { name: eve.email }).click();
    await desk.act(words.user.signOut, { [words.act.reason]: 'a lost phone' });
    expect((await eve.me()).kind).toBe('guest');
    await desk.act(words.user.disable, { [words.act.reason]: 'a stolen card' });
    await main.getByText(filled(words.user.because, { reason: 'a stolen card' })).waitFor();
    await desk.expectAccessible();
    await expect(newShopper(server, eve.email)).rejects.toThrow();
    await desk.act(words.user.enable, { [words.act.reason]: 'it was not theirs' });
    expect((await (await newShopper(server, eve.email)).me()).kind).toBe('user');
    await desk.expectAudited(
      ['user.sign-out', 'a lost phone'],
      ['user.disable', 'a stolen card'],
      ['user.enable', 'it was not theirs'],
    );
    expect(await page.locator('h1').count()).toBe(1);
  });

  it('are saved as a file, the whole selection of it, that a spreadsheet opens', async () => {
    const { desk, server } = at;
    const { page, words, main } = desk;
    const made = Array.from({ length: 3 }, (_, at) => `csv.${at}@example.com`);
    for (const email of [...made, 'other@example.com']) await newShopper(server, email);
    await desk.open('users');
    await main.getByRole('searchbox', { name: words.table.search, exact: true }).fill('csv.');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/admin/users?q=csv.');
    await main.getByRole('link', { name: 'other@example.com' }).waitFor({ state: 'detached' });
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      main.getByRole('link', { name: words.table.csv }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/^users.*\.csv$/);
    const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^\ufeff.*email/);
    expect(lines.slice(1).map((line) => /csv\.\w+@example\.com/.exec(line)?.[0])).toEqual(made.toReversed());
    // The address says what is shown, and shows it again.
    await page.reload();
    await main.getByRole('link', { name: 'csv.1@example.com' }).waitFor();
    expect(await main.getByRole('link', { name: 'other@example.com' }).count()).toBe(0);
    await desk.expectAudited(['table.export', 'users']);
    expectNoFaults(desk, 403);
  });
});
