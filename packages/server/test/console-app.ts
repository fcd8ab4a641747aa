import { randomUUID } from 'node:crypto';
import { PhotoView } from '@hili/contract';
import { ADMIN_TABLES, type AdminTable, pageOf } from '@hili/contract/admin';
import { afterAll, afterEach, expect } from 'vitest';
import type { z } from 'zod';
import { ok } from './answers.ts';
import { type Browser, newEmail, openBrowser } from './browser.ts';
import { openOperator } from './operator.ts';
import { makePng } from './pictures.ts';
import { openTestApp } from './test-app.ts';

type Rows = { [Name in AdminTable]: z.infer<(typeof ADMIN_TABLES)[Name]> };

/** What an act at the console asks for: a key of its own, and why. */
export const key = () => randomUUID();
export const reason = 'because of a test';

/** A service of a test file's own, whose books agree after every test, with an operator at its console. */
export async function openConsole() {
  const app = await openTestApp({
    ...{ FREE_PER_DAY: '50', FREE_PER_ADDRESS: '1000', REBATE_FEN: 'photos-3:200', REBATE_DAYS: '0' },
    ...{ OFFLINE_ACCOUNT: 'Bank 1, account 2', OFFLINE_LIMIT_FEN: '20000' },
  });
  afterEach(async () => expect(await app.broken()).toEqual([]));
  afterAll(() => app.close());
  const { admin, email } = await openOperator(app);

  /** A page of a table, as the console asks for it. */
  async function page<Name extends AdminTable>(table: Name, query: Record<string, string> = {}) {
    const answer = await admin('GET', `/${table}?${new URLSearchParams(query)}`);
    return ok<{ rows: Rows[Name][]; next: string | null }>(pageOf(ADMIN_TABLES[table]) as never, answer);
  }

  return {
    app,
    admin,
    operatorEmail: email,
    page,
    /** Rows of the audit in which these words are found, the newest first. */
    audited: async (q: string) => (await page('audit', { q, limit: '200' })).rows,
    /** Somebody who has just signed up. */
    async member() {
      const browser = openBrowser(app);
      const email = newEmail();
      await browser.enter(email);
      const { rows } = await page('users', { q: email });
      return { browser, email, id: String(rows[0]?.id) };
    },
  };
}

export function upload(browser: Browser): Promise<PhotoView> {
  const file = new Blob([new Uint8Array(makePng(48, 32, 0x44))]);
  return ok(PhotoView, browser.upload({ recipe: 'sr', scale: '1', file }));
}

/** Waits until a photo's job has come to this state. */
export const settled = (browser: Browser, id: string, state: string): Promise<void> =>
  expect
    .poll(async () => (await ok(PhotoView, browser.api('GET', `/photos/${id}`))).job.state, { timeout: 30_000 })
    .toBe(state);
