import { AccountView, PhotoView } from '@hili/contract';
import { afterAll, expect } from 'vitest';
import { grant } from '../src/wallets.ts';
import { type Browser, newEmail, openBrowser } from './browser.ts';
import { makePng } from './pictures.ts';
import { openTestApp } from './test-app.ts';

export const PASSWORD = 'a lamp in the attic';
export const picture = makePng(96, 64, 0x33);

/** A service of a test file's own that restores photos, whose books agree in the end, and people with accounts. */
export async function openAccountApp() {
  const app = await openTestApp({ FREE_PER_ADDRESS: '1000' });
  afterAll(async () => {
    expect(await app.broken()).toEqual([]);
    await app.close();
  });
  await app.startWorker();

  const rows = async (sql: string, values: unknown[] = []) => (await app.pool.query(sql, values)).rows;

  /** Somebody who has just signed up. */
  async function member(password?: string) {
    const person = openBrowser(app);
    const email = newEmail();
    await person.enter(email, password);
    return { person, email };
  }

  /** Puts credits into somebody's wallet as if bought. */
  async function give(email: string, credits: number): Promise<void> {
    const [{ wallet_id: walletId }] = await rows(
      `select u.wallet_id from "user" u join auth."user" a on a.id = u.auth_id where a.email = $1`,
      [email],
    );
    const expiresAt = new Date(Date.now() + 86_400_000 * 365);
    const lot = { walletId, credits, source: 'purchase', expiresAt, key: `test ${walletId}`, actor: 'test' } as const;
    await grant(app.db, lot, app.clock());
  }

  return { app, rows, member, give };
}

export const accountOf = async (person: Browser) =>
  AccountView.parse(await (await person.api('GET', '/account')).json());

export async function uploaded(person: Browser, file = picture): Promise<PhotoView> {
  const response = await person.upload({ recipe: 'sr', file: new Blob([new Uint8Array(file)]) });
  expect(response.status).toBe(201);
  return PhotoView.parse(await response.json());
}

/** Waits until a photo's job has ended. */
export async function done(person: Browser, id: string): Promise<PhotoView> {
  for (let i = 0; i < 400; i++) {
    const photo = PhotoView.parse(await (await person.api('GET', `/photos/${id}`)).json());
    if (photo.job.state === 'done' || photo.job.state === 'failed') return photo;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('expected a job that ends within 40 s');
}
