import { createHash } from 'node:crypto';
import { MeView, PhotoView, SignInWays } from '@hili/contract';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { codeOf, problem } from './answers.ts';
import { newEmail, openBrowser } from './browser.ts';
import { readText } from './live.ts';
import { codeIn, linkIn, mailsIn, mailTo } from './mailbox.ts';
import { makePng } from './pictures.ts';
import { openTestApp, type TestApp } from './test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const rows = async (sql: string, values: unknown[] = []) => (await app.pool.query(sql, values)).rows;

it('is a guest at once, without asking', async () => {
  const guest = openBrowser(app);
  expect(await guest.me()).toMatchObject({ kind: 'guest', account: null, photosLeft: 3 });
  expect([...guest.cookies.keys()]).toEqual(['hili']);
});

it('offers the ways that are configured, and no others', async () => {
  const ways = SignInWays.parse(await (await openBrowser(app).api('GET', '/sign-in-ways')).json());
  // A bare IP address, as here, is no place for passkeys.
  expect(ways).toEqual({ code: true, password: true, passkey: false, wechat: false, oidc: null, mail: false });
  for (const provider of ['wechat', 'oidc'])
    expect(await codeOf(openBrowser(app).api('POST', `/sign-in/${provider}`, {}))).toBe('NOT_FOUND');
});

it('says whether mails leave, or lie in a folder', async () => {
  const other = await openTestApp({ SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'photos@example.com' });
  onTestFinished(() => other.close());
  const ways = SignInWays.parse(await (await openBrowser(other).api('GET', '/sign-in-ways')).json());
  expect(ways.mail).toBe(true);
});

it('signs in by a code from a mail, and makes the account the first time', async () => {
  const email = newEmail();
  const first = openBrowser(app, { 'accept-language': 'fr' });
  expect(await first.enter(email)).toMatchObject({ kind: 'user', account: { email } });
  expect(await first.me()).toMatchObject({ kind: 'user', account: { email, isOperator: false } });
  const mail = await mailTo(app.folder, email);
  expect(mail.subject).toBe('Votre code de connexion');
  expect(mail.subject + mail.id).not.toContain(codeIn(mail));
  const again = openBrowser(app);
  const code = await again.code(email);
  // As a phone's keyboard writes it.
  const typed = { email: ` ${email.toUpperCase()} `, code: ` ${code} ` };
  expect(await (await again.api('POST', '/sign-in/code', typed)).json()).toMatchObject({ account: { email } });
  expect(await rows('select count(*)::int as users from auth."user" where email = $1', [email])).toEqual([
    { users: 1 },
  ]);
});

it('keeps what a guest had: the photo is still there after signing in, here and on another device', async () => {
  const guest = openBrowser(app);
  const live = readText(await guest.api('GET', '/events'));
  const picture = new Blob([new Uint8Array(makePng(96, 64, 0x33))]);
  const { id } = PhotoView.parse(await (await guest.upload({ recipe: 'sr', file: picture })).json());
  const email = newEmail();
  const me = await guest.enter(email);
  expect(me.photosLeft).toBe(2);
  expect([...guest.cookies.keys()]).toEqual(['hili.session_token']);
  const other = openBrowser(app);
  await other.enter(email);
  for (const browser of [guest, other]) {
    const photos = PhotoView.array().parse(await (await browser.api('GET', '/photos')).json());
    expect(photos.map((photo) => photo.id)).toEqual([id]);
  }
  // The page that was open as the guest's ends, and comes back as the user's.
  await live.end();
  await guest.api('POST', '/sign-out');
  expect(await (await guest.api('GET', '/photos')).json()).toEqual([]);
  expect(await guest.me()).toMatchObject({ kind: 'guest', photosLeft: 3 });
  await other.api('DELETE', `/photos/${id}`);
  expect(await app.broken()).toEqual([]);
});

it('takes a code once, for ten minutes, and not after three wrong ones', async () => {
  const email = newEmail();
  const person = openBrowser(app);
  const used = await person.code(email);
  expect((await person.api('POST', '/sign-in/code', { email, code: used })).status).toBe(200);
  const stranger = openBrowser(app);
  expect(await codeOf(stranger.api('POST', '/sign-in/code', { email, code: used }))).toBe('SIGN_IN_FAILED');

  const guessed = await stranger.code(email);
  const wrong = guessed === '000000' ? '000001' : '000000';
  for (let guess = 0; guess < 4; guess++)
    expect(await codeOf(stranger.api('POST', '/sign-in/code', { email, code: wrong }))).toBe('SIGN_IN_FAILED');
  expect(await codeOf(stranger.api('POST', '/sign-in/code', { email, code: guessed }))).toBe('SIGN_IN_FAILED');

  const late = newEmail();
  const old = await person.code(late);
  await app.pool.query(`update auth.verification set "expiresAt" = "expiresAt" - interval '601 seconds'`);
  expect(await codeOf(person.api('POST', '/sign-in/code', { email: late, code: old }))).toBe('SIGN_IN_FAILED');
});

it('keeps codes and links by hashes with a key only, and no address beside them', async () => {
  const email = newEmail();
  const code = await openBrowser(app).code(email);
  const kept = JSON.stringify(await rows('select * from auth.verification'));
  const mails = JSON.stringify(await rows('select * from mail'));
  for (const secret of [code, email]) expect(kept + mails).not.toContain(secret);
  for (const encoding of ['hex', 'base64', 'base64url'] as const)
    expect(kept).not.toContain(createHash('sha256').update(code).digest(encoding).replace(/=+$/, ''));
});

it('signs up with a password once the address is proven, and signs in with it', async () => {
  const email = newEmail();
  const password = 'a lamp in the attic';
  expect(await openBrowser(app).enter(email, password)).toMatchObject({ account: { email } });
  const other = openBrowser(app);
  const response = await other.api('POST', '/sign-in/password', { email, password });
  expect(MeView.parse(await response.json())).toMatchObject({ kind: 'user', account: { email } });
  expect(await codeOf(other.api('POST', '/sign-in/password', { email, password: 'a lamp in the cellar' }))).toBe(
    'SIGN_IN_FAILED',
  );
  const [{ password: hash }] = await rows(
    `select a.password from auth.account a join auth."user" u on u.id = a."userId" where u.email = $1`,
    [email],
  );
  expect(hash).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/); // scrypt: salt and key
});

it('names the field of a malformed request, and never repeats a password', async () => {
  const browser = openBrowser(app);
  const email = newEmail();
  for (const [path, body, field] of [
    ['/sign-in/code', { email: 'nobody', code: '123456' }, 'email'],
    ['/sign-in/code', { email: 'union1@wechat.placeholder.invalid', code: '123456' }, 'email'],
    ['/sign-in/code', { email, code: '12345' }, 'code'],
    ['/sign-in/code', { email, code: '123456', password: 'hunter2' }, 'password'],
    ['/sign-in/password', { email, password: 7 }, 'password'],
    ['/password/reset', { token: '', password: 'long enough' }, 'token'],
    ['/codes', { email }, 'proof'],
  ] as const) {
    const refused = await problem(await browser.api('POST', path, body));
    expect(refused, path).toMatchObject({ code: 'BAD_REQUEST', field });
    expect(JSON.stringify(refused)).not.toContain('hunter2');
  }
});

it('resets a forgotten password by mail: the link works once, and ends every session', async () => {
  const email = newEmail();
  const there = openBrowser(app);
  await there.enter(email, 'the first password');
  const here = openBrowser(app, { 'accept-language': 'zh' });
  expect((await here.api('POST', '/password/forgotten', { email, proof: await here.proof() })).status).toBe(204);
  const mail = await mailTo(app.folder, email, 2);
  expect(mail.subject).toBe('设置新密码');
  const { hash, pathname, search } = new URL(linkIn(mail));
  expect([pathname, search]).toEqual(['/reset-password', '']);
  const token = new URLSearchParams(hash.slice(1)).get('token');
  const reset = (password: string) => here.api('POST', '/password/reset', { token, password });
  expect(await (await reset('the second password')).json()).toEqual({ email });
  expect(await codeOf(reset('the third password'))).toBe('LINK_EXPIRED');
  expect((await there.me()).kind).toBe('guest');
  expect(await codeOf(here.api('POST', '/sign-in/password', { email, password: 'the first password' }))).toBe(
    'SIGN_IN_FAILED',
  );
  expect((await here.api('POST', '/sign-in/password', { email, password: 'the second password' })).status).toBe(200);
  expect((await mailTo(app.folder, email, 3)).subject).toBe('您的密码已更改');
});

it('tells somebody without an account who forgot a password just that, by mail and not on the page', async () => {
  const email = newEmail();
  const browser = openBrowser(app, { 'accept-language': 'ja' });
  const response = await browser.api('POST', '/password/forgotten', { email, proof: await browser.proof() });
  expect([response.status, await response.text()]).toEqual([204, '']);
  expect((await mailTo(app.folder, email)).subject).toBe('このアドレスのアカウントはありません');
});

it('signs out: the session is gone, not only its cookie', async () => {
  const person = openBrowser(app);
  await person.enter(newEmail());
  const kept = new Map(person.cookies);
  expect((await person.api('POST', '/sign-out')).status).toBe(204);
  expect([...person.cookies.keys()]).toEqual([]);
  for (const [name, value] of kept) person.cookies.set(name, value);
  expect((await person.me()).kind).toBe('guest');
});

it('does not believe a cookie that it did not sign', async () => {
  const person = openBrowser(app);
  await person.enter(newEmail());
  const [name = '', value = ''] = [...person.cookies][0] ?? [];
  person.cookies.set(name, `${value.slice(0, -6)}AAAA%3D`);
  expect((await person.me()).kind).toBe('guest');
});

it('refuses what another site’s page sends, and signs nobody in or out for it', async () => {
  const email = newEmail();
  const person = openBrowser(app);
  await person.enter(email);
  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
  for (const [method, path] of [
    ['POST', '/sign-out'],
    ['DELETE', '/account'],
    ['PUT', '/account/password'],
    ['POST', '/sign-in/password'],
    ['POST', '/codes'],
  ] as const)
    expect(await codeOf(person.api(method, path, {}, foreign)), path).toBe('FORBIDDEN_ORIGIN');
  expect((await person.me()).account?.email).toBe(email);
});

it('asks for work before it sends a mail, and takes each solution once', async () => {
  const browser = openBrowser(app);
  const proof = await browser.proof();
  const send = (email: string, given: unknown) => browser.api('POST', '/codes', { email, proof: given });
  const forged = { ...proof, solution: { ...proof.solution, derivedKey: '00'.repeat(32) } };
  const easier = {
    ...proof,
    challenge: { ...proof.challenge, parameters: { ...proof.challenge.parameters, cost: 1 } },
  };
  expect(await codeOf(send(newEmail(), forged))).toBe('PROOF_INVALID');
  expect(await codeOf(send(newEmail(), easier))).toBe('PROOF_INVALID');
  const email = newEmail();
  expect((await send(email, proof)).status).toBe(204);
  for (const again of await Promise.all([1, 2, 3].map(() => send(newEmail(), proof))))
    expect((await problem(again)).code).toBe('PROOF_INVALID');
  await mailTo(app.folder, email);
  expect(mailsIn(app.folder, email)).toHaveLength(1);
});

it('does not open better-auth’s own door to anything but a provider’s callback', async () => {
  const browser = openBrowser(app);
  for (const [method, path] of [
    ['POST', '/auth/sign-up/email'],
    ['POST', '/auth/sign-in/email'],
    ['GET', '/auth/get-session'],
    ['GET', '/auth/admin/list-users'],
    ['GET', '/auth/callback/oidc'],
    ['GET', '/auth/ok'],
  ] as const)
    expect(await codeOf(browser.api(method, path, method === 'POST' ? {} : undefined)), path).toBe('NOT_FOUND');
});
