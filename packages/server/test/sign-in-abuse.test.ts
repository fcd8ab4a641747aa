import { Problem } from '@hili/contract';
import { getMigrations } from 'better-auth/db/migration';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setPassword } from '../src/sign-ins.ts';
import { newEmail, openBrowser } from './browser.ts';
import { mailTo } from './mailbox.ts';
import { openTestApp, type TestApp } from './test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ TRUST_PROXY: '1' });
});
afterAll(() => app.close());

const rows = async (sql: string, values: unknown[] = []) => (await app.pool.query(sql, values)).rows;

async function account(password?: string): Promise<string> {
  const email = newEmail();
  const [{ id }] = await rows(
    `insert into auth."user" (name, email, "emailVerified") values ('', $1, true) returning id`,
    [email],
  );
  if (password) await setPassword(app.auth, id, password);
  return email;
}

/** What a request answers, but for its own number and time. */
async function answerOf(response: Response) {
  const headers = Object.fromEntries(
    [...response.headers].filter(([name]) => !['date', 'x-request-id'].includes(name)),
  );
  return { status: response.status, headers, body: await response.text() };
}

/** Asks for known and unknown addresses in turn. @returns the milliseconds of the fastest of each: what is slower, the rest of the machine made slower. */
async function compare(
  count: number,
  known: () => Promise<string>,
  ask: (email: string) => Promise<() => Promise<Response>>,
) {
  const times = { known: [] as number[], unknown: [] as number[] };
  const answers = new Set<string>();
  for (let n = 0; n < count; n++)
    for (const kind of ['known', 'unknown'] as const) {
      const send = await ask(kind === 'known' ? await known() : newEmail());
      const began = performance.now();
      const response = await send();
      times[kind].push(performance.now() - began);
      answers.add(JSON.stringify(await answerOf(response)));
    }
  expect([...answers]).toHaveLength(1);
  return { known: Math.min(...times.known), unknown: Math.min(...times.unknown) };
}

for (const path of ['/codes', '/password/forgotten'])
  it(`answers ${path} for known and unknown addresses alike, in the same time`, async () => {
    const browser = openBrowser(app);
    const { known, unknown } = await compare(8, account, async (email) => {
      const proof = await browser.proof();
      return () => browser.api('POST', path, { email, proof });
    });
    expect(Math.abs(known - unknown), `${known} ms and ${unknown} ms`).toBeLessThan(0.5 * Math.max(known, unknown) + 5);
  });

it('answers a wrong password for known and unknown addresses alike, in the same time', async () => {
  const browser = openBrowser(app);
  const attempt = async (email: string) => () =>
    browser.api('POST', '/sign-in/password', { email, password: 'a wrong password' });
  for (const password of ['a right password', undefined]) {
    const { known, unknown } = await compare(7, () => account(password), attempt);
    expect(Math.abs(known - unknown), `${known} ms and ${unknown} ms`).toBeLessThan(
      0.4 * Math.max(known, unknown) + 10,
    );
  }
});

it('sends three mails a minute to one address at most, whether it has an account or not', async () => {
  for (const email of [await account(), newEmail()]) {
    const browser = openBrowser(app);
    const statuses = [];
    for (let n = 0; n < 4; n++) {
      const path = n % 2 ? '/codes' : '/password/forgotten';
      statuses.push((await browser.api('POST', path, { email, proof: await browser.proof() })).status);
    }
    expect(statuses).toEqual([204, 204, 204, 429]);
    await mailTo(app.folder, email, 3);
  }
});

it('lets nobody guess at an address from many machines', async () => {
  const email = await account('a right password');
  const codes = [];
  for (let n = 0; n < 21; n++) {
    const browser = openBrowser(app, { 'x-forwarded-for': `198.51.100.${n}` });
    const response = await browser.api('POST', '/sign-in/password', { email, password: `guess ${n} is long` });
    codes.push(Problem.parse(await response.json()).code);
  }
  expect(codes.slice(0, 20).every((code) => code === 'SIGN_IN_FAILED')).toBe(true);
  expect(codes[20]).toBe('RATE_LIMITED');
});

it('counts in the database, for all servers and through restarts, and without anybody’s address', async () => {
  const counted = await rows(`select key from rate_limit where key like 'guess:%' or key like 'mailTo:%'`);
  expect(counted.length).toBeGreaterThan(2);
  for (const { key } of counted) expect(key).toMatch(/^(guess|mailTo):[\w-]{43}$/);
});

it('counts tries to sign in by network address where no proxy does', async () => {
  const limited = await openTestApp({ RATE_LIMITS: 'on', TRUST_PROXY: '1' });
  try {
    const one = openBrowser(limited, { 'x-forwarded-for': '192.0.2.1' });
    const attempt = (browser = one) => browser.api('POST', '/sign-in/passkey/options');
    const statuses = new Map<number, number>();
    for (let n = 0; n < 61; n++) {
      const { status } = await attempt();
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(Object.fromEntries(statuses)).toEqual({ 200: 60, 429: 1 });
    expect((await attempt(openBrowser(limited, { 'x-forwarded-for': '192.0.2.2' }))).status).toBe(200);
  } finally {
    await limited.close();
  }
});

it('has every table and index that better-auth wants', async () => {
  const { toBeCreated, toBeAdded } = await getMigrations(app.auth.options);
  expect([toBeCreated, toBeAdded]).toEqual([[], []]);
});
