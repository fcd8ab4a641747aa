import { expect, it } from 'vitest';
import { confirmClaim, openClaim } from '../src/claims.ts';
import type { Change } from '../src/events.ts';
import { bindInvite, ownCode } from '../src/invite-binding.ts';
import { matureRebates } from '../src/rebate-rows.ts';
import { accrueRebate, rejectRebate } from '../src/rebates.ts';
import { findOrCreateUser } from '../src/users.ts';
import { testServices } from './harness.ts';
import { openOrder } from './paid-orders.ts';

// What an open page of somebody hears, though their number of photos stays the same.
const { db, events, pool, clock, keys, config } = await testServices();

async function join(welcome?: Parameters<typeof findOrCreateUser>[4]) {
  const { rows } = await pool.query(
    `insert into auth."user" (name, email, "emailVerified") values ('', gen_random_uuid() || '@example.com', true) returning id`,
  );
  return findOrCreateUser(db, rows[0].id, 'en', clock(), welcome);
}
/** What the pages of a user have heard since the last time. */
function pagesOf({ id }: { id: string }) {
  const heard: Change[] = [];
  events.subscribe(`owner:${id}`, (change) => heard.push(change));
  return async () => {
    await expect.poll(() => heard.length, { timeout: 10_000 }).toBeGreaterThan(0);
    return heard.splice(0);
  };
}
const NEWS = [{ kind: 'news' }];

it('is told when cash back can be claimed, is claimed, and is refused', async () => {
  const lee = await join();
  const max = await join();
  const hear = pagesOf(lee);
  const hearMax = pagesOf(max);
  for (const buyer of [lee, lee, max]) {
    const order = await openOrder(db, buyer, clock());
    const rules = { REBATE_FEN: 'photos-10:600', REBATE_DAYS: 0 };
    await db.transaction().execute((tx) => accrueRebate(tx, rules, order, clock()));
  }
  expect(await matureRebates(db, clock())).toBe(3);
  // Once for both of Lee's.
  expect([await hear(), await hearMax()]).toEqual([NEWS, NEWS]);
  const { token } = await openClaim(db, max.id, clock());
  await confirmClaim(db, keys, token, { wechat: 'max_1990', name: 'Max' }, clock());
  expect(await hearMax()).toEqual(NEWS);
  const { id } = await db.selectFrom('rebate').select('id').where('userId', '=', max.id).executeTakeFirstOrThrow();
  await rejectRebate(db, id, 'no such person', { userId: undefined, name: 'operator' });
  expect(await hearMax()).toEqual(NEWS);
});

it('is told when a friend signs up by its link', async () => {
  const lee = await join();
  const hear = pagesOf(lee);
  const code = await ownCode(db, keys, { id: lee.id, email: 'lee@example.com' }, clock());
  await join((tx, userId) => {
    const newcomer = { userId, code, ownerCode: undefined, email: 'kim@example.com', network: null };
    return bindInvite(tx, keys, config, newcomer, clock());
  });
  expect(await hear()).toEqual(NEWS);
});
