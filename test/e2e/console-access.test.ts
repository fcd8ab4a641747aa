import { createServer } from 'node:net';
import { ERRORS } from '@hili/contract';
import type { CDPSession } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { atSite } from './at-site.ts';
import { age, type Desk, expectNoFaults, newDesk, openDesk } from './desk.ts';
import { newShopper } from './shopper.ts';
import { signIn, textsOf, WORK_MS } from './visitor.ts';

/** A port that nobody has now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// Browsers know passkeys at names only, and this is one that is every machine's own.
const port = await freePort();
const SETTINGS = { WORKER: 'off', PORT: String(port), HILI_PUBLIC_URL: `http://localhost:${port}` };

atSite('the way into the console', { settings: SETTINGS }, (at) => {
  let desk: Desk;
  let device: CDPSession;
  let authenticatorId: string;

  beforeAll(async () => {
    desk = await newDesk(at.browser, at.server, 'passkey@example.com', 390);
    device = await desk.page.context().newCDPSession(desk.page);
    await device.send('WebAuthn.enable');
    ({ authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
        ...{ isUserVerified: true, automaticPresenceSimulation: true },
      },
    }));
  }, 2 * WORK_MS);

  it('is nothing to visitors and to users: the page that says so, with 404, and nothing from its API', async () => {
    const text = textsOf('en');
    const visitor = await at.visitor('en', 1440);
    const { page } = visitor;
    for (const who of ['visitor', 'user']) {
      if (who === 'user') await signIn(page, at.server, text, 'user@example.com');
      for (const path of ['/admin', '/admin/users', '/admin/partners/some.code']) {
        const response = await page.goto(at.server.url + path);
        expect([who, path, response?.status()]).toEqual([who, path, 404]);
        await page.getByRole('heading', { name: text.lost.title }).waitFor();
        await page.getByTestId('photos-left').waitFor();
      }
      expect((await page.request.get(`${at.server.url}/api/v1/admin/today`)).status()).toBe(404);
    }
    expectNoFaults(visitor, 404);
    await visitor.leave();
  });

  it('opens by a passkey, the first and only second factor of an operator', async () => {
    const { page, words, main } = desk;
    await desk.expectAccessible();
    await main.getByRole('button', { name: words.enrol.passkeyAdd, exact: true }).click();
    await page.getByRole('heading', { name: words.place.today }).waitFor();
    expect((await device.send('WebAuthn.getCredentials', { authenticatorId })).credentials).toHaveLength(1);
    await desk.open('security');
    await main.getByText(words.security.noApp).waitFor();
    await desk.expectAccessible();
  });

  it('asks for the passkey again before an act that costs money, which then goes on by itself, and after twelve hours', async () => {
    const { page, words, main, dialog } = desk;
    const lee = await newShopper(at.server, 'lee@example.com');
    const before = await lee.available();
    await desk.open('users?q=lee');
    await main.getByRole('link', { name: lee.email }).click();
    await age(at.server, 20);
    await desk.ask(words.grant.label, { [words.grant.credits]: '7', [words.act.reason]: 'sorry' });
    await desk.confirm(words.grant.label);
    await dialog.getByText(words.factor.again).waitFor();
    await desk.expectAccessible();
    expect(await lee.available()).toBe(before);

    // Touched by somebody whom the device does not know: a finger that is not the owner's.
    await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await desk.confirm(words.factor.passkey);
    await dialog.getByRole('alert').waitFor();
    await desk.expectAccessible();
    expect(await lee.available()).toBe(before);
    await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    await desk.confirm(words.factor.passkey);
    await dialog.waitFor({ state: 'detached' });
    expect(await lee.available()).toBe(before + 7);

    await age(at.server, 13 * 60);
    await page.goto(`${at.server.url}/admin/orders`);
    await page.getByRole('heading', { name: words.factor.title }).waitFor();
    await main.getByRole('button', { name: words.factor.passkey, exact: true }).click();
    await page.getByRole('heading', { name: words.place.orders }).waitFor();
    await desk.expectAudited(['operator.shown-passkey', 'operator'], ['user.grant', 'sorry']);
  });

  it('stays shut when the device has no passkey any more', async () => {
    const { page, words, main } = desk;
    await age(at.server, 13 * 60);
    await device.send('WebAuthn.clearCredentials', { authenticatorId });
    await page.reload();
    await page.getByRole('heading', { name: words.factor.title }).waitFor();
    await main.getByRole('button', { name: words.factor.passkey, exact: true }).click();
    await page.getByRole('alert').waitFor();
    await desk.expectAccessible();
    expect((await page.request.get(`${at.server.url}/api/v1/admin/today`)).status()).toBe(403);
    expectNoFaults(desk, 401, 403);
  });

  it('opens by an authenticator app, and by each recovery code once', async () => {
    const other = await openDesk(at.browser, at.server, 'app@example.com', 390);
    const { page, words, main, recoveryCodes } = other;
    expect(new Set(recoveryCodes).size).toBe(10);
    const code = String(recoveryCodes[0]);
    const show = async () => {
      await main.getByRole('button', { name: words.factor.lost, exact: true }).click();
      await page.getByLabel(words.factor.recovery).fill(code);
      await main.getByRole('button', { name: words.factor.show, exact: true }).click();
    };
    await age(at.server, 13 * 60);
    await page.goto(`${at.server.url}/admin/orders`);
    await page.getByRole('heading', { name: words.factor.title }).waitFor();
    await other.expectAccessible();
    await show();
    await page.getByRole('heading', { name: words.place.orders }).waitFor();
    await age(at.server, 13 * 60);
    await page.reload();
    await show();
    await page.getByRole('alert').getByText(ERRORS.SIGN_IN_FAILED.text.en).waitFor();
    await other.expectAccessible();
    expectNoFaults(other, 401, 403);
    await other.leave();
  });
});
