import { readFile } from 'node:fs/promises';
import { ERRORS, InviteView, OrderView } from '@hili/contract';
import { openPartner } from '@hili/sdk/partner';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../packages/server/src/config.ts';
import { openDatabase } from '../../packages/server/src/database.ts';
import { openLog } from '../../packages/server/src/log.ts';
import { openBrowser } from '../../packages/server/test/browser.ts';
import { openTotp } from '../../packages/server/test/operator.ts';
import { browserPath } from '../browser.ts';
import { consoleTextsOf, filled } from './console-texts.ts';
import { type RunningServer, startServer } from './server.ts';
import { launchOptions, newVisitor, signIn, textsOf, WORK_MS } from './visitor.ts';

const executablePath = browserPath();
const PLACES = [
  ...['jobs', 'complaints', 'users', 'partners', 'invites', 'orders', 'issues', 'transfers', 'rebates', 'batches'],
  ...['fapiao', 'ledger', 'models', 'settings', 'audit', 'security'],
] as const;
const OPERATOR = 'operator@example.com';
const text = textsOf('en');
const words = consoleTextsOf('en');

describe.skipIf(!executablePath)('the console', { timeout: WORK_MS }, () => {
  let browser: Browser;
  let server: RunningServer;
  let mailbox: RunningServer & Parameters<typeof openBrowser>[0];
  /** Of the operator who acts in what follows. */
  let recoveryCodes: string[] = [];
  let signedIn: Awaited<ReturnType<BrowserContext['storageState']>> | undefined;

  beforeAll(async () => {
    server = await startServer({ WORKER: 'off' });
    // It asks for no more of an app than where it is, and where its mails are.
    mailbox = server as typeof mailbox;
    browser = await chromium.launch(launchOptions(executablePath));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const main = (page: Page) => page.getByRole('main');
  const act = (page: Page, name: string) => main(page).getByRole('button', { name, exact: true });
  const dialog = (page: Page) => page.getByRole('alertdialog');
  const confirm = (page: Page, name: string) => dialog(page).getByRole('button', { name, exact: true }).click();

  /** Signs an operator in and joins an authenticator app. @returns the recovery codes. */
  async function enrol(page: Page, email: string, said = words, site = text): Promise<string[]> {
    await server.hili('operator', 'create', '--email', email);
    await signIn(page, server, site, email);
    await page.goto(`${server.url}/admin`);
    await page.getByRole('img', { name: said.enrol.qr }).locator('path').waitFor();
    const secret = String(await main(page).locator('code').textContent()).replaceAll(' ', '');
    const totp = openTotp({ clock: () => new Date() } as Parameters<typeof openTotp>[0], secret);
    await page.getByLabel(said.factor.totp).fill(totp.code());
    await act(page, said.enrol.prove).click();
    await page.getByRole('heading', { name: said.recovery.title }).waitFor();
    return main(page).locator('ol li').allTextContents();
  }
  /** The operator at the console; signed in and set up the first time. */
  async function openConsole(width: 390 | 1440 = 1440) {
    const visitor = await newVisitor(browser, server.url, 'en', width, { storageState: signedIn });
    const { page } = visitor;
    if (signedIn === undefined) {
      recoveryCodes = await enrol(page, OPERATOR);
      await page.getByRole('checkbox', { name: words.recovery.kept }).check();
      await act(page, words.recovery.on).click();
      await page.getByRole('heading', { name: words.place.today }).waitFor();
      signedIn = await page.context().storageState();
    }
    await page.goto(`${server.url}/admin`);
    return visitor;
  }
  /** Somebody with an account, who speaks to the API as the page does. */
  async function member(email: string) {
    const person = openBrowser(mailbox);
    await person.enter(email);
    return person;
  }
  /** Lets so many minutes pass since any second factor was shown. */
  async function age(minutes: number): Promise<void> {
    const config = loadConfig({ ...process.env, HILI_DATA: server.folder });
    const { pool, close } = await openDatabase(config, openLog('silent', 'test'));
    await pool.query('update step_up set at = at - make_interval(mins => $1)', [minutes]);
    await close();
  }

  it.each([
    ['zh', 390, 'dark'],
    ['fr', 1440, 'light'],
  ] as const)(
    'is set up by an authenticator app and has pages without obstacles and sideways scrolling, in %s at %i px',
    // Seventeen pages, each looked through.
    { timeout: 2 * WORK_MS },
    async (language, width, colorScheme) => {
      const said = consoleTextsOf(language);
      const { page, faults, expectAccessible, leave } = await newVisitor(browser, server.url, language, width, {
        colorScheme,
      });
      const codes = await enrol(page, `operator.${language}@example.com`, said, textsOf(language));
      expect(new Set(codes).size).toBe(10);
      await expectAccessible();
      await page.getByRole('checkbox', { name: said.recovery.kept }).check();
      await act(page, said.recovery.on).click();
      await main(page).getByText(said.verdict.noWorkers).waitFor();
      await page.locator('canvas').first().waitFor();
      await expectAccessible();
      for (const place of PLACES) {
        await page.goto(`${server.url}/admin/${place}`);
        await page.getByRole('heading', { name: said.place[place], level: 1 }).waitFor();
        await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
        expect(await page.title()).toBe(filled(said.title, { page: said.place[place] }));
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), place).toBe(0);
        await expectAccessible();
      }
      expect(faults).toEqual([]);
      await leave();
    },
  );

  it('is nothing to visitors and to users: the page that says so, with 404, and nothing from its API', async () => {
    const { page, faults, leave } = await newVisitor(browser, server.url, 'en', 1440);
    for (const who of ['visitor', 'user']) {
      if (who === 'user') await signIn(page, server, text, 'user@example.com');
      for (const path of ['/admin', '/admin/users', '/admin/partners/some.code']) {
        const response = await page.goto(server.url + path);
        expect([who, path, response?.status()]).toEqual([who, path, 404]);
        await page.getByRole('heading', { name: text.lost.title }).waitFor();
        await page.getByTestId('photos-left').waitFor();
      }
      expect((await page.request.get(`${server.url}/api/v1/admin/today`)).status()).toBe(404);
    }
    // The browser itself says of a page that it was answered with 404.
    expect(faults.filter((fault) => !/Failed to load resource.*404/.test(fault))).toEqual([]);
    await leave();
  });

  it('gives a user photos, which their header counts at once, and takes them back', async () => {
    const { page, faults, expectAccessible, leave } = await openConsole();
    const user = await newVisitor(browser, server.url, 'en', 390);
    await signIn(user.page, server, text, 'lee@example.com');
    await user.page.goto(server.url);
    const left = user.page.getByTestId('photos-left');
    await left.waitFor();
    const before = await left.textContent();

    await page.getByLabel(words.find.label).fill('lee@example');
    await page.keyboard.press('Enter');
    await main(page).getByRole('link', { name: 'lee@example.com' }).click();
    await page.getByRole('heading', { name: 'lee@example.com' }).waitFor();
    await act(page, words.grant.label).click();
    await dialog(page).getByLabel(words.grant.credits, { exact: true }).fill('7');
    await dialog(page).getByLabel(words.act.reason).fill('sorry for Monday');
    await dialog(page)
      .getByText(filled(words.grant.text, { who: 'lee@example.com', count: 7, days: 365 }))
      .waitFor();
    await expectAccessible();
    await confirm(page, words.grant.label);
    await dialog(page).waitFor({ state: 'detached' });
    // With the three that are free today.
    await left.getByText(filled(text.left.credits_other, { count: 10 }), { exact: true }).waitFor();

    await expectAccessible();
    await act(page, words.lot.revoke).click();
    await dialog(page).getByLabel(words.act.reason).fill('it was Tuesday');
    // Twenty minutes later, money needs the second factor again; what was typed is still there, and is then done.
    await age(20);
    await confirm(page, words.lot.revoke);
    await dialog(page).getByText(words.factor.again).waitFor();
    await expectAccessible();
    await dialog(page).getByRole('button', { name: words.factor.lost }).click();
    await dialog(page).getByLabel(words.factor.recovery).fill(String(recoveryCodes.pop()));
    await dialog(page).getByRole('button', { name: words.factor.show, exact: true }).click();
    await dialog(page).waitFor({ state: 'detached' });
    await expect.poll(() => left.textContent(), { timeout: 10_000 }).toBe(before);

    await page.goto(`${server.url}/admin/audit`);
    await main(page).getByText('sorry for Monday').waitFor();
    await main(page).getByText('it was Tuesday').waitFor();
    expect(faults.filter((fault) => !/Failed to load resource.*403/.test(fault))).toEqual([]);
    expect(user.faults).toEqual([]);
    await user.leave();
    await leave();
  });

  it('makes a partner, whose secret is shown once and works at once', async () => {
    const { page, faults, expectAccessible, leave } = await openConsole(390);
    await page.goto(`${server.url}/admin/partners`);
    await act(page, words.partner.new).click();
    await dialog(page).getByLabel(words.partner.name).fill('Hili Ad');
    await dialog(page).getByLabel(words.partner.code).fill('hili.ad');
    await dialog(page).getByLabel(words.act.reason).fill('contract 17');
    await confirm(page, words.partner.new);
    const secret = String(await dialog(page).getByTestId('secret').textContent());
    await expectAccessible();
    await confirm(page, words.act.close);
    expect(await page.content()).not.toContain(secret);

    await page.goto(`${server.url}/admin/partners/hili.ad`);
    await act(page, words.grant.label).click();
    await dialog(page).getByLabel(words.grant.credits, { exact: true }).fill('200');
    await dialog(page).getByLabel(words.act.reason).fill('invoice 17');
    await confirm(page, words.grant.label);
    await dialog(page).waitFor({ state: 'detached' });
    await page.locator('canvas').waitFor();
    await expectAccessible();
    const partner = openPartner({ server: server.url, code: 'hili.ad', secret });
    expect(await partner.creditsLeft()).toBe(200);

    await act(page, words.partner.disable).click();
    await dialog(page).getByLabel(words.act.reason).fill('the contract is over');
    await confirm(page, words.partner.disable);
    await act(page, words.partner.enable).waitFor();
    await expect(partner.creditsLeft()).rejects.toThrow();
    expect(faults).toEqual([]);
    await leave();
  });

  it('approves an invite that looked as if somebody had invited themselves, and both get their photos', async () => {
    const inviter = await member('anna@example.com');
    const { own } = InviteView.parse(await (await inviter.api('GET', '/invites')).json());
    // The friend signs up in the browser in which the inviter looked at their own link.
    const friend = openBrowser(mailbox);
    friend.cookies.set('hili_invite', String(inviter.cookies.get('hili_invite')));
    await friend.call('GET', `/i/${own?.code}`);
    await friend.enter('bob@example.com');
    const wish = { package: 'photos-10', provider: 'wechat-sim' };
    const { payment } = OrderView.parse(await (await friend.api('POST', '/orders', wish)).json());
    await fetch(`${server.url}/demo/wechat`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ code: payment?.kind === 'qr' ? payment.code : '', act: 'pay' }),
    });
    const credits = async (who: typeof inviter) => (await who.me()).credits.available;
    await expect.poll(() => credits(friend), { timeout: 20_000 }).toBe(10);

    const { page, faults, leave } = await openConsole();
    await main(page)
      .getByRole('link', { name: filled(words.tasks.invites_one, { count: 1 }) })
      .click();
    await main(page).getByText(words.invite.suspicion.device).waitFor();
    await act(page, words.invite.approve).click();
    await confirm(page, words.invite.approve);
    await main(page).getByText(words.table.none).waitFor();
    expect(await credits(inviter)).toBe(3);
    expect(await credits(friend)).toBe(13);
    expect(faults).toEqual([]);
    await leave();
  });

  it('saves the whole selection of a table as a file that a spreadsheet opens', async () => {
    for (const name of ['csv.one', 'csv.two', 'other']) await member(`${name}@example.com`);
    const { page, faults, leave } = await openConsole();
    await page.goto(`${server.url}/admin/users`);
    await main(page).getByRole('searchbox', { name: words.table.search, exact: true }).fill('csv.');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/admin/users?q=csv.');
    await main(page).getByRole('link', { name: 'other@example.com' }).waitFor({ state: 'detached' });
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      main(page).getByRole('link', { name: words.table.csv }).click(),
    ]);
    const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^\ufeff.*email/);
    expect(lines.slice(1).map((line) => /csv\.\w+@example\.com/.exec(line)?.[0])).toEqual([
      'csv.two@example.com',
      'csv.one@example.com',
    ]);
    // The address says what is shown, and shows it again.
    await page.reload();
    await main(page).getByRole('link', { name: 'csv.one@example.com' }).waitFor();
    expect(await main(page).getByRole('link', { name: 'other@example.com' }).count()).toBe(0);
    expect(faults).toEqual([]);
    await leave();
  });

  it('asks for the second factor again after twelve hours, and takes each recovery code once', async () => {
    const { page, faults, expectAccessible, leave } = await openConsole(390);
    await page.getByRole('heading', { name: words.place.today }).waitFor();
    await age(13 * 60);
    await page.goto(`${server.url}/admin/orders`);
    await page.getByRole('heading', { name: words.factor.title }).waitFor();
    await expectAccessible();
    const code = String(recoveryCodes.pop());
    await act(page, words.factor.lost).click();
    await page.getByLabel(words.factor.recovery).fill(code);
    await act(page, words.factor.show).click();
    await page.getByRole('heading', { name: words.place.orders }).waitFor();
    await age(13 * 60);
    await page.reload();
    await act(page, words.factor.lost).click();
    await page.getByLabel(words.factor.recovery).fill(code);
    await act(page, words.factor.show).click();
    await page.getByRole('alert').getByText(ERRORS.SIGN_IN_FAILED.text.en).waitFor();
    await expectAccessible();
    expect(faults.filter((fault) => !/Failed to load resource.*40[013]/.test(fault))).toEqual([]);
    await leave();
  });
});
