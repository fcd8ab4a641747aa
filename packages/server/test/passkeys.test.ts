import { AccountView, PasskeyView, SignInWays } from '@hili/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeOf } from './answers.ts';
import { openAuthenticator } from './authenticator.ts';
import { type Browser, newEmail, openBrowser } from './browser.ts';
import { openTestApp, type TestApp } from './test-app.ts';

const SITE = 'https://photo.example';
let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ HILI_PUBLIC_URL: `${SITE}/` });
});
afterAll(() => app.close());

const optionsOf = async (browser: Browser, path: string) =>
  (await (await browser.api('POST', path)).json()) as { challenge: string };
const enter = async (browser: Browser, key: ReturnType<typeof openAuthenticator>) => {
  const response = key.get(await optionsOf(browser, '/sign-in/passkey/options'));
  return browser.api('POST', '/sign-in/passkey', { response });
};

async function memberWithPasskey() {
  const person = openBrowser(app);
  const email = newEmail();
  await person.enter(email);
  const key = openAuthenticator(SITE);
  const response = key.create(await optionsOf(person, '/account/passkeys/options'));
  const made = await person.api('POST', '/account/passkeys', { response, name: 'My phone' });
  expect(made.status).toBe(201);
  return { person, email, key, passkey: PasskeyView.parse(await made.json()) };
}

it('offers passkeys where the site has a name', async () => {
  expect(SignInWays.parse(await (await openBrowser(app).api('GET', '/sign-in-ways')).json()).passkey).toBe(true);
});

it('signs in by a passkey, without an address being typed', async () => {
  const { email, key, person, passkey } = await memberWithPasskey();
  const { passkeys } = AccountView.parse(await (await person.api('GET', '/account')).json());
  expect(passkeys).toMatchObject([{ id: passkey.id, name: 'My phone' }]);
  const other = openBrowser(app);
  expect(await (await enter(other, key)).json()).toMatchObject({ kind: 'user', account: { email } });
  expect(await other.me()).toMatchObject({ account: { email } });
});

it('behind https sends its cookies over https only', async () => {
  const { person } = await memberWithPasskey();
  expect([...person.cookies.keys()].some((name) => name.startsWith('__Secure-hili.'))).toBe(true);
  const response = await person.api('POST', '/sign-in/passkey/options');
  for (const cookie of response.headers.getSetCookie()) expect(cookie).toMatch(/; HttpOnly; Secure; SameSite=Lax$/i);
});

it('takes each challenge once, from the browser that asked for it, and for this site only', async () => {
  const { key } = await memberWithPasskey();
  const browser = openBrowser(app);
  const answer = key.get(await optionsOf(browser, '/sign-in/passkey/options'));
  const thief = openBrowser(app);
  expect(await codeOf(thief.api('POST', '/sign-in/passkey', { response: answer }))).toBe('SIGN_IN_FAILED');
  const held = new Map(browser.cookies);
  expect((await browser.api('POST', '/sign-in/passkey', { response: answer })).status).toBe(200);
  for (const [name, value] of held) thief.cookies.set(name, value);
  expect(await codeOf(thief.api('POST', '/sign-in/passkey', { response: answer }))).toBe('SIGN_IN_FAILED');

  const elsewhere = openAuthenticator('https://evil.example');
  elsewhere.create({ challenge: 'x' });
  expect(await codeOf(enter(openBrowser(app), elsewhere))).toBe('SIGN_IN_FAILED');
  const signedElsewhere = {
    ...answer,
    response: { ...answer.response, ...elsewhere.get({ challenge: 'x' }).response },
  };
  expect(await codeOf(openBrowser(app).api('POST', '/sign-in/passkey', { response: signedElsewhere }))).toBe(
    'SIGN_IN_FAILED',
  );
});

it('refuses a malformed passkey, and one for somebody else', async () => {
  const { person } = await memberWithPasskey();
  await optionsOf(person, '/account/passkeys/options');
  const response = { id: 'x', rawId: 'x', type: 'public-key', clientExtensionResults: {}, response: {} };
  expect(await codeOf(person.api('POST', '/account/passkeys', { response, name: 'x' }))).toBe('BAD_REQUEST');
  const stranger = openBrowser(app);
  await stranger.enter(newEmail());
  const { id } = AccountView.parse(await (await person.api('GET', '/account')).json()).passkeys[0]!;
  expect(await codeOf(stranger.api('DELETE', `/account/passkeys/${id}`))).toBe('DATA_NOT_FOUND');
  expect(await codeOf(person.api('DELETE', '/account/passkeys/x'))).toBe('DATA_NOT_FOUND');
});

it('signs nobody in by a passkey that was removed', async () => {
  const { person, key, passkey } = await memberWithPasskey();
  expect((await person.api('DELETE', `/account/passkeys/${passkey.id}`)).status).toBe(204);
  expect(await codeOf(enter(openBrowser(app), key))).toBe('SIGN_IN_FAILED');
});
