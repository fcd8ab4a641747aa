import { API, PhotoView } from '@hili/contract';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Browser, newEmail, openBrowser } from './browser.ts';
import { readText } from './live.ts';
import { makePng } from './pictures.ts';
import { openTestApp, type TestApp } from './test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ FREE_PER_DAY: '5', FREE_PER_ADDRESS: '1000' });
});
afterAll(() => app.close());
afterEach(async () => expect(await app.broken()).toEqual([]));

const count = async (table: string) =>
  Number((await sql<{ n: string }>`select count(*) as n from ${sql.table(table)}`.execute(app.db)).rows[0]?.n);
/** What is kept of visitors. */
const kept = async () => [await count('visitor'), await count('wallet')];
const file = () => new Blob([new Uint8Array(makePng(96, 64, 0x33))]);
const uploaded = async (response: Response) => PhotoView.parse(await response.json());

/** Opens the live view of a browser. */
const live = async (browser: Browser) => readText(await browser.api('GET', '/events'));

it('keeps nothing of whoever only looks, and knows them again by their cookie', async () => {
  const before = await kept();
  const browser = openBrowser(app);
  expect(await browser.me()).toMatchObject({ kind: 'guest', photosLeft: 5, credits: { available: 0, lots: [] } });
  const cookie = browser.cookies.get('hili');
  expect(cookie).toMatch(/^[\w-]{43}$/);
  const again = await browser.api('GET', '/me');
  expect(again.headers.getSetCookie()).toEqual([]);
  const view = await live(browser);
  await view.until('event: me');
  await view.close();
  expect(await (await browser.api('GET', '/photos')).json()).toEqual([]);
  const abilities = await openBrowser(app).api('OPTIONS', '/uploads');
  expect(abilities.status).toBe(204);
  expect(abilities.headers.get('tus-extension')).toContain('creation');
  expect(abilities.headers.getSetCookie()).toEqual([]);
  expect((await browser.api('GET', '/photos/zip')).status).toBe(404);
  expect(await kept()).toEqual(before);

  expect((await browser.upload({ recipe: 'sr', file: file() })).status).toBe(201);
  expect(browser.cookies.get('hili')).toBe(cookie);
  expect(await kept()).toEqual(before.map((n) => n + 1));
  expect((await browser.me()).photosLeft).toBe(4);
});

it('tells a page that was opened before anything was kept of what happens then', async () => {
  const browser = openBrowser(app);
  await browser.me();
  const view = await live(browser);
  await view.until('event: me');
  const { id } = await uploaded(await browser.upload({ recipe: 'sr', file: file() }));
  const text = await view.until('"photosLeft":4');
  expect(text).toContain(id);
  await view.close();
});

it('makes one visitor of uploads that come at once, and gives each its answer', async () => {
  const before = await kept();
  const browser = openBrowser(app);
  await browser.me();
  const answers = await Promise.all(Array.from({ length: 6 }, () => browser.upload({ recipe: 'sr', file: file() })));
  // Without a package, one at a time.
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  expect(await kept()).toEqual(before.map((n) => n + 1));
  expect((await browser.me()).photosLeft).toBe(4);
});

it('sends an open page to the account that its guest signed in to, though nothing was kept of the guest', async () => {
  const browser = openBrowser(app);
  await browser.me();
  const view = await live(browser);
  await view.until('event: me');
  const cookie = String(browser.cookies.get('hili'));
  await browser.enter(newEmail());
  expect((await browser.me()).kind).toBe('user');
  await view.end();

  // What was on its way with the guest's cookie is the user's.
  const late = await fetch(`${app.url}${API}/me`, { headers: { cookie: `hili=${cookie}` } });
  expect(late.headers.getSetCookie()[0]).toMatch(/^hili=/);
  expect(late.headers.getSetCookie()[0]).not.toContain(cookie);
});

it('takes no cookie that it would not have made', async () => {
  for (const wrong of ['1', 'a'.repeat(42), `${'a'.repeat(42)}!`, 'a'.repeat(5000)]) {
    const { headers, status } = await fetch(`${app.url}${API}/me`, { headers: { cookie: `hili=${wrong}` } });
    expect([status, headers.getSetCookie()[0]]).toEqual([200, expect.stringMatching(/^hili=[\w-]{43};/)]);
  }
});
