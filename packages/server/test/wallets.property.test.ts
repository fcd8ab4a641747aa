import { randomUUID } from 'node:crypto';
import { AppError } from '@hili/contract';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { available, capture, createWallet, expireLots, grant, hold, mergeWallet, release } from '../src/wallets.ts';
import { testDatabase } from './harness.ts';

const { db } = await testDatabase();
const START = Date.UTC(2026, 0, 1);
const at = (day: number) => new Date(START + day * 86_400_000);
const DAY_OF_NEVER = Number.POSITIVE_INFINITY;

interface Lot {
  readonly ref: string;
  readonly key: string;
  readonly credits: number;
  avail: number;
  held: number;
  readonly expires: number;
  readonly order: number;
}
interface Hold {
  readonly jobId: string;
  readonly credits: number;
  readonly items: [Lot, number][];
  taken: number | undefined;
}

/** What the books should say, in a few lines of plain arithmetic. */
class Books {
  readonly lots: Lot[] = [];
  readonly holds: Hold[] = [];
  day = 0;
  consumed = 0;
  expired = 0;
  inOrder(): Lot[] {
    const live = this.lots.filter((lot) => lot.avail > 0 && lot.expires > this.day);
    return live.sort((a, b) => (a.expires === b.expires ? a.order - b.order : a.expires - b.expires));
  }
}

async function expectSame(books: Books, walletId: string): Promise<void> {
  const { rows } = await sql<{ ref: string; avail: number; held: number }>`
    select ref, avail, held from lot where wallet_id = ${walletId} order by id`.execute(db);
  expect(rows).toEqual(books.lots.map(({ ref, avail, held }) => ({ ref, avail, held })));
  const sums = await sql<{ consumed: number; expired: number; issued: number; left: number }>`
    select coalesce(sum(amount) filter (where account = 'sys:consumed'), 0)::int as consumed,
      coalesce(sum(amount) filter (where account = 'sys:expired'), 0)::int as expired,
      coalesce(-sum(amount) filter (where account = 'sys:issued'), 0)::int as issued,
      coalesce(sum(amount) filter (where account in ('avail', 'held')), 0)::int as left
    from posting p join lot l on l.id = p.lot_id where l.wallet_id = ${walletId}`.execute(db);
  const { consumed, expired, issued, left } = sums.rows[0]!;
  expect({ consumed, expired }).toEqual({ consumed: books.consumed, expired: books.expired });
  expect(issued).toBe(consumed + expired + left);
  expect(await available(db, walletId, at(books.day))).toBe(books.inOrder().reduce((sum, { avail }) => sum + avail, 0));
  expect((await sql`select * from ledger_breaks`.execute(db)).rows).toEqual([]);
}

const refused = (error: unknown) => {
  if (error instanceof AppError && error.code === 'NO_CREDITS') return false;
  throw error;
};

const act = fc.oneof(
  fc.record({
    kind: fc.constant('grant' as const),
    credits: fc.integer({ min: 1, max: 10 }),
    life: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(DAY_OF_NEVER)),
  }),
  fc.record({ kind: fc.constant('hold' as const), credits: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant('settle' as const), which: fc.nat(20), quarters: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('expire' as const) }),
  fc.record({ kind: fc.constant('repeat' as const), which: fc.nat(20) }),
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

async function perform(books: Books, walletId: string, step: Act): Promise<void> {
  const now = at(books.day);
  switch (step.kind) {
    case 'grant': {
      const expires = books.day + step.life;
      const [ref, key, order] = [`r${books.lots.length}`, randomUUID(), books.lots.length];
      const expiresAt = expires === DAY_OF_NEVER ? null : at(expires);
      const lot = { walletId, credits: step.credits, source: 'purchase', ref, expiresAt, key, actor: 'test' } as const;
      expect([await grant(db, lot, now), await grant(db, lot, now)]).toEqual([true, false]);
      books.lots.push({ ref, key, credits: step.credits, avail: step.credits, held: 0, expires, order });
      return;
    }
    case 'hold': {
      const jobId = randomUUID();
      const lots = books.inOrder();
      const enough = lots.reduce((sum, { avail }) => sum + avail, 0) >= step.credits;
      expect(await hold(db, walletId, jobId, step.credits, now).then(() => true, refused)).toBe(enough);
      if (!enough) return;
      const items: [Lot, number][] = [];
      let need = step.credits;
      for (const lot of lots) {
        const part = Math.min(need, lot.avail);
        if (part === 0) break;
        lot.avail -= part;
        lot.held += part;
        need -= part;
        items.push([lot, part]);
      }
      books.holds.push({ jobId, credits: step.credits, items, taken: undefined });
      return;
    }
    case 'settle': {
      const one = books.holds[step.which % Math.max(1, books.holds.length)];
      if (!one) return;
      const credits = Math.floor((one.credits * step.quarters) / 4);
      const settled = credits > 0 ? capture(db, one.jobId, credits, now) : release(db, one.jobId, now);
      if (one.taken !== undefined) {
        if (one.taken === credits) await settled;
        else await expect(settled).rejects.toThrow(/already_/);
        return;
      }
      await settled;
      let left = credits;
      for (const [lot, part] of one.items) {
        const taken = Math.min(left, part);
        left -= taken;
        lot.held -= part;
        lot.avail += part - taken;
      }
      books.consumed += credits;
      one.taken = credits;
      return;
    }
    case 'wait':
      books.day += step.days;
      return;
    case 'expire': {
      const lapsed = books.lots.filter(({ expires }) => expires <= books.day);
      const credits = lapsed.reduce((sum, { avail }) => sum + avail, 0);
      expect(await expireLots(db, now)).toBe(credits);
      for (const lot of lapsed) lot.avail = 0;
      books.expired += credits;
      return;
    }
    case 'repeat': {
      const one = books.holds[step.which % Math.max(1, books.holds.length)];
      if (one) await hold(db, walletId, one.jobId, one.credits, now);
    }
  }
}

it('keeps the books as plain arithmetic says, whatever is done in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 8, maxLength: 40, size: 'max' }), async (acts) => {
      // What an earlier run left is out of the way: every lot of it has lapsed and been taken.
      await sql`update lot set expires_at = '2000-01-01' where avail > 0`.execute(db);
      await expireLots(db, at(-1));
      const books = new Books();
      const walletId = await createWallet(db, 'user', at(0));
      for (const step of acts) {
        await perform(books, walletId, step);
        await expectSame(books, walletId);
      }
    }),
    { numRuns: 60 },
  );
}, 300_000);

it('never sells a credit twice, and settles each hold once, however many ask at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 8, maxLength: 16 }),
      async (credits, asks) => {
        const walletId = await createWallet(db, 'user', at(0));
        const lot = { walletId, source: 'purchase', actor: 'test' } as const;
        await grant(db, { ...lot, credits, expiresAt: at(9), key: randomUUID() }, at(0));
        await grant(db, { ...lot, credits: 3, expiresAt: at(5), key: randomUUID() }, at(0));
        const jobs = asks.map((quantity) => ({ jobId: randomUUID(), quantity }));
        const held = await Promise.all(
          jobs.flatMap((job) =>
            [0, 1].map(async () => ({
              job,
              ok: await hold(db, walletId, job.jobId, job.quantity, at(0)).then(() => true, refused),
            })),
          ),
        );
        const sold = [...new Set(held.filter(({ ok }) => ok).map(({ job }) => job))];
        const total = sold.reduce((sum, { quantity }) => sum + quantity, 0);
        expect(total).toBeLessThanOrEqual(credits + 3);
        expect(await available(db, walletId, at(0))).toBe(credits + 3 - total);

        const settled = await Promise.all(
          sold.map(async ({ jobId, quantity }) => {
            const tries = await Promise.allSettled([
              capture(db, jobId, quantity, at(0)),
              release(db, jobId, at(0)),
              capture(db, jobId, quantity, at(0)),
            ]);
            const [first, back, second] = tries.map(({ status }) => status === 'fulfilled');
            expect([first, back, second]).toEqual(back ? [false, true, false] : [true, false, true]);
            return back ? 0 : quantity;
          }),
        );
        const taken = settled.reduce((sum, quantity) => sum + quantity, 0);
        expect(await available(db, walletId, at(0))).toBe(credits + 3 - taken);
        expect((await sql`select * from ledger_breaks`.execute(db)).rows).toEqual([]);
      },
    ),
    { numRuns: 20 },
  );
}, 300_000);

it('merges a guest while its credits are being spent, and loses none', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), async (credits, asks) => {
      const [guest, account] = [await createWallet(db, 'guest', at(0)), await createWallet(db, 'user', at(0))];
      const lot = {
        walletId: guest,
        credits,
        source: 'free',
        expiresAt: null,
        key: randomUUID(),
        actor: 'test',
      } as const;
      await grant(db, lot, at(0));
      const jobs = Array.from({ length: asks }, () => randomUUID());
      const [, ...held] = await Promise.all([
        mergeWallet(db, guest, account, at(0)),
        ...jobs.map((jobId) => hold(db, guest, jobId, 1, at(0)).then(() => true, refused)),
      ]);
      const taken = jobs.filter((_, n) => held[n]);
      await Promise.all(taken.map((jobId) => capture(db, jobId, 1, at(0))));
      expect(await available(db, account, at(0))).toBe(credits - taken.length);
      expect((await sql`select * from ledger_breaks`.execute(db)).rows).toEqual([]);
    }),
    { numRuns: 20 },
  );
}, 300_000);
