import { afterEach, expect, it } from 'vitest';
import { deleteAccount } from '../src/account-deletion.ts';
import { complain } from '../src/complaints.ts';
import { askFapiao } from '../src/fapiao.ts';
import { retryJob } from '../src/job-acts.ts';
import { submit } from '../src/jobs.ts';
import { claim, fail, finish } from '../src/leases.ts';
import { findOrder } from '../src/order-rows.ts';
import type { Person } from '../src/owners.ts';
import { findPhoto } from '../src/photos.ts';
import { findOrCreateUser, findUser, noteSeen } from '../src/users.ts';
import { brokenInvariants, grant } from '../src/wallets.ts';
import { storedUpload, testServices } from './harness.ts';
import { openOrder, takeMoney } from './paid-orders.ts';

const services = await testServices({ FREE_PER_DAY: '0' });
const { db, pool, clock } = services;
const plan = { recipe: 'sr', options: {} } as const;
const by = { operator: 'op@example.com', origin: 'console', address: null } as const;

afterEach(async () => expect(await brokenInvariants(db)).toEqual([]));

/** Somebody with an account and bought photos. */
async function member(): Promise<Person> {
  const { rows } = await pool.query(
    `insert into auth."user" (name, email, "emailVerified") values ('', gen_random_uuid() || '@example.com', true) returning id`,
  );
  const { id, walletId } = await findOrCreateUser(db, rows[0].id, 'en', clock());
  const bought = { walletId, credits: 5, source: 'purchase', batch: true, expiresAt: null, key: `buy ${id}` } as const;
  await grant(db, { ...bought, actor: 'test' }, clock());
  return { kind: 'user', id, walletId, address: Buffer.from('x') };
}
const photoOf = async (owner: Person) =>
  submit(services, { owner, file: await storedUpload(services, Buffer.from('p')), ...plan });

it('keeps nothing of what somebody says while their account is being deleted', async () => {
  const user = await member();
  const row = (await findUser(db, user.id))!;
  const photo = await photoOf(user);
  const { key } = await storedUpload(services, Buffer.from('r'));
  const made = { key, format: 'jpeg', width: 2, height: 2, bytes: 1 } as const;
  await finish(services, (await claim(services, photo.job.id))!, made, { changed: true, ms: 1, steps: [] });
  const open = await openOrder(db, user, clock());
  await db.transaction().execute((tx) => takeMoney(tx, services, open, clock()));
  const order = (await findOrder(db, open.id))!;
  const restored = (await findPhoto(db, photo.id))!;

  await deleteAccount(services, user.id, null);
  const who = { language: 'zh', operator: undefined } as const;
  await expect(
    askFapiao(db, order, { title: 'Kim Lee', email: 'kim@example.com' }, who, clock()),
  ).rejects.toMatchObject({
    code: 'SIGN_IN_REQUIRED',
  });
  const said = { fault: 'other', text: 'my name is Kim', mayLook: true } as const;
  await expect(complain(db, { photo: restored, ...said, ...who }, clock())).rejects.toMatchObject({
    code: 'SIGN_IN_REQUIRED',
  });
  await noteSeen(db, row, Buffer.from('network'), clock());
  const { rows } = await pool.query(`select network, seen_at from "user" where id = $1`, [user.id]);
  expect(rows).toEqual([{ network: null, seen_at: null }]);
});

it('lets an operator retry jobs while their owner deletes the account, and neither fails', async () => {
  for (let i = 0; i < 12; i++) {
    const user = await member();
    const photos = [await photoOf(user), await photoOf(user)];
    for (const { job } of photos) await fail(services, (await claim(services, job.id))!, 'INTERNAL', false);
    const [deleted, ...retried] = await Promise.allSettled([
      deleteAccount(services, user.id, null),
      ...photos.map(({ job }) => retryJob(services, by, job.id, 'asked by mail')),
    ]);
    expect(deleted.status).toBe('fulfilled');
    // Whoever was slower finds nobody, and never a deadlock.
    for (const one of retried)
      if (one.status === 'rejected')
        expect(one.reason).toMatchObject({ code: expect.stringMatching(/^[A-Z]+_[A-Z_]+$/) });
  }
});
