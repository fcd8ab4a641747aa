import { expect, it } from 'vitest';
import { accountOf, done, openAccountApp, PASSWORD, uploaded } from './account-app.ts';
import { codeOf } from './answers.ts';
import { type Browser, newEmail, openBrowser } from './browser.ts';
import { readText } from './live.ts';
import { codeIn, mailTo } from './mailbox.ts';
import { makePng } from './pictures.ts';

const { app, rows, member, give } = await openAccountApp();

it('is only for somebody who is signed in', async () => {
  for (const [method, path, body] of [
    ['GET', '/account'],
    ['PATCH', '/account', {}],
    ['DELETE', '/account', { confirm: 'DELETE' }],
    ['GET', '/account/export'],
    ['POST', '/account/email', { email: 'a@example.com' }],
    ['PUT', '/account/password', { password: PASSWORD }],
    ['POST', '/account/passkeys/options'],
    ['DELETE', '/account/sessions'],
  ] as const)
    expect(await codeOf(openBrowser(app).api(method, path, body)), path).toBe('SIGN_IN_REQUIRED');
});

it('shows what it knows of the account, and keeps the language and the wish for mails', async () => {
  const { person, email } = await member(PASSWORD);
  expect(await accountOf(person)).toMatchObject({
    ...{ email, language: 'en', mailWhenReady: false, hasPassword: true, hasWechat: false, hasOidc: false },
    passkeys: [],
    sessions: [{ current: true, agent: expect.any(String) }],
  });
  const live = readText(await person.api('GET', '/events'));
  const change = { language: 'ja', mailWhenReady: true };
  expect(await (await person.api('PATCH', '/account', change)).json()).toMatchObject(change);
  expect(await accountOf(person)).toMatchObject(change);
  expect((await person.me()).account).toMatchObject({ mailWhenReady: true });
  // Other open pages hear of it.
  await live.until('"mailWhenReady":true');
  await live.close();
  expect(await codeOf(person.api('PATCH', '/account', { language: 'tlh' }))).toBe('BAD_REQUEST');
});

it('sends a mail when a photo is ready to whoever asked for it, for that photo alone', async () => {
  const { person, email } = await member();
  // Large enough to be under way for a while.
  const { id } = await uploaded(person, makePng(900, 600, 0x33));
  const notice = (browser: Browser, mail: boolean) => browser.api('PUT', `/photos/${id}/notice`, { mail });
  expect(await (await notice(person, true)).json()).toMatchObject({ id, mailWhenReady: true });
  expect(await codeOf(notice((await member()).person, true))).toBe('PHOTO_NOT_FOUND');
  await done(person, id);
  expect((await mailTo(app.folder, email, 2)).text).toContain(`/photos/${id}`);

  const guest = openBrowser(app);
  const { id: ofGuest } = await uploaded(guest);
  expect(await codeOf(guest.api('PUT', `/photos/${ofGuest}/notice`, { mail: true }))).toBe('SIGN_IN_REQUIRED');
  await done(guest, ofGuest);
});

it('shows credits that can be spent, that are set aside, and when each lot ends', async () => {
  const { person, email } = await member();
  await give(email, 5);
  expect(await person.me()).toMatchObject({
    photosLeft: 8,
    credits: { available: 5, held: 0, lots: [{ source: 'purchase', available: 5, expiresAt: expect.any(String) }] },
  });
  const { id } = await uploaded(person);
  const during = await person.me();
  expect(during.credits.available + during.credits.held).toBeGreaterThanOrEqual(4);
  await done(person, id);
  // Bought photos go before free ones, which would be smaller and one at a time.
  expect(await person.me()).toMatchObject({ photosLeft: 7, credits: { available: 4, held: 0 } });
});

it('moves to another address, once the new one is proven, and tells the old one', async () => {
  const { person, email } = await member(PASSWORD);
  const next = newEmail();
  expect((await person.api('POST', '/account/email', { email: next })).status).toBe(204);
  const code = codeIn(await mailTo(app.folder, next));
  const wrong = code === '000000' ? '000001' : '000000';
  expect(await codeOf(person.api('PUT', '/account/email', { email: next, code: wrong }))).toBe('SIGN_IN_FAILED');
  // The code is for this account and this address only.
  const { person: thief } = await member();
  expect(await codeOf(thief.api('PUT', '/account/email', { email: next, code }))).toBe('SIGN_IN_FAILED');
  expect(await codeOf(openBrowser(app).api('POST', '/sign-in/code', { email: next, code }))).toBe('SIGN_IN_FAILED');
  expect(await (await person.api('PUT', '/account/email', { email: next, code })).json()).toMatchObject({
    email: next,
  });
  expect((await person.me()).account?.email).toBe(next);
  expect((await mailTo(app.folder, email, 2)).subject).toBe('Your address was changed');
  const again = openBrowser(app);
  expect((await again.api('POST', '/sign-in/password', { email: next, password: PASSWORD })).status).toBe(200);
  expect(await codeOf(again.api('POST', '/sign-in/password', { email, password: PASSWORD }))).toBe('SIGN_IN_FAILED');
}, 90_000);

it('tells nobody on the page that an address has an account already', async () => {
  const { email: taken } = await member();
  const { person, email } = await member();
  const response = await person.api('POST', '/account/email', { email: taken });
  expect([response.status, await response.text()]).toEqual([204, '']);
  expect((await mailTo(app.folder, taken, 2)).subject).toBe('This address has an account already');
  for (const code of ['000000', '123456'])
    expect(await codeOf(person.api('PUT', '/account/email', { email: taken, code }))).toBe('SIGN_IN_FAILED');
  expect((await person.me()).account?.email).toBe(email);
});

it('changes the password by the present one, signs other devices out, and says so by mail', async () => {
  const { person, email } = await member(PASSWORD);
  const other = openBrowser(app);
  await other.api('POST', '/sign-in/password', { email, password: PASSWORD });
  const change = { password: 'a trunk in the cellar', current: 'not this one' };
  expect(await codeOf(person.api('PUT', '/account/password', change))).toBe('SIGN_IN_FAILED');
  expect((await person.api('PUT', '/account/password', { ...change, current: PASSWORD })).status).toBe(204);
  expect([(await person.me()).kind, (await other.me()).kind]).toEqual(['user', 'guest']);
  expect((await mailTo(app.folder, email, 2)).subject).toBe('Your password was changed');
  expect(await codeOf(other.api('POST', '/sign-in/password', { email, password: PASSWORD }))).toBe('SIGN_IN_FAILED');
});

it('asks to sign in again for what a thief of an open session must not do', async () => {
  const { person, email } = await member(PASSWORD);
  await rows(
    `update auth.session set "createdAt" = "createdAt" - interval '3601 seconds'
    where "userId" = (select id from auth."user" where email = $1)`,
    [email],
  );
  for (const [method, path, body] of [
    ['POST', '/account/email', { email: newEmail() }],
    ['PUT', '/account/email', { email: newEmail(), code: '123456' }],
    ['PUT', '/account/password', { password: 'a trunk in the cellar' }],
    ['POST', '/account/passkeys/options'],
    ['DELETE', '/account/passkeys/0e0e0e0e-0e0e-4e0e-8e0e-0e0e0e0e0e0e'],
    ['DELETE', '/account', { confirm: 'DELETE' }],
  ] as const)
    expect(await codeOf(person.api(method, path, body)), path).toBe('SIGN_IN_AGAIN');
  // Who knows the password may change it all the same.
  const change = { password: 'a trunk in the cellar', current: PASSWORD };
  expect((await person.api('PUT', '/account/password', change)).status).toBe(204);
});
