import { truncateSync, writeFileSync } from 'node:fs';
import { AccountView, MeView, PhotoView, Problem } from '@hili/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { grant } from '../src/wallets.ts';
import { type Browser, newEmail, openBrowser } from './browser.ts';
import { codeIn, mailTo } from './mailbox.ts';
import { openObjects } from './open-files.ts';
import { makePng } from './pictures.ts';
import { openTestApp, type TestApp } from './test-app.ts';
import { readZip } from './zip.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ FREE_PER_ADDRESS: '1000' });
  await app.startWorker();
});
afterAll(async () => {
  expect(await app.broken()).toEqual([]);
  await app.close();
});

const PASSWORD = 'a lamp in the attic';
const picture = makePng(96, 64, 0x33);
const codeOf = async (response: Promise<Response>) => Problem.parse(await (await response).json()).code;
const accountOf = async (person: Browser) => AccountView.parse(await (await person.api('GET', '/account')).json());
const rows = async (sql: string, values: unknown[] = []) => (await app.pool.query(sql, values)).rows;
async function member(password?: string) {
  const person = openBrowser(app);
  const email = newEmail();
  await person.enter(email, password);
  return { person, email };
}
async function uploaded(person: Browser, file = picture): Promise<PhotoView> {
  const response = await person.upload({ recipe: 'sr', file: new Blob([new Uint8Array(file)]) });
  expect(response.status).toBe(201);
  return PhotoView.parse(await response.json());
}
async function done(person: Browser, id: string): Promise<PhotoView> {
  for (let i = 0; i < 400; i++) {
    const photo = PhotoView.parse(await (await person.api('GET', `/photos/${id}`)).json());
    if (photo.job.state === 'done' || photo.job.state === 'failed') return photo;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('expected a job that ends within 40 s');
}
async function give(email: string, credits: number): Promise<void> {
  const [{ wallet_id: walletId }] = await rows(
    `select u.wallet_id from "user" u join auth."user" a on a.id = u.auth_id where a.email = $1`,
    [email],
  );
  const expiresAt = new Date(Date.now() + 86_400_000 * 365);
  const lot = { walletId, credits, source: 'purchase', expiresAt, key: `test ${walletId}`, actor: 'test' } as const;
  await grant(app.db, lot, app.clock());
}

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
  const stream = (await person.api('GET', '/events')).body!.pipeThrough(new TextDecoderStream()).getReader();
  const change = { language: 'ja', mailWhenReady: true };
  expect(await (await person.api('PATCH', '/account', change)).json()).toMatchObject(change);
  expect(await accountOf(person)).toMatchObject(change);
  expect((await person.me()).account).toMatchObject({ mailWhenReady: true });
  // Other open pages hear of it.
  for (let text = ''; !text.includes('"mailWhenReady":true'); ) text += (await stream.read()).value;
  await stream.cancel();
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

it('lists where it is signed in, and ends one session or all others at once', async () => {
  const { person, email } = await member(PASSWORD);
  const phone = openBrowser(app, { 'user-agent': 'A phone' });
  const desk = openBrowser(app, { 'user-agent': 'A desk' });
  for (const browser of [phone, desk]) await browser.api('POST', '/sign-in/password', { email, password: PASSWORD });
  const { sessions } = await accountOf(person);
  expect(sessions.map(({ current }) => current)).toEqual([false, false, true]);
  expect(JSON.stringify(sessions)).not.toMatch(/127\.0\.0\.1|token/);
  const ofPhone = sessions.find(({ agent }) => agent === 'A phone')!;
  const { person: stranger } = await member();
  expect(await codeOf(stranger.api('DELETE', `/account/sessions/${ofPhone.id}`))).toBe('DATA_NOT_FOUND');
  expect((await person.api('DELETE', `/account/sessions/${ofPhone.id}`)).status).toBe(204);
  expect([(await phone.me()).kind, (await desk.me()).kind]).toEqual(['guest', 'user']);
  expect((await person.api('DELETE', '/account/sessions')).status).toBe(204);
  expect([(await desk.me()).kind, (await person.me()).kind]).toEqual(['guest', 'user']);
});

it('closes the open pages of a session that was ended', async () => {
  const { person } = await member();
  const stream = (await person.api('GET', '/events')).body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('event: me')) text += (await stream.read()).value;
  await person.api('POST', '/sign-out');
  for (;;) {
    const { done: ended, value } = await stream.read();
    if (ended) break;
    text += value;
  }
  expect(text).toContain('"kind":"user"');
});

it('replaces the session of a browser that signs in again', async () => {
  const { person, email } = await member();
  await person.enter(email);
  expect((await accountOf(person)).sessions).toHaveLength(1);
});

it('exports all that there is of a user as a ZIP: words as JSON, and the pictures', async () => {
  const { person, email } = await member();
  const { id } = await uploaded(person);
  await done(person, id);
  const { id: removed } = await uploaded(person);
  await person.api('DELETE', `/photos/${removed}`);
  const { person: stranger } = await member();
  await uploaded(stranger);

  const response = await person.api('GET', '/account/export');
  expect(response.headers.get('content-type')).toBe('application/zip');
  expect(response.headers.get('content-disposition')).toMatch(
    /^attachment; filename="hili-photoenhance-\d{4}-\d\d-\d\d\.zip"/,
  );
  const files = readZip(Buffer.from(await response.arrayBuffer()));
  const read = (name: string) => JSON.parse(String(files.get(name)));
  expect(read('account.json')).toMatchObject({ email, sessions: [{ current: true }] });
  expect(read('photos.json').map((photo: { id: string }) => photo.id)).toEqual([id, removed]);
  expect(read('photos.json')[0].jobs[0]).toMatchObject({ recipe: 'sr', state: 'done' });
  const balance = read('credits.json').filter(({ account }: { account: string }) => account === 'avail');
  expect(balance.reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0)).toBe(2);
  const pictures = [...files].filter(([name]) => name.startsWith('photos/'));
  expect(pictures.map(([name]) => name.replace(/[\d-]+T[\d-]+ grandmother [0-9a-f]{8}/, 'PHOTO'))).toEqual([
    'photos/PHOTO.png',
    'photos/PHOTO 1 sr.png',
  ]);
  expect(pictures[0]?.[1].equals(picture)).toBe(true);
  expect(JSON.stringify([...files.keys()])).not.toContain('undefined');
});

it('streams the export: a large picture takes no memory, and a download that is broken off leaves no file open', async () => {
  const { person } = await member();
  const { id } = await uploaded(person);
  await done(person, id);
  const [{ upload_key: key }] = await rows('select upload_key from photo where id = $1', [id]);
  const size = 400_000_000;
  const path = app.storage.incoming();
  writeFileSync(path, '');
  truncateSync(path, size);
  await app.storage.put(key, path);

  const whole = (await person.api('GET', '/account/export')).body!.getReader();
  const before = process.memoryUsage().rss;
  let [bytes, most] = [0, 0];
  for (;;) {
    const { done: ended, value } = await whole.read();
    if (ended) break;
    bytes += value.length;
    most = Math.max(most, process.memoryUsage().rss - before);
  }
  expect(bytes).toBeGreaterThan(size);
  expect(most, `${most} bytes`).toBeLessThan((size * 2) / 3);

  const broken = (await person.api('GET', '/account/export')).body!.getReader();
  for (let read = 0; read < 1_000_000; ) read += (await broken.read()).value?.length ?? 0;
  expect(openObjects()).toBeGreaterThan(0);
  await broken.cancel();
  await expect.poll(openObjects, { timeout: 5000 }).toBe(0);
});

it('deletes the account: pictures, address, ways in and sessions go, the lines of the ledger stay and are nobody’s', async () => {
  const { person, email } = await member(PASSWORD);
  const other = openBrowser(app);
  await other.api('POST', '/sign-in/password', { email, password: PASSWORD });
  await give(email, 5);
  const { id } = await uploaded(person);
  const { originalUrl } = await done(person, id);
  const { job } = await uploaded(person);
  const [{ id: authId }] = await rows('select id from auth."user" where email = $1', [email]);
  const [user] = await rows('select id, wallet_id from "user" where auth_id = $1', [authId]);
  const keys = (await rows('select upload_key, preview_key from photo where user_id = $1', [user.id])).flatMap(
    Object.values,
  );

  expect(await codeOf(person.api('DELETE', '/account', { confirm: 'delete' }))).toBe('BAD_REQUEST');
  expect((await person.api('DELETE', '/account', { confirm: 'DELETE' })).status).toBe(204);
  expect((await fetch(app.url + originalUrl)).status).toBe(410);
  for (const key of keys.filter(Boolean)) expect(await app.storage.size(key)).toBeUndefined();
  for (const browser of [person, other]) expect(await browser.me()).toMatchObject({ kind: 'guest' });
  expect(await codeOf(other.api('POST', '/sign-in/password', { email, password: PASSWORD }))).toBe('SIGN_IN_FAILED');

  expect((await mailTo(app.folder, email, 2)).subject).toBe('Your account is deleted');
  // Not a word of the person is left in any table.
  const tables = await rows(`select table_schema as s, table_name as t from information_schema.tables
    where table_schema in ('public', 'auth', 'queue') and table_type = 'BASE TABLE'`);
  for (const { s, t } of tables) {
    const [{ found }] = await rows(`select count(*)::int as found from "${s}"."${t}" x where x::text like any($1)`, [
      [`%${email}%`, `%${authId}%`],
    ]);
    expect(found, `${s}.${t}`).toBe(0);
  }
  expect(await rows('select name from photo where user_id = $1', [user.id])).toEqual([{ name: '' }, { name: '' }]);
  expect(await rows('select state from job where id = $1', [job.id])).toEqual([{ state: 'failed' }]);
  const lines = await rows('select amount from posting p join lot l on l.id = p.lot_id where l.wallet_id = $1', [
    user.wallet_id,
  ]);
  expect(lines.length).toBeGreaterThan(4);

  // The address may come again, as somebody new.
  expect(MeView.parse(await openBrowser(app).enter(email))).toMatchObject({ credits: { available: 0 } });
});
