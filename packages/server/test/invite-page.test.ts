import { InviteView, RebateViews } from '@hili/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rewardInvites } from '../src/invites.ts';
import { matureRebates } from '../src/rebate-rows.ts';
import { codeOf } from './answers.ts';
import { type Browser, newEmail, openBrowser } from './browser.ts';
import { BOUGHT, openOrder, takeMoney } from './paid-orders.ts';
import { openTestApp, type TestApp } from './test-app.ts';
import { readZip } from './zip.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ TRUST_PROXY: '1', REBATE_FEN: 'photos-10:600', REBATE_DAYS: '0' });
});
afterAll(async () => {
  expect(await app.broken()).toEqual([]);
  await app.close();
});

let networks = 0;
/** Somebody at a network of their own. */
function somebody(): Browser {
  networks += 1;
  return openBrowser(app, { 'x-forwarded-for': `198.51.${networks}.9` });
}
async function member(person = somebody()) {
  const email = newEmail();
  await person.enter(email);
  return { person, email };
}
const invitesOf = async (person: Browser) => InviteView.parse(await (await person.api('GET', '/invites')).json());
const rebatesOf = async (person: Browser) => RebateViews.parse(await (await person.api('GET', '/rebates')).json());
const inviteCode = async (person: Browser) => String((await invitesOf(person)).own?.code);
const creditsOf = async (person: Browser) => (await person.me()).credits.available;
/** An order of this address is paid. */
async function buy(email: string) {
  const { rows } = await app.pool.query(
    `select u.id, u.wallet_id as "walletId" from "user" u join auth."user" a on a.id = u.auth_id where a.email = $1`,
    [email],
  );
  const order = await openOrder(app.db, rows[0], app.clock());
  await app.db.transaction().execute((tx) => takeMoney(tx, app, order, app.clock()));
}

it('answers every invite link alike, and looks nothing up', async () => {
  const { person } = await member();
  const answers = [await inviteCode(person), 'BCDFGHJK', 'x', '%00', 'a'.repeat(300), "';--"].map(async (code) => {
    const answer = await somebody().call('GET', `/i/${encodeURIComponent(code)}`);
    return [answer.status, answer.headers.get('location'), await answer.text()];
  });
  for (const answer of await Promise.all(answers)) expect(answer).toEqual([302, '/?invited', '']);
});

it('invites a friend who buys, and both get theirs', async () => {
  const { person: lee } = await member();
  const { terms, own } = await invitesOf(lee);
  expect([terms, own?.friends]).toEqual([
    { inviter: 3, invitee: 3, days: 90, perMonth: 20, usedFen: 4980, latestDays: 30 },
    [],
  ]);
  expect(own?.url).toBe(`${app.url}/i/${own?.code}`);
  const kim = somebody();
  await kim.call('GET', String(own?.url));
  expect(await invitesOf(kim)).toMatchObject({ own: null, invited: null });
  const { email } = await member(kim);
  expect(await invitesOf(kim)).toMatchObject({ invited: { state: 'bound', photos: 3 } });
  expect((await invitesOf(lee)).own?.friends).toMatchObject([{ state: 'bound', boughtAt: null, photos: 0 }]);
  await buy(email);
  expect([await creditsOf(lee), await creditsOf(kim)]).toEqual([0, BOUGHT]);
  expect(await invitesOf(kim)).toMatchObject({ invited: { state: 'bought', photos: 3 } });
  expect((await invitesOf(lee)).own?.friends).toMatchObject([{ state: 'bought', photos: 0 }]);
  await rewardInvites(app.db, { REFUND_DAYS: 0 }, app.clock());
  expect([await creditsOf(lee), await creditsOf(kim)]).toEqual([3, BOUGHT + 3]);
  const said = await invitesOf(lee);
  expect(said.own?.friends).toMatchObject([{ state: 'rewarded', photos: 3 }]);
  expect(JSON.stringify(said)).not.toContain(email);
});

it('keeps the first link that was followed, for 30 days, and a new account only', async () => {
  const [{ person: lee }, { person: max }] = [await member(), await member()];
  const links = [await inviteCode(lee), await inviteCode(max)];
  const kim = somebody();
  for (const code of links) await kim.call('GET', `/i/${code.toLowerCase()}`);
  expect(kim.cookies.get('hili_invite')).toMatch(new RegExp(`^${links[0]}-\\d+\\.$`));
  await member(kim);
  expect([(await invitesOf(lee)).own?.friends.length, (await invitesOf(max)).own?.friends.length]).toEqual([1, 0]);
  // Somebody who has an account follows a link and signs in again.
  const { person: old, email } = await member();
  const again = somebody();
  await again.call('GET', `/i/${links[1]}`);
  await again.enter(email);
  expect([await invitesOf(old), await invitesOf(again)]).toMatchObject([{ invited: null }, { invited: null }]);
  const late = somebody();
  const [day] = /\d+(?=\.)/.exec(String(kim.cookies.get('hili_invite'))) ?? [];
  late.cookies.set('hili_invite', `${links[1]}-${Number(day) - 30}.`);
  await member(late);
  expect(await invitesOf(late)).toMatchObject({ invited: null });
});

it('rewards nobody at once for an account made in the browser or the network of who invites', async () => {
  const browser = somebody();
  await member(browser);
  const code = await inviteCode(browser);
  await browser.api('POST', '/sign-out');
  await browser.call('GET', `/i/${code}`);
  const { email } = await member(browser);
  await buy(email);
  expect([await creditsOf(browser), await invitesOf(browser)]).toMatchObject([
    BOUGHT,
    { invited: { state: 'review' } },
  ]);
  const lee = openBrowser(app, { 'x-forwarded-for': '2001:db8:7:1::5' });
  await member(lee);
  const kim = openBrowser(app, { 'x-forwarded-for': '2001:db8:7:1:ffff::9' });
  await kim.call('GET', `/i/${await inviteCode(lee)}`);
  await buy((await member(kim)).email);
  expect([await creditsOf(lee), await creditsOf(kim)]).toEqual([0, BOUGHT]);
});

it('lets a phone without a sign-in claim a rebate by a token, which says little and works once', async () => {
  const { person, email } = await member();
  await buy(email);
  await matureRebates(app.db, app.clock());
  expect(await rebatesOf(person)).toMatchObject([{ state: 'eligible', fen: 600 }]);
  const opened = await person.api('POST', '/rebates/claims');
  expect(opened.status).toBe(201);
  const { url } = (await opened.json()) as { url: string };
  const token = /\/r\/([\w-]{22})$/.exec(url)?.[1] ?? '';
  const phone = openBrowser(app);
  const shown = (await (await phone.api('GET', `/claims/${token}`)).json()) as { account: string };
  expect(shown).toMatchObject({ fen: 600, account: expect.stringMatching(/^p\*\*\*@example\.com$/) });
  const bad = [{ wechat: 'x', name: 'Lee' }, { wechat: 'lee_1990', name: ' ' }, { name: 'Lee' }, { wechat: '<b>lee' }];
  for (const answer of bad) expect(await codeOf(phone.api('POST', `/claims/${token}`, answer))).toBe('BAD_REQUEST');
  expect((await phone.api('POST', `/claims/${token}`, { wechat: 'lee_1990', name: 'Lee' })).status).toBe(204);
  expect(await rebatesOf(person)).toMatchObject([{ state: 'claimed' }]);
  // A second click hears the same; everything else is over.
  expect((await phone.api('POST', `/claims/${token}`, { wechat: 'lee_1990', name: 'Lee' })).status).toBe(204);
  for (const method of ['GET', 'POST'] as const) {
    const body = method === 'POST' ? { wechat: 'mallory', name: 'Lee' } : undefined;
    expect(await codeOf(phone.api(method, `/claims/${token}`, body))).toBe('LINK_EXPIRED');
  }
  expect(await codeOf(person.api('POST', '/rebates/claims'))).toBe('DATA_NOT_FOUND');
  expect(phone.cookies.size).toBe(0);
});

it('shows and claims rebates of one’s own only', async () => {
  const { email } = await member();
  await buy(email);
  await matureRebates(app.db, app.clock());
  const { person: other } = await member();
  expect(await rebatesOf(other)).toEqual([]);
  expect(await codeOf(other.api('POST', '/rebates/claims'))).toBe('DATA_NOT_FOUND');
  for (const path of ['/rebates', '/claims/AAAAAAAAAAAAAAAAAAAAAA'])
    expect(await codeOf(somebody().api('GET', path))).toMatch(/SIGN_IN_REQUIRED|LINK_EXPIRED/);
  expect(await codeOf(somebody().api('POST', '/rebates/claims'))).toBe('SIGN_IN_REQUIRED');
});

it('puts invites and rebates into the export', async () => {
  const { person, email } = await member();
  const code = await inviteCode(person);
  await buy(email);
  const zip = readZip(Buffer.from(await (await person.api('GET', '/account/export')).arrayBuffer()));
  const file = (name: string) => JSON.parse(String(zip.get(name)));
  expect(file('invites.json')).toMatchObject({ code, friends: [] });
  expect(file('rebates.json')).toMatchObject([{ fen: 600, state: 'accrued', payee: null }]);
});
