import { Problem, ProviderAddress, SignInWays } from '@hili/contract';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { type Browser, newEmail, openBrowser } from './browser.ts';
import { codeIn, mailTo } from './mailbox.ts';
import { openOidcProvider } from './oidc-provider.ts';
import { openTestApp, type TestApp } from './test-app.ts';

let app: TestApp;
const provider = await openOidcProvider();
beforeAll(async () => {
  app = await openTestApp({
    OIDC_ISSUER: `${provider.issuer}/`,
    OIDC_CLIENT_ID: 'hili',
    OIDC_CLIENT_SECRET: 'a secret of the client',
    OIDC_NAME: 'Our club',
    WECHAT_APP_ID: 'wx1234',
    WECHAT_APP_SECRET: 'a secret of the app',
  });
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await app.close();
  await provider.close();
});

const rows = async (sql: string, values: unknown[] = []) => (await app.pool.query(sql, values)).rows;
async function start(browser: Browser, way: 'oidc' | 'wechat', returnTo = '/user'): Promise<string> {
  return ProviderAddress.parse(await (await browser.api('POST', `/sign-in/${way}`, { returnTo })).json()).url;
}
/** The whole way by the provider. @returns where the browser ends. */
async function byOidc(browser: Browser, returnTo?: string): Promise<string> {
  const response = await browser.call('GET', provider.agree(await start(browser, 'oidc', returnTo)));
  expect(response.status).toBe(302);
  return String(response.headers.get('location'));
}

it('shows both buttons once both are configured', async () => {
  const ways = SignInWays.parse(await (await openBrowser(app).api('GET', '/sign-in-ways')).json());
  expect(ways).toMatchObject({ wechat: true, oidc: { name: 'Our club' } });
});

it('signs in by the operator’s own provider, and knows the person again', async () => {
  const email = newEmail();
  provider.becomes({ sub: 'a', email, email_verified: true, name: 'Ada' });
  const browser = openBrowser(app);
  expect(await byOidc(browser)).toBe('/user');
  expect(await browser.me()).toMatchObject({ kind: 'user', account: { email, name: 'Ada' } });
  const again = openBrowser(app);
  await byOidc(again);
  expect(await rows('select count(*)::int as users from auth."user" where email = $1', [email])).toEqual([
    { users: 1 },
  ]);
  expect(
    await rows(`select "accessToken", "refreshToken", "idToken" from auth.account where "accountId" = 'a'`),
  ).toEqual([{ accessToken: null, refreshToken: null, idToken: null }]);
});

it('keeps what a guest had when they come back from the provider', async () => {
  const guest = openBrowser(app);
  await guest.me();
  expect([...guest.cookies.keys()]).toEqual(['hili']);
  provider.becomes({ sub: 'guest', email: newEmail(), email_verified: true });
  await byOidc(guest);
  expect(await guest.me()).toMatchObject({ kind: 'user' });
  expect([...guest.cookies.keys()]).not.toContain('hili');
});

it('joins an account of the same proven address, and never one that the provider did not prove', async () => {
  const email = newEmail();
  await openBrowser(app).enter(email);
  provider.becomes({ sub: 'unproven', email, email_verified: false });
  const stranger = openBrowser(app);
  expect(await byOidc(stranger)).toMatch(/^\/sign-in\?error=account_not_linked/);
  expect((await stranger.me()).kind).toBe('guest');
  provider.becomes({ sub: 'proven', email, email_verified: true });
  const owner = openBrowser(app);
  expect(await byOidc(owner)).toBe('/user');
  expect(await owner.me()).toMatchObject({ account: { email } });
});

it('refuses a forged token, a state that it did not give, and a browser that did not begin', async () => {
  provider.becomes({ sub: 'forged', email: newEmail(), email_verified: true }, true);
  const browser = openBrowser(app);
  expect(await byOidc(browser)).toMatch(/^\/sign-in\?error=/);
  provider.becomes({ sub: 'honest', email: newEmail(), email_verified: true });
  const begun = provider.agree(await start(browser, 'oidc'));
  const thief = openBrowser(app);
  for (const address of [begun, begun.replace(/state=[^&]*/, 'state=made-up')]) {
    const response = await thief.call('GET', address);
    expect(String(response.headers.get('location'))).toMatch(/\/sign-in\?error=/);
    expect((await thief.me()).kind).toBe('guest');
  }
  expect((await browser.me()).kind).toBe('guest');
});

it('comes back to a page of this site only', async () => {
  const browser = openBrowser(app);
  for (const returnTo of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    const response = await browser.api('POST', '/sign-in/oidc', { returnTo });
    expect(Problem.parse(await response.json()), returnTo).toMatchObject({ code: 'BAD_REQUEST', field: 'returnTo' });
  }
});

/** WeChat's two addresses, which are fixed, as its documents describe them. */
function simulateWechat(profile: Record<string, unknown>) {
  vi.restoreAllMocks();
  const real = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    if (url.host !== 'api.weixin.qq.com') return real(input, init);
    const { openid, unionid } = profile;
    if (url.pathname === '/sns/oauth2/access_token') {
      if (url.searchParams.get('code') !== 'scanned') return Response.json({ errcode: 40029, errmsg: 'invalid code' });
      return Response.json({
        access_token: 'a',
        expires_in: 7200,
        refresh_token: 'r',
        openid,
        unionid,
        scope: 'snsapi_login',
      });
    }
    return Response.json(profile);
  });
}
async function byWechat(browser: Browser, code = 'scanned'): Promise<string> {
  const state = new URL(await start(browser, 'wechat')).searchParams.get('state');
  const response = await browser.call('GET', `/api/v1/auth/callback/wechat?code=${code}&state=${state}`);
  return String(response.headers.get('location'));
}

it('shows WeChat’s QR code, and signs in whoever scanned it, without an address', async () => {
  const browser = openBrowser(app);
  const address = new URL(await start(browser, 'wechat'));
  expect(address.origin + address.pathname).toBe('https://open.weixin.qq.com/connect/qrconnect');
  expect(Object.fromEntries(address.searchParams)).toMatchObject({
    appid: 'wx1234',
    scope: 'snsapi_login',
    redirect_uri: `${app.url}/api/v1/auth/callback/wechat`,
  });
  simulateWechat({ openid: 'o1', unionid: 'u1', nickname: '小明', headimgurl: 'https://thirdwx.qlogo.cn/x' });
  expect(await byWechat(browser)).toBe('/user');
  expect(await browser.me()).toMatchObject({ kind: 'user', account: { email: null, name: '小明' } });
  expect(
    await rows(`select u.image from auth."user" u join auth.account a on a."userId" = u.id where a."accountId" = 'u1'`),
  ).toEqual([{ image: null }]);
  const again = openBrowser(app);
  simulateWechat({ openid: 'o2-of-another-app', unionid: 'u1', nickname: '小明' });
  await byWechat(again);
  expect(await rows(`select count(*)::int as users from auth.account where "providerId" = 'wechat'`)).toEqual([
    { users: 1 },
  ]);
});

it('refuses a WeChat sign-in without the id that stays the same, and one that was not scanned', async () => {
  const browser = openBrowser(app);
  simulateWechat({ openid: 'o3', nickname: '无' });
  expect(await byWechat(browser)).toMatch(/^\/sign-in\?error=wechat_unionid_missing/);
  expect(await byWechat(browser, 'never-scanned')).toMatch(/^\/sign-in\?error=/);
  expect((await browser.me()).kind).toBe('guest');
});

it('lets an account without an address add one', async () => {
  const browser = openBrowser(app);
  simulateWechat({ openid: 'o4', unionid: 'u4', nickname: '四' });
  await byWechat(browser);
  const email = newEmail();
  expect((await browser.api('POST', '/account/email', { email })).status).toBe(204);
  const code = codeIn(await mailTo(app.folder, email));
  expect(await (await browser.api('PUT', '/account/email', { email, code })).json()).toMatchObject({
    email,
    hasWechat: true,
  });
  const byMail = openBrowser(app);
  expect(await byMail.enter(email)).toMatchObject({ account: { email, name: '四' } });
});
