import { appendFileSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PhotoView } from '@hili/contract';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { takeOver } from '../src/adoption.ts';
import { findOrCreateUser } from '../src/users.ts';
import { findOrCreateVisitor } from '../src/visitors.ts';
import { grant } from '../src/wallets.ts';
import { type Browser, openBrowser } from './browser.ts';
import { multipart } from './form-server.ts';
import { somebodyWaits } from './locks.ts';
import { makePng, oldPhoto } from './pictures.ts';
import { callPartner, openTestApp, type TestApp } from './test-app.ts';
import { begin, head, TUS } from './tus-requests.ts';

let app: TestApp;
const bytes = readFileSync(oldPhoto);
const small = makePng(96, 64, 0x33);
beforeAll(async () => {
  app = await openTestApp({ FREE_PER_DAY: '50', FREE_PER_ADDRESS: '1000' });
});
afterAll(() => app.close());
afterEach(async () => expect(await app.broken()).toEqual([]));

/** Sends a request whose sender leaves while the database holds every wallet. */
async function leaveEarly(path: string, headers: Record<string, string | number>, body: Uint8Array): Promise<void> {
  const client = await app.pool.connect();
  await client.query('begin');
  await client.query('select 1 from wallet for update');
  const outgoing = request(app.url + path, { method: 'POST', headers: { ...headers, 'content-length': body.length } });
  outgoing.on('error', () => {}).end(body);
  await somebodyWaits(app.db);
  outgoing.destroy();
  await sleep(200);
  await client.query('commit');
  client.release();
}

/** An upload of which every byte has arrived. */
async function whole(browser: Browser): Promise<string> {
  const { id } = await begin(browser, bytes.length);
  appendFileSync(join(app.folder, 'photos', 'incoming', id), bytes);
  return id;
}
const held = async (browser: Browser) => (await browser.me()).credits.held;

it('takes no credit of a partner who left while the database was slow', async () => {
  const partner = await app.partner('slow', 5);
  const { body, type } = multipart([
    { name: 'third_code', value: partner.code },
    { name: 'repair_type', value: 'sr' },
    { name: 'file', value: small, filename: 'a.png' },
  ]);
  const jobs = async () => (await app.pool.query(`select state, error from job`)).rows;
  await leaveEarly('/api/third/photo/upload', { token: app.token(partner), 'content-type': type }, body);
  await expect.poll(jobs).toEqual([{ state: 'failed', error: 'CANCELLED' }]);
  const { answer } = await callPartner(app, '/api/third/company/nums', app.token(partner), { third_code: 'slow' });
  expect(answer.data?.nums).toBe(5);
});

it('makes no photo of an upload sent with its creation by somebody who left before they knew its id', async () => {
  const browser = openBrowser(app);
  const { id } = await begin(browser, bytes.length);
  await browser.api('DELETE', `/uploads/${id}`, undefined, TUS);
  const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
  // Somebody without a wallet waits for none.
  const first = PhotoView.parse(
    await (await browser.upload({ recipe: 'sr', file: new Blob([Uint8Array.from(small)]) })).json(),
  );
  await browser.api('DELETE', `/photos/${first.id}`);
  const type = { ...TUS, 'content-type': 'application/offset+octet-stream' };
  const about = { 'upload-length': small.length, 'upload-metadata': `recipe ${btoa('sr')}` };
  await leaveEarly('/api/v1/uploads', { cookie, 'sec-fetch-site': 'same-origin', ...type, ...about }, small);
  await sleep(500);
  await expect.poll(() => held(browser)).toBe(0);
  expect(await (await browser.api('GET', '/photos')).json()).toEqual([]);
});

it('answers with the copy that was made though its original has gone since', async () => {
  const browser = openBrowser(app);
  await browser.me();
  const { walletId } = await findOrCreateVisitor(
    app.db,
    app.keys,
    browser.cookies.get('hili'),
    '127.0.0.1',
    app.clock(),
  );
  const bought = {
    walletId,
    credits: 5,
    source: 'purchase',
    batch: true,
    expiresAt: null,
    key: `order ${walletId}`,
  } as const;
  await grant(app.db, { ...bought, actor: 'test' }, app.clock());
  const file = new Blob([Uint8Array.from(small)]);
  const photo = PhotoView.parse(await (await browser.upload({ recipe: 'sr', file })).json());
  const wish = { recipe: 'sr', id: 'a'.repeat(32) };
  expect((await browser.api('POST', `/photos/${photo.id}/copies`, wish)).status).toBe(201);
  await browser.api('DELETE', `/photos/${photo.id}`);
  const again = await browser.api('POST', `/photos/${photo.id}/copies`, wish);
  expect([again.status, PhotoView.parse(await again.json()).id]).toEqual([200, wish.id]);
  expect((await browser.me()).credits).toMatchObject({ held: 1, available: 4 });
});

it('tells a guest who signs in meanwhile, too, that an upload is whole', async () => {
  const browser = openBrowser(app);
  const id = await whole(browser);
  const insert = `insert into auth."user" (name, email, "emailVerified") values ('', 'mid@example.com', true) returning id`;
  const { rows } = await app.pool.query(insert);
  const user = await findOrCreateUser(app.db, rows[0].id, 'en', app.clock());
  const guest = String(browser.cookies.values().next().value);
  const client = await app.pool.connect();
  await client.query('begin');
  await client.query('lock table photo in exclusive mode');
  const first = head(browser, id);
  await somebodyWaits(app.db);
  const second = head(browser, id);
  await sleep(200);
  const taken = takeOver(app.db, guest, user.id, app.clock());
  await client.query('commit');
  client.release();
  expect([(await first).status, (await second).status, await taken]).toEqual([200, 200, true]);
});

it('deletes the photo, too, that an upload becomes or has become when it is deleted, and takes no credit for it', async () => {
  const browser = openBrowser(app);
  const discard = async (id: string) => (await browser.api('DELETE', `/uploads/${id}`, undefined, TUS)).status;
  const id = await whole(browser);
  const client = await app.pool.connect();
  await client.query('begin');
  await client.query('lock table photo in exclusive mode');
  const finishing = head(browser, id);
  await somebodyWaits(app.db);
  const deleted = discard(id);
  await sleep(200);
  await client.query('commit');
  client.release();
  expect([(await finishing).status, await deleted]).toEqual([200, 204]);
  const late = await whole(browser);
  expect([(await head(browser, late)).status, await discard(late)]).toEqual([200, 204]);
  expect([await discard(late), (await head(openBrowser(app), late)).status]).toEqual([404, 404]);
  expect(await (await browser.api('GET', '/photos')).json()).toEqual([]);
  expect(await held(browser)).toBe(0);
});

it('deletes nobody else’s photo by the id of its upload', async () => {
  const [browser, other] = [openBrowser(app), openBrowser(app)];
  const id = await whole(browser);
  expect((await head(browser, id)).status).toBe(200);
  await other.me();
  expect((await other.api('DELETE', `/uploads/${id}`, undefined, TUS)).status).toBe(404);
  expect(await held(browser)).toBe(1);
});

it('keeps an upload whose photo could not be noted just now', async () => {
  const browser = openBrowser(app);
  const id = await whole(browser);
  // A deadlock is an error of ours, as is an outage of more than 20 seconds.
  await app.pool.query(`
    create function fail_once() returns trigger language plpgsql as $$ begin raise exception 'x' using errcode = '40P01'; end $$;
    create trigger fail_once before insert on job for each row execute function fail_once()`);
  const refused = (await head(browser, id)).status;
  await app.pool.query('drop trigger fail_once on job');
  expect([refused, (await head(browser, id)).status, await held(browser)]).toEqual([500, 200, 1]);
});
