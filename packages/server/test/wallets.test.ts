import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, expect, it } from 'vitest';
import type { Db } from '../src/database.ts';
import {
  available,
  brokenInvariants,
  capture,
  createWallet,
  expireLots,
  type Grant,
  grant,
  hold,
  lockWallet,
  mergeWallet,
  release,
} from '../src/wallets.ts';
import { testClock, testDatabase } from './harness.ts';

const { db } = await testDatabase();
const clock = testClock();
const HOUR = 3_600_000;
const inHours = (hours: number) => new Date(clock().getTime() + hours * HOUR);

const walletWith = async (...lots: Partial<Grant>[]) => {
  const walletId = await createWallet(db, 'user', clock());
  for (const lot of lots)
    await grant(
      db,
      { walletId, credits: 1, source: 'purchase', expiresAt: null, key: randomUUID(), actor: 'test', ...lot },
      clock(),
    );
  return walletId;
};
/** The ledger alone: these tests have holds without jobs. */
const ledgerBreaks = async (from: Db) => (await sql`select * from ledger_breaks`.execute(from)).rows;
const lots = async (walletId: string) =>
  (
    await sql<{ avail: number; held: number }>`
      select avail, held from lot where wallet_id = ${walletId} order by id`.execute(db)
  ).rows;

afterEach(async () => expect(await ledgerBreaks(db)).toEqual([]));

it('spends the lot that lapses first, and one that never lapses last', async () => {
  const wallet = await walletWith(
    { credits: 2 },
    { credits: 2, expiresAt: inHours(5) },
    { credits: 2, expiresAt: inHours(2) },
  );
  await hold(db, wallet, randomUUID(), 3, clock());
  expect(await lots(wallet)).toEqual([
    { avail: 2, held: 0 },
    { avail: 1, held: 1 },
    { avail: 0, held: 2 },
  ]);
});

it('grants once for a key, and refuses the key for another request', async () => {
  const wallet = await walletWith();
  const lot: Grant = {
    walletId: wallet,
    credits: 5,
    source: 'partner',
    expiresAt: null,
    key: randomUUID(),
    actor: 'test',
  };
  expect(await grant(db, lot, clock())).toBe(true);
  expect(await grant(db, lot, clock())).toBe(false);
  await expect(grant(db, { ...lot, credits: 6 }, clock())).rejects.toThrow(/idempotency key reused/);
  expect(await available(db, wallet, clock())).toBe(5);
});

it('captures or releases a hold once, and refuses the other afterwards', async () => {
  const wallet = await walletWith({ credits: 2 });
  const [taken, back] = [randomUUID(), randomUUID()];
  await hold(db, wallet, taken, 1, clock());
  await hold(db, wallet, back, 1, clock());
  expect(await available(db, wallet, clock())).toBe(0);
  for (let twice = 0; twice < 2; twice++) {
    await capture(db, taken, 1, clock());
    await release(db, back, clock());
  }
  await expect(release(db, taken, clock())).rejects.toThrow(/already_captured/);
  await expect(capture(db, back, 1, clock())).rejects.toThrow(/already_released/);
  await expect(capture(db, randomUUID(), 1, clock())).rejects.toThrow(/no_hold/);
  expect(await available(db, wallet, clock())).toBe(1);
});

it('refuses what is not there, and leaves no trace of it', async () => {
  const wallet = await walletWith({ credits: 2 });
  await expect(hold(db, wallet, randomUUID(), 3, clock())).rejects.toMatchObject({ code: 'NO_CREDITS' });
  await expect(hold(db, randomUUID(), randomUUID(), 1, clock())).rejects.toMatchObject({ code: 'NO_CREDITS' });
  expect(await available(db, wallet, clock())).toBe(2);
});

it('captures a hold after its lot has lapsed, and takes a credit out of circulation that comes back too late', async () => {
  const wallet = await walletWith({ credits: 4, expiresAt: inHours(1) });
  const [taken, back] = [randomUUID(), randomUUID()];
  await hold(db, wallet, taken, 1, clock());
  await hold(db, wallet, back, 2, clock());
  clock.advance(3600);
  expect(await available(db, wallet, clock())).toBe(0);
  await expect(hold(db, wallet, randomUUID(), 1, clock())).rejects.toMatchObject({ code: 'NO_CREDITS' });
  expect(await expireLots(db, clock())).toBe(1);
  await capture(db, taken, 1, clock());
  await release(db, back, clock());
  expect(await available(db, wallet, clock())).toBe(0);
  expect(await expireLots(db, clock())).toBe(2);
  expect(await expireLots(db, clock())).toBe(0);
});

it('takes what lapsed without waiting for a wallet that is in use, which the next sweep takes, so that nobody waits in a circle', async () => {
  const wallets = [await walletWith({ expiresAt: inHours(1) }), await walletWith({ expiresAt: inHours(1) })].sort();
  clock.advance(3600);
  const taken = await db.transaction().execute(async (tx) => {
    await lockWallet(tx, wallets[1]!);
    const expiring = expireLots(db, clock());
    expiring.catch(() => {});
    await Promise.race([expiring, sleep(1000)]);
    await lockWallet(tx, wallets[0]!);
    return { expiring };
  });
  expect([await taken.expiring, await expireLots(db, clock())]).toEqual([1, 1]);
});

it('refuses to change or remove what is in the books, and a transaction that does not balance', async () => {
  const wallet = await walletWith({ credits: 1 });
  for (const change of [
    sql`update posting set amount = 1`,
    sql`delete from posting`,
    sql`truncate posting`,
    sql`update txn set actor = 'me'`,
    sql`delete from txn`,
    sql`truncate txn cascade`,
  ])
    await expect(change.execute(db)).rejects.toThrow(/append-only/);
  const unbalanced = sql`insert into posting (txn_id, lot_id, account, amount)
    select t.id, l.id, 'avail', 1 from lot l join txn t on t.wallet_id = l.wallet_id where l.wallet_id = ${wallet}`;
  await expect(unbalanced.execute(db)).rejects.toThrow(/unbalanced/);
});

it('sees a break of the books when there is one', async () => {
  const wallet = await walletWith({ credits: 4 });
  const jobId = randomUUID();
  await hold(db, wallet, jobId, 1, clock());
  expect(await brokenInvariants(db)).toContainEqual(expect.stringMatching(/^open hold without job/));
  for (const tamper of [
    sql`update lot set avail = avail - 1 where wallet_id = ${wallet}`,
    sql`update lot set avail = avail + 1, held = held - 1 where wallet_id = ${wallet}`,
    sql`update hold set qty = 2 where job_id = ${jobId}`,
    sql`update hold set state = 'released' where job_id = ${jobId}`,
  ]) {
    const rolledBack = db.transaction().execute(async (tx) => {
      await tamper.execute(tx);
      expect(await ledgerBreaks(tx)).not.toEqual([]);
      throw new Error('put it back');
    });
    await expect(rolledBack).rejects.toThrow('put it back');
  }
});

it('moves a guest with a hold under way to an account once, whoever asks how often', async () => {
  const account = await walletWith({ credits: 5 });
  const guest = await createWallet(db, 'guest', clock());
  await grant(
    db,
    { walletId: guest, credits: 3, source: 'free', expiresAt: null, key: randomUUID(), actor: 'test' },
    clock(),
  );
  const [jobId, open] = [randomUUID(), randomUUID()];
  for (const job of [jobId, open]) await hold(db, guest, job, 1, clock());
  const settled = capture(db, jobId, 1, clock());
  const merged = await Promise.all(Array.from({ length: 8 }, () => mergeWallet(db, guest, account, clock())));
  await settled;
  expect(merged).toEqual(Array(8).fill(true));
  expect(await available(db, account, clock())).toBe(6);
  expect(await ledgerBreaks(db)).toEqual([]);
  await release(db, open, clock());
  expect(await available(db, account, clock())).toBe(7);
  expect(await mergeWallet(db, guest, await walletWith(), clock())).toBe(false);
  await expect(mergeWallet(db, account, await walletWith(), clock())).rejects.toThrow(/only guest/);
  await expect(hold(db, guest, randomUUID(), 1, clock())).rejects.toMatchObject({ code: 'NO_CREDITS' });
  const late: Grant = {
    walletId: guest,
    credits: 1,
    source: 'free',
    expiresAt: null,
    key: randomUUID(),
    actor: 'test',
  };
  await expect(grant(db, late, clock())).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
});
