import { ClaimView, Problem, RebateViews } from '@hili/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweepPayments } from '../src/payments/sweep.ts';
import { matureRebates } from '../src/rebate-rows.ts';
import { approveRebate } from '../src/rebates.ts';
import { type Browser, newEmail, openBrowser } from './browser.ts';
import { openOrder, takeMoney } from './paid-orders.ts';
import { openTestApp, type TestApp } from './test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ DEMO_PAYMENTS: 'on', REBATE_FEN: 'photos-10:600', REBATE_DAYS: '0' });
});
afterAll(async () => {
  expect(await app.broken()).toEqual([]);
  await app.close();
});

const rebatesOf = async (person: Browser) => RebateViews.parse(await (await person.api('GET', '/rebates')).json());
const problemOf = async (answer: Promise<Response>) => Problem.parse(await (await answer).json()).code;
const claimAt = async (phone: Browser, token: string) =>
  ClaimView.parse(await (await phone.api('GET', `/claims/${token}`)).json());
const tokenIn = async (answer: Response) =>
  /\/r\/([\w-]{22})$/.exec(((await answer.json()) as { url: string }).url)?.[1] ?? '';

/** Somebody who can claim a rebate, and a token for it. */
async function claimant() {
  const person = openBrowser(app);
  const email = newEmail();
  await person.enter(email);
  const { rows } = await app.pool.query(
    `select u.id, u.wallet_id as "walletId" from "user" u join auth."user" a on a.id = u.auth_id where a.email = $1`,
    [email],
  );
  const order = await openOrder(app.db, rows[0], app.clock());
  await app.db.transaction().execute((tx) => takeMoney(tx, app, order, app.clock()));
  await matureRebates(app.db, app.clock());
  return { person, token: await tokenIn(await person.api('POST', '/rebates/claims')) };
}
/** Where a phone is led, step by step. */
async function follow(phone: Browser, path: string): Promise<string[]> {
  const places: string[] = [];
  for (let next: string | null = path; next !== null; ) {
    const answer: Response = await phone.call('GET', next);
    next = answer.headers.get('location');
    if (next !== null) places.push(next);
    if (next?.includes('/r/')) return places;
  }
  return places;
}
const way = (token: string) => `/api/v1/claims/${token}/wechat`;

it('learns from WeChat who opened a claim, binds nothing by that, and pays them once an operator has approved', async () => {
  const { person, token } = await claimant();
  const phone = openBrowser(app);
  expect(await claimAt(phone, token)).toMatchObject({ wechat: 'ask', accept: null, demoUrl: expect.any(String) });
  expect(await problemOf(phone.api('POST', `/claims/${token}/wechat`))).toBe('BAD_REQUEST');
  const [wechat = '', back = '', end] = await follow(phone, way(token));
  const asked = new URL(wechat, app.url).searchParams;
  expect(Object.fromEntries(asked)).toEqual({
    appid: app.payouts?.appid,
    redirect_uri: `${app.url}${way(token)}/back`,
    response_type: 'code',
    scope: 'snsapi_base',
    state: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect([new URL(back).pathname, end]).toEqual([`${way(token)}/back`, `/r/${token}`]);
  expect([...phone.cookies.values()].join()).not.toContain('oSIM');
  expect(await claimAt(phone, token)).toMatchObject({ wechat: 'known', fen: 600 });
  // Another browser has to ask for itself, and a scan has bound nothing.
  expect(await claimAt(openBrowser(app), token)).toMatchObject({ wechat: 'ask' });
  expect(await rebatesOf(person)).toMatchObject([{ state: 'eligible' }]);
  expect((await phone.api('POST', `/claims/${token}/wechat`)).status).toBe(204);
  // A second click hears the same.
  expect((await phone.api('POST', `/claims/${token}/wechat`)).status).toBe(204);
  const [claimed] = await rebatesOf(person);
  expect(claimed).toMatchObject({ state: 'claimed', method: 'transfer', payout: null });

  const by = { userId: undefined, name: 'operator' };
  await approveRebate(app.db, app.keys, app.config, String(claimed?.id), by, app.clock());
  await sweepPayments(app);
  expect(await rebatesOf(person)).toMatchObject([{ state: 'sent', payout: { state: 'waiting' } }]);
  const stranger = await claimant();
  expect(await problemOf(stranger.person.api('POST', `/rebates/${claimed?.id}/claims`))).toBe('DATA_NOT_FOUND');
  const accept = await tokenIn(await person.api('POST', `/rebates/${claimed?.id}/claims`));
  const shown = await claimAt(phone, accept);
  expect(shown.accept).toEqual({
    ...{ state: 'waiting', mchId: app.payouts?.mchid, appId: app.payouts?.appid },
    package: expect.any(String),
  });
  const page = await phone.call('GET', String(shown.demoUrl));
  expect(await page.text()).toContain('6.00');
  const said = { method: 'POST', body: new URLSearchParams({ package: String(shown.accept?.package) }) };
  await fetch(`${app.url}/demo/wechat/accept`, { ...said, redirect: 'manual' });
  await expect.poll(async () => (await rebatesOf(person))[0]?.state, { timeout: 20_000 }).toBe('paid');
  expect(await claimAt(phone, accept)).toMatchObject({ accept: { state: 'done', package: null }, demoUrl: null });
});

it('takes a way back from WeChat only in the browser and for the claim that began it, and says clearly why not', async () => {
  const [{ token }, { token: other }] = [await claimant(), await claimant()];
  const phone = openBrowser(app);
  const begun = await phone.call('GET', way(token));
  const back = async () => {
    const led = await phone.call('GET', String(begun.headers.get('location')));
    return new URL(String(led.headers.get('location')));
  };
  const to = async (who: Browser, { pathname, search }: URL) =>
    (await who.call('GET', pathname + search)).headers.get('location');
  // Somebody else's browser is led into a claim with a code that is not theirs.
  expect(await to(openBrowser(app), await back())).toBe(`/r/${token}?wechat=other`);
  const foreign = await back();
  foreign.pathname = `${way(other)}/back`;
  expect(await to(phone, foreign)).toBe(`/r/${other}?wechat=other`);
  const forged = await back();
  forged.searchParams.set('state', 'f'.repeat(64));
  expect(await to(phone, forged)).toBe(`/r/${token}?wechat=other`);
  // The state was good once.
  expect(await to(phone, await back())).toBe(`/r/${token}?wechat=other`);
  expect(await claimAt(phone, token)).toMatchObject({ wechat: 'ask' });
});

it('says that WeChat did not tell, when it was refused or the code is none', async () => {
  const { token } = await claimant();
  const phone = openBrowser(app);
  for (const code of ['', 'made-up']) {
    const begun = await phone.call('GET', way(token));
    const state = new URL(String(begun.headers.get('location')), app.url).searchParams.get('state');
    const led = await phone.call('GET', `${way(token)}/back?code=${code}&state=${state}`);
    expect(led.headers.get('location')).toBe(`/r/${token}?wechat=refused`);
  }
  for (const path of [way('A'.repeat(22)), `${way('A'.repeat(22))}/back?code=x&state=y`])
    expect(await problemOf(phone.call('GET', path))).toBe('LINK_EXPIRED');
  const elsewhere = encodeURIComponent('https://elsewhere.example/api/v1/claims/');
  expect((await phone.call('GET', `/demo/wechat/who?redirect_uri=${elsewhere}`)).status).toBe(400);
});

it('keeps the way by hand as it is, also where WeChat could pay', async () => {
  const { person, token } = await claimant();
  const phone = openBrowser(app);
  expect((await phone.api('POST', `/claims/${token}`, { wechat: 'lee_1990', name: 'Lee' })).status).toBe(204);
  expect(await rebatesOf(person)).toMatchObject([{ state: 'claimed', method: 'manual' }]);
});
