import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { deleteAccount } from '../src/account-deletion.ts';
import { ownCode } from '../src/invite-binding.ts';
import { inviteOf } from '../src/invite-rows.ts';
import { ownInvites, reclaimInvites, voidInvite } from '../src/invites.ts';
import { capture, listLots, lockWallet, release } from '../src/wallets.ts';
import { type Member, openInvites, rules } from './invite-people.ts';
import { somebodyWaits } from './locks.ts';
import { BOUGHT, takeMoney } from './paid-orders.ts';

const { services, db, pool, clock, keys, join, order, pay, sweep, buy, refund, left, stateOf, use, settle, holdEach } =
  await openInvites();

it('gives both sides what was promised when the friend has paid for the first time, for 90 days', async () => {
  const lee = await join();
  const kim = await join({ by: lee });
  expect([await left(lee), await left(kim), await stateOf(kim)]).toEqual([0, 0, 'bound']);
  await buy(kim);
  expect([await left(lee), await left(kim), await stateOf(kim)]).toEqual([3, BOUGHT + 2, 'rewarded']);
  expect(await listLots(db, lee.walletId, clock())).toMatchObject([{ source: 'invite', batch: false, maxSide: 6000 }]);
  clock.advance(90 * 86_400);
  expect([await left(lee), await left(kim)]).toEqual([0, BOUGHT]);
});

it('waits with the reward until as much of the order is used as the smallest package costs, and gives nothing before', async () => {
  const lee = await join();
  const kim = await join({ by: lee });
  await pay(await order(kim));
  expect([await stateOf(kim), await settle(), await left(lee), await left(kim)]).toEqual(['bought', 0, 0, BOUGHT]);
  // Ten photos cost 150 yuan, so that three are less than the 49.80 of the smallest package, and four are more.
  await use(kim, 3);
  expect([await settle(), await stateOf(kim)]).toEqual([0, 'bought']);
  await use(kim, 1);
  expect([await settle(), await settle()]).toEqual([1, 0]);
  expect([await left(lee), await left(kim), await stateOf(kim)]).toEqual([3, BOUGHT - 4 + 2, 'rewarded']);
});

it('waits no longer than the money can be given back', async () => {
  const lee = await join();
  const kim = await join({ by: lee });
  await pay(await order(kim));
  clock.advance(30 * 86_400 - 1);
  expect(await settle()).toBe(0);
  clock.advance(1);
  expect([await settle(), await left(lee), await left(kim)]).toEqual([1, 3, BOUGHT + 2]);
});

it('rewards nobody for an order that is refunded, and followed by another, while the sweep is on its way', async () => {
  const lee = await join();
  const kim = await join({ by: lee });
  const first = await order(kim);
  await pay(first);
  clock.advance(30 * 86_400);
  const second = await order(kim);
  const settled = await db.transaction().execute(async (tx) => {
    await lockWallet(tx, kim.walletId);
    const settling = settle();
    await somebodyWaits(db);
    await voidInvite(tx, { orderId: first.id, now: clock() });
    await takeMoney(tx, services, second, clock());
    return { settling };
  });
  await settled.settling;
  expect([await stateOf(kim), await left(lee), await left(kim)]).toEqual(['bought', 0, 2 * BOUGHT]);
  clock.advance(30 * 86_400);
  await settle();
  expect([await stateOf(kim), await left(lee)]).toEqual(['rewarded', 3]);
});

it('gives a circle of friends who pay by themselves and have it refunded nothing, however many they are', async () => {
  const lee = await join();
  const friends: Member[] = [];
  for (let n = 0; n < 5; n += 1) friends.push(await join({ by: lee }));
  const orders = await Promise.all(friends.map(order));
  await Promise.all(orders.map((each, n) => pay(each, `payer-${n}`)));
  for (const friend of friends) await use(friend, 1);
  await settle();
  expect(await Promise.all([lee, ...friends].map(left))).toEqual([0, ...Array(5).fill(BOUGHT - 1)]);
  await Promise.all(orders.map(({ id }) => refund(id)));
  clock.advance(31 * 86_400);
  await settle();
  expect([await left(lee), ...(await Promise.all(friends.map(stateOf)))]).toEqual([0, ...Array(5).fill('bound')]);
});

it('rewards once: not for a second order, not for the same payment again, not for many at once', async () => {
  const lee = await join();
  const kim = await join({ by: lee });
  const orders = [await order(kim), await order(kim), await order(kim)];
  await Promise.all([...orders, ...orders, ...orders].map((each) => pay(each)));
  await Promise.all([sweep(), sweep(), sweep()]);
  expect([await left(lee), await left(kim)]).toEqual([3, 3 * BOUGHT + 2]);
});

it('rewards an inviter for so many friends in 30 days, also when they buy at once; the friends get theirs all the same', async () => {
  const few = { ...rules, INVITES_PER_MONTH: 2 };
  const lee = await join();
  const friends: Member[] = [];
  for (let n = 0; n < 4; n++) friends.push(await join({ by: lee, rules: few }));
  const orders = await Promise.all(friends.map(order));
  await Promise.all(orders.map((each) => pay(each)));
  await Promise.all([sweep(), sweep(), sweep()]);
  expect(await left(lee)).toBe(6);
  expect(await Promise.all(friends.map(left))).toEqual(Array(4).fill(BOUGHT + 2));
  // What is taken back does not make room.
  const rewarded = await Promise.all(friends.map(({ id }) => inviteOf(db, id)));
  await refund(String(rewarded.find((invite) => invite?.inviterGot)?.orderId));
  await buy(await join({ by: lee, rules: few }));
  expect(await left(lee)).toBe(3);
  clock.advance(31 * 86_400);
  await buy(await join({ by: lee, rules: few }));
  expect(await left(lee)).toBe(6);
});

it('takes back what is unused when the order is refunded, and never rewards that friend again', async () => {
  const lee = await join();
  const kim = await join({ by: lee });
  const { id } = await buy(kim);
  const [spent, open] = [randomUUID(), randomUUID()];
  await holdEach(lee, [spent, open]);
  await capture(db, spent, 1, clock());
  await Promise.all([refund(id), refund(id), refund(id)]);
  expect([await left(lee), await left(kim), await stateOf(kim)]).toEqual([0, BOUGHT, 'clawed_back']);
  // What was set aside for a job comes back when it fails, and goes with the next sweep.
  await release(db, open, clock());
  expect(await left(lee)).toBe(1);
  expect(await reclaimInvites(db, clock())).toBe(1);
  expect([await left(lee), await reclaimInvites(db, clock())]).toEqual([0, 0]);
  await buy(kim);
  expect([await left(lee), await left(kim)]).toEqual([0, 2 * BOUGHT]);
});

it('forgets the person with the account: no code, no address; the books stay', async () => {
  const lee = await join();
  const kim = await join({ by: lee });
  await buy(kim);
  const code = await ownCode(db, keys, lee, clock());
  expect(await ownInvites(db, lee.id, code, 'https://photos.example')).toEqual({
    own: {
      code,
      url: `https://photos.example/i/${code}`,
      friends: [{ state: 'rewarded', joinedAt: clock().toISOString(), boughtAt: clock().toISOString(), photos: 3 }],
    },
    invited: null,
  });
  for (const member of [kim, lee]) await deleteAccount(services, member.id, null);
  const { rows } = await pool.query(
    `select (select count(*)::int from invite_code where user_id = any($1)) as codes,
      (select count(*)::int from invite where invitee_id = any($1) and email_hash is not null) as addresses,
      (select count(*)::int from "user" where id = any($1) and (network is not null or seen_at is not null)) as seen`,
    [[lee.id, kim.id]],
  );
  expect(rows).toEqual([{ codes: 0, addresses: 0, seen: 0 }]);
});

it('gives the friend theirs when the inviter has left meanwhile', async () => {
  const lee = await join();
  const kim = await join({ by: lee });
  await deleteAccount(services, lee.id, null);
  await buy(kim);
  expect([await left(lee), await left(kim)]).toEqual([0, BOUGHT + 2]);
});
