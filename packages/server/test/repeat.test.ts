import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MeView, PhotoView } from '@hili/contract';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import type { Db } from '../src/database.ts';
import { brokenInvariants, withDatabase } from '../src/index.ts';
import { makePng } from './pictures.ts';
import { serverProcesses, until } from './server-process.ts';

const { folder, running, start } = serverProcesses();

/** Takes locks in a transaction of its own. @returns the taking, and what ends it. */
function locking(db: Db, lock: ReturnType<typeof sql>) {
  const ending = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<void>();
  const over = db.transaction().execute(async (tx) => {
    await lock.execute(tx);
    taken.resolve();
    await ending.promise;
  });
  over.catch(taken.reject);
  return {
    taken: taken.promise,
    async end() {
      ending.resolve();
      await over;
    },
  };
}
async function waits(db: Db, mode: string): Promise<boolean> {
  const found = await sql`select 1 from pg_locks where not granted and mode = ${mode}`.execute(db);
  return found.rows.length > 0;
}

it('finds the photo of a server that was killed between commit and answer, and charges it once', async () => {
  const config = loadConfig({ HILI_DATA: folder });
  const first = start();
  const url = await first.address();
  const greeting = await fetch(`${url}/api/v1/me`);
  const cookie = String(greeting.headers.getSetCookie()[0]?.split(';')[0]);
  const free = MeView.parse(await greeting.json()).photosLeft;
  const headers = { cookie, 'sec-fetch-site': 'same-origin' };
  const id = randomBytes(16).toString('hex');
  const upload = (at: string) => {
    const body = new FormData();
    body.set('recipe', 'sr');
    body.set('id', id);
    body.set('file', new Blob([new Uint8Array(makePng(96, 64, 0x33))]), 'a.png');
    return fetch(`${at}/api/v1/photos`, { method: 'POST', headers, body });
  };

  // A visitor has a wallet once something of theirs is kept, such as an upload that has begun.
  const begun = { ...headers, 'tus-resumable': '1.0.0', 'upload-length': '1' };
  expect((await fetch(`${url}/api/v1/uploads`, { method: 'POST', headers: begun })).status).toBe(201);
  await withDatabase(config, async (db) => {
    const { walletId } = await db.selectFrom('visitor').select('walletId').executeTakeFirstOrThrow();
    // The photo's transaction waits here before its end, and whoever reads it after its end waits there.
    const wallet = locking(db, sql`select from wallet where id = ${walletId} for update`);
    await wallet.taken;
    let answered = false;
    const lost = upload(url).finally(() => {
      answered = true;
    });
    lost.catch(() => {});
    await until(() => waits(db, 'ShareLock'), 'a transaction that waits for the wallet');
    const photos = locking(db, sql`lock table photo in access exclusive mode`);
    await until(() => waits(db, 'AccessExclusiveLock'), 'a lock that waits for the end of that transaction');
    await wallet.end();
    await photos.taken;
    expect(answered).toBe(false);
    first.child.kill('SIGKILL');
    await expect(lost).rejects.toThrow();
    await photos.end();
    expect(await db.selectFrom('photo').select('id').execute()).toEqual([{ id }]);
  });

  const isWorker = (pid: number) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker.ts');
    } catch {
      // It has ended between the listing and the look.
      return false;
    }
  };
  await until(() => !running().some((pid) => isWorker(pid)), 'no worker left', 20_000);
  const again = await start().address();
  const repeated = await Promise.all([upload(again), upload(again)]);
  for (const response of repeated) {
    expect(response.status).toBe(200);
    expect(PhotoView.parse(await response.json()).id).toBe(id);
  }
  const get = async (path: string) => (await fetch(`${again}/api/v1/${path}`, { headers })).json();
  await until(async () => PhotoView.parse(await get(`photos/${id}`)).job.state === 'done', 'the photo');
  expect(PhotoView.array().parse(await get('photos'))).toHaveLength(1);
  expect(MeView.parse(await get('me'))).toMatchObject({ photosLeft: free - 1, credits: { held: 0 } });
  expect(await withDatabase(config, (db) => brokenInvariants(db))).toEqual([]);
});
