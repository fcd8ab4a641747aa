import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { codeIn, linkIn, mailTo } from '../../packages/server/test/mailbox.ts';
import { atSite } from './at-site.ts';
import { textsOf } from './visitor.ts';

atSite('an account', {}, (at) => {
  type Text = ReturnType<typeof textsOf>;
  const button = (page: Page, name: string) => page.getByRole('main').getByRole('button', { name, exact: true });

  async function askForCode(page: Page, text: Text, email: string) {
    await page.getByLabel(text.signIn.email).fill(email);
    await button(page, text.signIn.send).click();
    await page.getByLabel(text.signIn.code).waitFor();
  }

  it('says the same of a wrong code, of an unknown address and of a wrong password', async () => {
    const text = textsOf('en');
    const { page, expectAccessible, leave } = await at.visitor('en', 390);
    await page.goto(`${at.server.url}/sign-in`);
    await page.getByTestId('photos-left').waitFor();
    await askForCode(page, text, 'nobody@example.com');
    // No mail server is set here, and nobody shall wait for a mail.
    await page.getByText(text.signIn.unsent.code.replace('{email}', 'nobody@example.com')).first().waitFor();
    await page.getByLabel(text.signIn.code).fill('000000');
    await button(page, text.signIn.enter).click();
    const note = page.getByRole('alert').getByText(text.problem.SIGN_IN_FAILED.title);
    await note.waitFor();
    await button(page, text.signIn.withPassword).click();
    await page.getByLabel(text.signIn.password, { exact: true }).fill('not the password');
    await button(page, text.signIn.enter).click();
    await note.waitFor();
    await expectAccessible();
    await leave();
  });

  it('has its password set by a link from a mail, and another address by a code', async () => {
    const text = textsOf('en');
    const [email, moved] = ['forgetful@example.com', 'moved@example.com'];
    const { page, faults, expectAccessible, leave } = await at.visitor('en', 1440);
    // The address is typed before the script has come, as on a slow line, and stays.
    const { promise: late, resolve: come } = Promise.withResolvers<void>();
    await page.route('**/assets/*.js', (route) => late.then(() => route.continue()));
    await page.goto(`${at.server.url}/sign-in`, { waitUntil: 'commit' });
    await page.getByLabel(text.signIn.email).fill(email);
    come();
    await page.getByTestId('photos-left').waitFor();
    await button(page, text.signIn.send).click();
    await page.getByLabel(text.signIn.code).fill(codeIn(await mailTo(at.server.folder, email)));
    await button(page, text.signIn.enter).click();
    await page.getByRole('heading', { name: text.account.title, exact: true }).waitFor();

    await button(page, text.account.email.change).click();
    await page.getByLabel(text.account.email.new).fill(moved);
    await button(page, text.signIn.send).click();
    await page.getByLabel(text.signIn.code).fill(codeIn(await mailTo(at.server.folder, moved)));
    await button(page, text.account.save).click();
    await page.getByRole('main').getByText(moved, { exact: true }).waitFor();

    await page.getByRole('banner').locator('summary').filter({ hasText: text.nav.account }).click();
    await expectAccessible();
    await page.getByRole('banner').getByRole('button', { name: text.nav.signOut }).click();
    await page.getByRole('banner').getByRole('link', { name: text.nav.signIn }).click();
    await button(page, text.signIn.withPassword).click();
    await button(page, text.signIn.forgotten).click();
    await page.getByLabel(text.signIn.email).fill(moved);
    await button(page, text.signIn.forgottenSend).click();
    await page.getByText(text.signIn.unsent.link.replace('{email}', moved)).waitFor();
    await page.goto(linkIn(await mailTo(at.server.folder, moved, 2)));
    await page.getByTestId('photos-left').waitFor();
    await page.getByLabel(text.reset.password).fill('a short sentence');
    await expectAccessible();
    await button(page, text.reset.save).click();
    await page.getByText(text.account.password.has).waitFor();
    expect(faults).toEqual([]);
    await leave();
  });
});
