import { afterEach, expect, it } from 'vitest';
import { deleteAccount } from '../src/account-deletion.ts';
import { takeOver } from '../src/adoption.ts';
import { photosLeft } from '../src/free-photos.ts';
import { cancel, runAgain, submit } from '../src/jobs.ts';
import { claim, finish } from '../src/leases.ts';
import type { Person } from '../src/owners.ts';
import { findOwnPhoto, listOwnPhotos } from '../src/photos.ts';
import { removeDuePhotos } from '../src/retention.ts';
import { findOrCreateUser } from '../src/users.ts';
import { findOrCreateVisitor, findVisitor, type Visitor } from '../src/visitors.ts';
import { available, brokenInvariants, grant } from '../src/wallets.ts';
import { dyingAt } from './dying.ts';
import { storedUpload, testServices } from './harness.ts';

const services = await testServices({ FREE_PER_ADDRESS: '1000' });
const { db, pool, clock, config, keys, events, connection } = services;
const plan = { recipe: 'sr', options: {} } as const;
const ADDRESS = '192.0.2.1';

afterEach(async () => {
  expect(await brokenInvariants(db)).toEqual([]);
});

async function guest(): Promise<Visitor & { newCookie: string }> {
  const visitor = await findOrCreateVisitor(db, keys, undefined, ADDRESS, clock());
  return { ...visitor, newCookie: String(visitor.newCookie) };
}
async function member(): Promise<Person> {
  const { rows } = await pool.query(
    `insert into auth."user" (name, email, "emailVerified") values ('', gen_random_uuid() || '@example.com', true) returning id`,
  );
  const { id, walletId } = await findOrCreateUser(db, rows[0].id, 'en', clock());
  return { kind: 'user', id, walletId, address: Buffer.from('x') };
}
const photoOf = async (owner: Person) =>
  submit(services, { owner, file: await storedUpload(services, Buffer.from('p')), ...plan });
async function succeed(jobId: string): Promise<void> {
  const run = await claim(services, jobId);
  const { key } = await storedUpload(services, Buffer.from('r'));
  const result = { key, format: 'jpeg', width: 2, height: 2, bytes: 1 };
  await finish(services, run!, result, { changed: true, ms: 1, steps: [] });
}
const left = async (person: Person) => (await photosLeft(db, config, person, clock())).left;
const buy = (walletId: string, credits: number) =>
  grant(
    db,
    { walletId, credits, source: 'purchase', batch: true, expiresAt: null, key: `buy ${walletId}`, actor: 'test' },
    clock(),
  );

it('gives a user what they had as a guest: photos, jobs under way, and credits', async () => {
  const visitor = await guest();
  await buy(visitor.walletId, 5);
  const done = await photoOf(visitor);
  await succeed(done.job.id);
  const underWay = await photoOf(visitor);
  const user = await member();
  expect(await takeOver(db, visitor.newCookie, user.id, clock())).toBe(true);
  expect((await listOwnPhotos(db, user, clock())).map(({ id }) => id).sort()).toEqual([done.id, underWay.id].sort());
  expect(await listOwnPhotos(db, visitor, clock())).toEqual([]);
  expect(await available(db, user.walletId, clock())).toBe(3);
  await succeed(underWay.job.id);
  expect(await findOwnPhoto(db, user, underWay.id)).toMatchObject({ job: { state: 'done' } });
  expect(await available(db, user.walletId, clock())).toBe(3);
  // The cookie is nobody's any more: whoever comes with it is somebody new.
  expect(await findVisitor(db, keys, visitor.newCookie, ADDRESS)).toBeUndefined();
});

it('happens once, however many requests come at once and again', async () => {
  const visitor = await guest();
  await buy(visitor.walletId, 5);
  const photo = await photoOf(visitor);
  const [user, other] = [await member(), await member()];
  const tries = await Promise.all(
    Array.from({ length: 12 }, (_, n) => takeOver(db, visitor.newCookie, n % 3 ? user.id : other.id, clock())),
  );
  expect(tries.filter(Boolean)).toHaveLength(1);
  expect(await takeOver(db, visitor.newCookie, user.id, clock())).toBe(false);
  const owners = await Promise.all([user, other].map((person) => findOwnPhoto(db, person, photo.id)));
  expect(owners.filter(Boolean)).toHaveLength(1);
  const credits = await Promise.all([user, other].map(({ walletId }) => available(db, walletId, clock())));
  expect(credits.sort()).toEqual([0, 4]);
  await cancel(services, photo.id);
});

it('takes several guests over, as from a phone and a desk', async () => {
  const user = await member();
  for (const credits of [2, 3]) {
    const visitor = await guest();
    await buy(visitor.walletId, credits);
    await takeOver(db, visitor.newCookie, user.id, clock());
  }
  expect(await available(db, user.walletId, clock())).toBe(5);
});

it('moves all or nothing when it is killed between any two statements, and the next request moves the rest', async () => {
  const whole = dyingAt(connection, 0);
  const first = await guest();
  await takeOver(whole.db, first.newCookie, (await member()).id, clock());
  await whole.end();
  const statements = whole.statements();
  expect(statements).toBeGreaterThan(6);
  for (let n = 1; n <= statements; n++) {
    const visitor = await guest();
    await buy(visitor.walletId, 5);
    const photo = await photoOf(visitor);
    const user = await member();
    const dying = dyingAt(connection, n);
    await expect(takeOver(dying.db, visitor.newCookie, user.id, clock()), `statement ${n}`).rejects.toThrow();
    await dying.end().catch(() => {});
    const moved = (await findOwnPhoto(db, user, photo.id)) !== undefined;
    expect([await available(db, user.walletId, clock()), await available(db, visitor.walletId, clock())]).toEqual(
      moved ? [4, 0] : [0, 4],
    );
    expect(await brokenInvariants(db)).toEqual([]);
    expect(await takeOver(db, visitor.newCookie, user.id, clock())).toBe(!moved);
    expect(await findOwnPhoto(db, user, photo.id)).toBeDefined();
    expect(await available(db, user.walletId, clock())).toBe(4);
    await cancel(services, photo.id);
  }
});

it('leaves an account whole or deleted when it is killed between any two statements', async () => {
  const removed = async (at: number) => {
    const user = await member();
    const photo = await photoOf(user);
    const dying = dyingAt(connection, at);
    const ended = await deleteAccount({ ...services, db: dying.db }, user.id, null).then(
      () => true,
      () => false,
    );
    await dying.end().catch(() => {});
    return { user, photo, ended, statements: dying.statements() };
  };
  const { statements } = await removed(0);
  for (let n = 1; n <= statements; n++) {
    const { user, photo, ended } = await removed(n);
    expect(ended, `statement ${n}`).toBe(false);
    const { rows } = await pool.query('select auth_id, deleted_at from "user" where id = $1', [user.id]);
    const after = await findOwnPhoto(db, user, photo.id);
    if (rows[0].deleted_at === null) {
      expect(after?.job.state).toBe('queued');
      await deleteAccount(services, user.id, null);
    } else expect(after?.expiresAt).toEqual(clock());
    // The database may take a moment to see that its client is gone, and to let go of the photo.
    await expect
      .poll(async () => {
        await removeDuePhotos(services);
        return (await findOwnPhoto(db, user, photo.id))?.uploadKey;
      })
      .toBeNull();
    expect(await findOwnPhoto(db, user, photo.id)).toMatchObject({ name: '', job: { state: 'failed' } });
  }
});

it('counts free photos once: what a guest has left of the day is what the user has left', async () => {
  const visitor = await guest();
  await succeed((await photoOf(visitor)).job.id);
  expect(await left(visitor)).toBe(2);
  const user = await member();
  await takeOver(db, visitor.newCookie, user.id, clock());
  expect(await left(user)).toBe(2);
  await succeed((await photoOf(user)).job.id);
  await succeed((await photoOf(user)).job.id);
  await expect(photoOf(user)).rejects.toMatchObject({ code: 'NO_CREDITS' });
});

it('gives a user who has had the free photos of the day none by coming as a guest again', async () => {
  const user = await member();
  await succeed((await photoOf(user)).job.id);
  for (let again = 0; again < 3; again++) {
    const visitor = await guest();
    await succeed((await photoOf(visitor)).job.id);
    await takeOver(db, visitor.newCookie, user.id, clock());
    expect(await left(user)).toBe(2);
  }
  clock.advance(86_400);
  expect(await left(user)).toBe(3);
});

it('grants a user’s free photos once while a guest’s are taken over', async () => {
  for (let race = 0; race < 10; race++) {
    const visitor = await guest();
    await succeed((await photoOf(visitor)).job.id);
    const user = await member();
    const [, photo] = await Promise.all([takeOver(db, visitor.newCookie, user.id, clock()), photoOf(user)]);
    expect(await left(user)).toBeLessThanOrEqual(2);
    await succeed(photo.job.id);
  }
});

it('takes a file for the user when its guest has signed in while it was on its way', async () => {
  const visitor = await guest();
  const user = await member();
  await takeOver(db, visitor.newCookie, user.id, clock());
  const photo = await photoOf(visitor);
  expect(await findOwnPhoto(db, user, photo.id)).toBeDefined();
  await succeed(photo.job.id);
  const { photo: again } = await runAgain(services, { owner: visitor, photoId: photo.id, ...plan });
  expect(again.userId).toBe(user.id);
  await cancel(services, photo.id);
});

it('loses no photo and no credit when uploads and the sign-in race', async () => {
  for (let race = 0; race < 10; race++) {
    const visitor = await guest();
    await buy(visitor.walletId, 4);
    const user = await member();
    const uploads = await Promise.all([
      photoOf(visitor),
      photoOf(visitor),
      takeOver(db, visitor.newCookie, user.id, clock()),
      photoOf(visitor),
    ]);
    for (const photo of uploads) if (photo !== true && photo !== false) await succeed(photo.job.id);
    expect(await listOwnPhotos(db, user, clock())).toHaveLength(3);
    expect(await available(db, user.walletId, clock())).toBe(1);
  }
});

it('takes nothing for an account that is deleted meanwhile', async () => {
  const user = await member();
  await buy(user.walletId, 20);
  const tries = await Promise.allSettled([
    photoOf(user),
    photoOf(user),
    deleteAccount(services, user.id, null),
    photoOf(user),
  ]);
  for (const one of tries)
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'SIGN_IN_REQUIRED' });
  await expect(photoOf(user)).rejects.toMatchObject({ code: 'SIGN_IN_REQUIRED' });
  expect(await listOwnPhotos(db, user, clock())).toEqual([]);
});

it('tells the pages of the guest to come back as the user’s', async () => {
  const visitor = await guest();
  const told = Promise.withResolvers<string>();
  const unsubscribe = events.subscribe(`owner:${visitor.id}`, ({ kind }) => told.resolve(kind));
  await takeOver(db, visitor.newCookie, (await member()).id, clock());
  expect(await told.promise).toBe('moved');
  unsubscribe();
});

it('makes one user of many first requests at once', async () => {
  const { rows } = await pool.query(
    `insert into auth."user" (name, email, "emailVerified") values ('', 'many@example.com', true) returning id`,
  );
  const users = await Promise.all(Array.from({ length: 10 }, () => findOrCreateUser(db, rows[0].id, 'zh', clock())));
  expect(new Set(users.map(({ id }) => id)).size).toBe(1);
  const unowned = await pool.query(
    `select id from wallet w where kind = 'user' and not exists (select 1 from "user" where wallet_id = w.id)`,
  );
  expect(unowned.rows).toEqual([]);
});
