import { expect, it } from 'vitest';
import { deleteAccount } from '../src/account-deletion.ts';
import { bindInvite, normalEmail, ownCode } from '../src/invite-binding.ts';
import { findOrCreateUser } from '../src/users.ts';
import { openInvites, rules } from './invite-people.ts';
import { BOUGHT } from './paid-orders.ts';

const { services, db, pool, clock, keys, join, buy, left, stateOf } = await openInvites();

it('keeps who invited somebody, and on which terms, for good', async () => {
  const [lee, max] = [await join(), await join()];
  const kim = await join({ by: lee, rules: { ...rules, INVITE_CREDITS_INVITER: 5 } });
  for (const change of [`inviter_id = '${max.id}'`, 'inviter_credits = 1000', 'per_month = 1000', 'bound_at = now()'])
    await expect(pool.query(`update invite set ${change} where invitee_id = '${kim.id}'`)).rejects.toThrow(/keeps/);
  await expect(pool.query(`delete from invite where invitee_id = '${kim.id}'`)).rejects.toThrow(/append-only/);
  await db.transaction().execute(async (tx) => {
    const code = await ownCode(tx, keys, max, clock());
    const again = { userId: kim.id, code, ownerCode: undefined, email: kim.email, network: null };
    await bindInvite(tx, keys, rules, again, clock());
  });
  await buy(kim);
  expect([await left(lee), await left(max)]).toEqual([5, 0]);
});

it('binds a new account only, in the moment that makes it', async () => {
  const [lee, max] = [await join(), await join()];
  const [row] = (await pool.query('select auth_id from "user" where id = $1', [max.id])).rows;
  const code = await ownCode(db, keys, lee, clock());
  await findOrCreateUser(db, row.auth_id, 'en', clock(), (tx, userId) =>
    bindInvite(tx, keys, rules, { userId, code, ownerCode: undefined, email: null, network: null }, clock()),
  );
  expect(await stateOf(max)).toBeUndefined();
});

it.each([
  ['the very address', 'Lee.Photos@gmail.com', 'leephotos@gmail.com'],
  ['a part after +', 'lee@example.org', 'lee+second@example.org'],
  ['dots that Gmail ignores, and its other name', 'l.e.e.3@gmail.com', 'lee3+x@googlemail.com'],
])('never binds anybody to themselves: %s', async (_, first, second) => {
  const lee = await join({ email: first.toLowerCase() });
  await ownCode(db, keys, lee, clock());
  const again = await join({ by: lee, email: second });
  await buy(again);
  expect([await stateOf(again), await left(lee), await left(again)]).toEqual([undefined, 0, BOUGHT]);
});

it('writes an address in its normal form, and leaves dots where they count', () => {
  expect(normalEmail('a.b+c@example.com')).toBe('a.b@example.com');
  expect(normalEmail('a.b+c@googlemail.com')).toBe('ab@gmail.com');
});

it('binds nothing for a code that nobody has, of somebody who has left, or while invites are off', async () => {
  const [lee, max] = [await join(), await join()];
  const codes = [await ownCode(db, keys, lee, clock()), 'BBBBBBBB'];
  await deleteAccount(services, lee.id, null);
  for (const code of codes) {
    await db
      .transaction()
      .execute((tx) =>
        bindInvite(
          tx,
          keys,
          rules,
          { userId: max.id, code, ownerCode: undefined, email: null, network: null },
          clock(),
        ),
      );
  }
  expect(await stateOf(max)).toBeUndefined();
  const off = { ...rules, INVITE_CREDITS_INVITER: 0, INVITE_CREDITS_INVITEE: 0 };
  expect(await stateOf(await join({ by: max, rules: off }))).toBeUndefined();
});
