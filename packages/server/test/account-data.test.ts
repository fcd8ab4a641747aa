import { readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MeView } from '@hili/contract';
import { expect, it } from 'vitest';
import { done, openAccountApp, PASSWORD, picture, uploaded } from './account-app.ts';
import { codeOf } from './answers.ts';
import { type Browser, newEmail, openBrowser } from './browser.ts';
import { somebodyWaits } from './locks.ts';
import { mailTo } from './mailbox.ts';
import { openObjects } from './open-files.ts';
import { begin, send } from './tus-requests.ts';
import { readZip } from './zip.ts';

const { app, rows, member, give } = await openAccountApp();

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

it('leaves out of the export what is gone, and breaks it off where a picture cannot be read', async () => {
  const { person } = await member();
  const ids: string[] = [];
  for (let n = 0; n < 2; n++) {
    const { id } = await uploaded(person);
    await done(person, id);
    ids.push(id);
  }
  const uploads = await rows('select upload_key from photo where id = any($1) order by created_at', [ids]);
  const [gone, unreadable] = uploads.map(({ upload_key: key }) => join(app.folder, 'photos', 'objects', key));
  rmSync(gone!);
  const files = readZip(Buffer.from(await (await person.api('GET', '/account/export')).arrayBuffer()));
  expect([...files.keys()].filter((name) => name.startsWith('photos/'))).toHaveLength(3);
  rmSync(unreadable!);
  symlinkSync(unreadable!, unreadable!);
  const broken = await person.api('GET', '/account/export');
  await expect(broken.arrayBuffer()).rejects.toThrow('terminated');
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
  for (let read = 0; read < 1_000_000; ) {
    const { done: ended, value } = await broken.read();
    if (ended) throw new Error(`expected at least 1000000 bytes but received ${read}`);
    read += value.length;
  }
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

it('takes a request that was on its way while the account was deleted for one of somebody who is signed out', async () => {
  for (const path of ['/me', '/account']) {
    const { person, email } = await member();
    const client = await app.pool.connect();
    await client.query('begin');
    await client.query('lock table "user" in access exclusive mode');
    const asked = person.api('GET', path);
    await somebodyWaits(app.db);
    const gone = `update "user" set auth_id = null, deleted_at = now() where auth_id = (select id from auth."user" where email = $1)`;
    await client.query(gone, [email]);
    await client.query('delete from auth."user" where email = $1', [email]);
    await client.query('commit');
    client.release();
    if (path === '/me')
      expect(MeView.parse(await (await asked).json())).toMatchObject({ kind: 'guest', account: null });
    else expect(await codeOf(asked)).toBe('SIGN_IN_REQUIRED');
  }
});

it('deletes drafts with the account, those of its guest too, and nobody else’s', async () => {
  const person = openBrowser(app);
  const draft = async (browser: Browser) => {
    const { id } = await begin(browser, picture.length, {});
    expect((await send(browser, id, 0, picture).answered).status).toBe(204);
    return id;
  };
  const ofGuest = await draft(person);
  await person.enter(newEmail());
  const own = [ofGuest, await draft(person)];
  const { person: stranger } = await member();
  const theirs = await draft(stranger);
  for (const id of own) expect((await person.api('GET', `/uploads/${id}/preview`)).status).toBe(200);
  expect((await person.api('DELETE', '/account', { confirm: 'DELETE' })).status).toBe(204);
  const left = readdirSync(join(app.folder, 'photos', 'incoming'));
  expect(left.filter((name) => own.some((id) => name.startsWith(id)))).toEqual([]);
  expect(left).toContain(theirs);
});
