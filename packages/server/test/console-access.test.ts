import { AdminAccess, RecoveryCodes } from '@hili/contract/admin';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { consoleRoutes } from '../src/routes/admin/console.ts';
import { codeOf } from './answers.ts';
import { openAuthenticator } from './authenticator.ts';
import { newEmail, openBrowser } from './browser.ts';
import { enrol, newOperator, openOperator } from './operator.ts';
import { openTestApp, type TestApp } from './test-app.ts';

const SITE = 'https://photo.example';
let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ HILI_PUBLIC_URL: SITE });
});
afterAll(() => app.close());

/** A server of its own, for what turns the clock: sign-ins are dated by the machine's. */
async function withOwnClock(work: (own: TestApp) => Promise<void>): Promise<void> {
  const own = await openTestApp({ HILI_PUBLIC_URL: SITE });
  await work(own).finally(() => own.close());
}
const access = async (response: Response | Promise<Response>) => AdminAccess.parse(await (await response).json());

/** Every route of the console, with something in the place of its parameters. */
const routes = () =>
  consoleRoutes(app)
    .routes.filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => ({ method, path: path.replace(/:\w+/g, '00000000-0000-4000-8000-000000000000') }));
const withBody = (method: string) => (method === 'GET' ? undefined : {});

it('has nothing for visitors and users at any of its addresses, as where nothing is', async () => {
  const visitor = openBrowser(app);
  const user = openBrowser(app);
  await user.enter(newEmail());
  expect(routes().length).toBeGreaterThan(40);
  const shape = async (response: Response) => {
    const headers = [...response.headers.keys()].filter((name) => name !== 'set-cookie').sort();
    return { status: response.status, body: await response.json(), headers };
  };
  for (const somebody of [visitor, user]) {
    const nothing = await shape(await somebody.api('GET', '/nothing-here'));
    expect(nothing.status).toBe(404);
    for (const { method, path } of routes())
      expect(await shape(await somebody.api(method, `/admin${path}`, withBody(method))), `${method} ${path}`).toEqual(
        nothing,
      );
  }
});

it('lets an operator without a second factor only set one up, and sends no page of another site through', async () => {
  const { admin, browser, email } = await newOperator(app);
  for (const { method, path } of routes()) {
    if (path.startsWith('/access')) continue;
    expect(await codeOf(admin(method, path, withBody(method))), `${method} ${path}`).toBe('SECOND_FACTOR_NEEDED');
  }
  expect(await access(admin('GET', '/access'))).toEqual({
    email,
    passkeys: 0,
    totp: false,
    recoveryCodesLeft: 0,
    consoleUntil: null,
    moneyUntil: null,
  });
  expect(await codeOf(admin('POST', '/access/recovery/new'))).toBe('SECOND_FACTOR_NEEDED');
  const foreign = browser.api('POST', '/admin/access/totp/new', {}, { 'sec-fetch-site': 'cross-site' });
  expect(await codeOf(foreign)).toBe('FORBIDDEN_ORIGIN');
});

it('opens by a code of an authenticator app, takes each code once, and asks again after 12 hours and, for money, 15 minutes', () =>
  withOwnClock(async (own) => {
    const { admin, browser } = await newOperator(own);
    const { totp, codes } = await enrol(own, admin);
    expect(codes).toHaveLength(10);
    expect(await access(admin('GET', '/access'))).toMatchObject({ totp: true, recoveryCodesLeft: 10 });
    expect((await admin('GET', '/today')).status).toBe(200);

    const money = () => admin('PUT', '/settings/FREE_PER_DAY', { value: '3', reason: 'test' });
    expect((await money()).status).toBe(200);
    own.later(15 * 60 + 1);
    expect(await codeOf(money())).toBe('SECOND_FACTOR_NEEDED');
    expect((await admin('GET', '/today')).status).toBe(200);
    const code = totp.code();
    const shown = await access(admin('POST', '/access/totp', { code }));
    expect(shown.moneyUntil).not.toBeNull();
    expect(await codeOf(admin('POST', '/access/totp', { code }))).toBe('SIGN_IN_FAILED');
    expect(await codeOf(admin('POST', '/access/totp', { code: '000000' }))).toBe('SIGN_IN_FAILED');
    expect((await money()).status).toBe(200);
    own.later(12 * 3600 + 1);
    expect(await codeOf(admin('GET', '/today'))).toBe('SECOND_FACTOR_NEEDED');

    const other = openBrowser(own);
    for (const [name, value] of browser.cookies) other.cookies.set(name, value);
    await admin('POST', '/access/totp', { code: totp.code() });
    await browser.api('POST', '/sign-out');
    expect((await other.api('GET', '/admin/access')).status).toBe(404);
  }));

it('lets one session show a factor for itself only', async () => {
  const { email, totp } = await openOperator(app);
  const second = openBrowser(app);
  await second.enter(email);
  expect(await codeOf(second.api('GET', '/admin/today'))).toBe('SECOND_FACTOR_NEEDED');
  await second.api('POST', '/admin/access/totp', { code: totp.code() });
  expect((await second.api('GET', '/admin/today')).status).toBe(200);
});

it('opens by a recovery code, each once, however it is typed', () =>
  withOwnClock(async (own) => {
    const { admin, codes, totp } = await openOperator(own);
    own.later(13 * 3600);
    const [first = '', second = ''] = codes;
    const typed = ` ${first.toLowerCase().replace('-', ' ')} `;
    const tries = await Promise.all([1, 2, 3].map(() => admin('POST', '/access/recovery', { code: typed })));
    expect(tries.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    expect((await admin('GET', '/today')).status).toBe(200);
    const fresh = RecoveryCodes.parse(await (await admin('POST', '/access/recovery/new')).json()).codes;
    expect(await codeOf(admin('POST', '/access/recovery', { code: second }))).toBe('SIGN_IN_FAILED');
    expect((await admin('POST', '/access/recovery', { code: fresh[0] })).status).toBe(200);
    expect((await admin('DELETE', '/access/totp')).status).toBe(204);
    expect(await access(admin('GET', '/access'))).toMatchObject({ totp: false, recoveryCodesLeft: 0 });
    expect(await codeOf(admin('POST', '/access/totp', { code: totp.code() }))).toBe('SIGN_IN_FAILED');
  }));

it('does not let who has only the password add a second factor, or take one away', async () => {
  const { email, admin } = await openOperator(app);
  const thief = openBrowser(app);
  await thief.enter(email);
  expect(await codeOf(thief.api('POST', '/admin/access/totp/new'))).toBe('SECOND_FACTOR_NEEDED');
  expect(await codeOf(thief.api('DELETE', '/admin/access/totp'))).toBe('SECOND_FACTOR_NEEDED');
  expect(await codeOf(thief.api('POST', '/account/passkeys/options'))).toBe('SECOND_FACTOR_NEEDED');
  expect(await codeOf(thief.api('DELETE', '/account/passkeys/00000000-0000-4000-8000-000000000000'))).toBe(
    'SECOND_FACTOR_NEEDED',
  );
  expect(await codeOf(admin('POST', '/access/totp/new'))).toBe('BAD_REQUEST');
});

it('opens by a passkey that is the operator’s own and has verified its user, and keeps the session', async () => {
  const { browser, admin } = await newOperator(app);
  const key = openAuthenticator(SITE);
  const made = key.create(
    (await (await browser.api('POST', '/account/passkeys/options')).json()) as { challenge: string },
  );
  expect((await browser.api('POST', '/account/passkeys', { response: made, name: 'Key' })).status).toBe(201);
  expect(await codeOf(admin('GET', '/today'))).toBe('SECOND_FACTOR_NEEDED');
  const ask = async () =>
    (await (await admin('POST', '/access/passkey/options')).json()) as { challenge: string; userVerification: string };
  const options = await ask();
  expect(options.userVerification).toBe('required');
  const before = new Map(browser.cookies);
  const shown = await access(admin('POST', '/access/passkey', { response: key.get(options) }));
  expect(shown).toMatchObject({ passkeys: 1, totp: false });
  expect(shown.moneyUntil).not.toBeNull();
  for (const [name, value] of before) if (name.includes('session')) expect(browser.cookies.get(name)).toBe(value);

  const other = await newOperator(app);
  const otherKey = openAuthenticator(SITE);
  const otherMade = otherKey.create(
    (await (await other.browser.api('POST', '/account/passkeys/options')).json()) as { challenge: string },
  );
  await other.browser.api('POST', '/account/passkeys', { response: otherMade, name: 'Key' });
  const stolen = key.get(
    (await (await other.admin('POST', '/access/passkey/options')).json()) as { challenge: string },
  );
  expect(await codeOf(other.admin('POST', '/access/passkey', { response: stolen }))).toBe('SIGN_IN_FAILED');
  expect(await codeOf(other.admin('GET', '/today'))).toBe('SECOND_FACTOR_NEEDED');
});

it('counts tries, right ones too, and asks for a new sign-in before a first factor when the last was long ago', () =>
  withOwnClock(async (own) => {
    const late = await newOperator(own);
    const { admin, totp } = await openOperator(own);
    const tries: number[] = [];
    for (let n = 0; n < 20; n += 1) tries.push((await admin('POST', '/access/totp', { code: '123456' })).status);
    expect(tries[0]).toBe(401);
    expect(tries.at(-1)).toBe(429);
    expect((await admin('POST', '/access/totp', { code: totp.code() })).status).toBe(429);
    own.later(3601);
    expect(await codeOf(late.admin('POST', '/access/totp/new'))).toBe('SIGN_IN_AGAIN');
  }));
