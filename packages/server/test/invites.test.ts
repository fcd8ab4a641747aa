import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { deleteAccount } from '../src/account-deletion.ts';
import type { Db } from '../src/database.ts';
import { bindInvite, type InviteRules, normalEmail, ownCode } from '../src/invite-binding.ts';
import { inviteOf, listCases } from '../src/invite-rows.ts';
import {
  approveInvite,
  ownInvites,
  qualifyInvite,
  reclaimInvites,
  refuseInvite,
  rewardInvites,
  voidInvite,
} from '../src/invites.ts';
import { networkOf } from '../src/networks.ts';
import { findOrCreateUser, noteSeen } from '../src/users.ts';
import { available, brokenInvariants, capture, hold, listLots, release } from '../src/wallets.ts';
import { dyingAt } from './dying.ts';
import { testServices } from './harness.ts';
import { BOUGHT, type OpenOrder, openOrder, takeMoney } from './paid-orders.ts';

const services = await testServices();
const { db, pool, clock, keys, connection } = services;
const rules: InviteRules = {
  INVITE_CREDITS_INVITER: 3,
  INVITE_CREDITS_INVITEE: 2,
  INVITE_DAYS: 90,
  INVITES_PER_MONTH: 20,
  REFUND_DAYS: 30,
};
const operator = { userId: undefined, name: 'operator' };

afterEach(async () => {
  expect(await brokenInvariants(db)).toEqual([]);
});

interface Member {
  readonly id: string;
  readonly walletId: string;
  readonly email: string;
}

interface Arrival {
  readonly by?: Member | undefined;
  readonly email?: string;
  readonly address?: string;
  readonly ownDevice?: boolean;
  readonly rules?: InviteRules;
}

let people = 0;
/** Somebody who signs up, with the link of who invited them where there was one, each at a network of their own. */
async function join(arrival: Arrival = {}, on: Db = db): Promise<Member> {
  people += 1;
  const { by, email = `friend${people}@example.com`, ownDevice = false } = arrival;
  const network = networkOf(keys, arrival.address ?? `10.${people >> 8}.${people & 255}.7`);
  const code = by && (await ownCode(db, keys, by, clock()));
  const { rows } = await pool.query(
    `insert into auth."user" (name, email, "emailVerified") values ('', $1, true) returning id`,
    [email],
  );
  const newcomer = { code, ownerCode: ownDevice ? code : undefined, email, network };
  const row = await findOrCreateUser(on, rows[0].id, 'en', clock(), (tx, userId) =>
    bindInvite(tx, keys, arrival.rules ?? rules, { userId, ...newcomer }, clock()),
  );
  await noteSeen(db, row, network, clock());
  return { id: row.id, walletId: row.walletId, email };
}

const order = (member: Member) => openOrder(db, member, clock());

/** Money comes in for an order, and with it what an invite promises: one transaction. */
async function pay(bought: OpenOrder, payer: string | null = null, on: Db = db) {
  await on.transaction().execute(async (tx) => {
    await takeMoney(tx, services, bought, clock(), payer);
    await qualifyInvite(tx, { userId: bought.userId, orderId: bought.id, now: clock() });
  });
}
/** The same where nothing that is paid is ever given back: whom it rewards, it rewards at once. */
const sweep = (on: Db = db) => rewardInvites(on, { REFUND_DAYS: 0 }, clock());
async function buy(member: Member, payer: string | null = null): Promise<OpenOrder> {
  const bought = await order(member);
  await pay(bought, payer);
  await sweep();
  return bought;
}
const refund = (orderId: string, on: Db = db) =>
  on.transaction().execute((tx) => voidInvite(tx, { orderId, now: clock() }));
const left = ({ walletId }: Member) => available(db, walletId, clock());
const stateOf = async ({ id }: Member) => (await inviteOf(db, id))?.state;

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

/** A member uses so many photos. */
async function use(member: Member, photos: number): Promise<void> {
  const job = randomUUID();
  await hold(db, member.walletId, job, photos, clock());
  await capture(db, job, photos, clock());
}
const settle = () => rewardInvites(db, rules, clock());

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

it('lays an invite before an operator when both are at one network within a day, or at one device', async () => {
  const lee = await join({ address: '192.0.2.1' });
  const near = await join({ by: lee, address: '192.0.2.200' });
  const device = await join({ by: lee, ownDevice: true });
  const far = await join({ by: lee, address: '192.0.3.1' });
  const house = await join({ address: '2001:db8:0:1::/64' });
  const room = await join({ by: house, address: '2001:db8:0:1::/64' });
  clock.advance(86_401);
  const later = await join({ by: lee, address: '192.0.2.201' });
  const friends = [near, device, far, room, later];
  for (const friend of friends) await buy(friend);
  expect(await Promise.all(friends.map(stateOf))).toEqual(['review', 'review', 'rewarded', 'review', 'rewarded']);
  expect([await left(lee), await left(near)]).toEqual([6, BOUGHT]);
});

it('lays an invite before an operator when the friend pays as the inviter does, has been here before, or many join in a day', async () => {
  const lee = await join();
  await buy(lee, 'openid-1');
  const payer = await join({ by: lee });
  await buy(payer, 'openid-1');
  const other = await join({ by: lee });
  await buy(other, 'openid-2');
  await ownCode(db, keys, { id: other.id, email: 'x.y@gmail.com' }, clock());
  const known = await join({ by: lee, email: 'xy+1@gmail.com' });
  await buy(known);
  const crowd = [await join({ by: lee }), await join({ by: lee }), await join({ by: lee })];
  for (const friend of crowd) await buy(friend);
  const suspicion = async ({ id }: Member) => (await inviteOf(db, id))?.suspicion;
  expect(await Promise.all([payer, other, known, ...crowd].map(suspicion))).toEqual([
    ...['payer', null, 'email', null],
    ...[null, 'burst'],
  ]);
  expect(await left(lee)).toBe(BOUGHT + 3 * 3);
});

it('lays a customer before an operator who begins anew as a friend, whoever invites them, since they pay as before', async () => {
  const [lee, max] = [await join(), await join()];
  const kim = await join({ by: lee });
  await buy(kim, 'openid-7');
  await deleteAccount(services, kim.id, null);
  clock.advance(2 * 86_400);
  const again = await join({ by: max, email: kim.email });
  await buy(again, 'openid-7');
  await buy(again, 'openid-7');
  expect(await inviteOf(db, again.id)).toMatchObject({ state: 'review', suspicion: 'payer' });
  expect([await left(max), await left(again)]).toEqual([0, 2 * BOUGHT]);
});

it('looks at an inviter’s next friends once a reward was used and its order then refunded', async () => {
  const lee = await join();
  const [kim, max, ann] = [await join({ by: lee }), await join({ by: lee }), await join({ by: lee })];
  const unused = await buy(kim);
  await refund(unused.id);
  const used = await buy(max);
  expect(await stateOf(max), 'an order that was refunded unused is no reason').toBe('rewarded');
  const spent = randomUUID();
  await jobs(max, [spent]);
  await capture(db, spent, 1, clock());
  await refund(used.id);
  await buy(ann);
  expect(await inviteOf(db, ann.id)).toMatchObject({ state: 'review', suspicion: 'refund' });
  expect([await left(lee), await left(ann)]).toEqual([0, BOUGHT]);
});

it('lets an operator approve or refuse what is in review, once, and nobody their own', async () => {
  const lee = await join();
  const [kim, max] = [await join({ by: lee, ownDevice: true }), await join({ by: lee, ownDevice: true })];
  for (const friend of [kim, max]) await buy(friend);
  const ids = (await listCases(db, 'review')).filter(({ inviterId }) => inviterId === lee.id);
  expect(ids).toMatchObject([{ inviter: lee.email }, { inviter: lee.email }]);
  const [first, second] = [(await inviteOf(db, kim.id))!.id, (await inviteOf(db, max.id))!.id];
  for (const userId of [lee.id, kim.id])
    await expect(approveInvite(db, first, { userId, name: 'own' }, clock())).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  const tries = await Promise.allSettled(Array.from({ length: 6 }, () => approveInvite(db, first, operator, clock())));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await refuseInvite(db, second, operator, clock());
  await expect(approveInvite(db, second, operator, clock())).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
  await expect(approveInvite(db, randomUUID(), operator, clock())).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
  await expect(approveInvite(db, 'x', operator, clock())).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
  await buy(max);
  expect([await left(lee), await left(kim), await left(max)]).toEqual([3, BOUGHT + 2, 2 * BOUGHT]);
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
  await jobs(lee, [spent, open]);
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

it('lets a friend whose order was refunded while in review qualify by another', async () => {
  const lee = await join();
  const kim = await join({ by: lee, ownDevice: true });
  await refund((await buy(kim)).id);
  expect(await stateOf(kim)).toBe('bound');
  await buy(kim);
  expect(await stateOf(kim)).toBe('review');
});

/** Credits of a member set aside for jobs, one each, with no job behind them: settled before the test ends. */
async function jobs({ walletId }: Member, ids: readonly string[]): Promise<void> {
  for (const id of ids) await hold(db, walletId, id, 1, clock());
}

it('rewards all or nothing when it is killed between any two statements, and the same payment again brings the rest', async () => {
  const steps = {
    pay: (bought: OpenOrder, on?: Db) => pay(bought, null, on),
    reward: (_: OpenOrder, on?: Db) => sweep(on),
    refund: ({ id }: OpenOrder, on?: Db) => refund(id, on),
  };
  const act = async (n: number, what: keyof typeof steps) => {
    // What earlier rounds have left is not counted.
    await sweep();
    const lee = await join();
    const kim = await join({ by: lee });
    const bought = await order(kim);
    if (what !== 'pay') await pay(bought);
    if (what === 'refund') await sweep();
    const dying = dyingAt(connection, n);
    const ended = await steps[what](bought, dying.db).then(
      () => true,
      () => false,
    );
    await dying.end().catch(() => {});
    return { lee, kim, bought, ended, statements: dying.statements() };
  };
  const ends = { pay: [0, BOUGHT], reward: [3, BOUGHT + 2], refund: [0, BOUGHT] };
  for (const [what, before] of [
    ['pay', [0, 0]],
    ['reward', [0, BOUGHT]],
    ['refund', [3, BOUGHT + 2]],
  ] as const) {
    const after = ends[what];
    const { statements } = await act(0, what);
    expect(statements).toBeGreaterThan(8);
    for (let n = 1; n <= statements; n++) {
      const { lee, kim, bought, ended } = await act(n, what);
      expect(ended, `${what} ${n}`).toBe(false);
      expect([before, after]).toContainEqual([await left(lee), await left(kim)]);
      expect(await brokenInvariants(db)).toEqual([]);
      await steps[what](bought);
      expect([await left(lee), await left(kim)], `${what} ${n}`).toEqual(after);
    }
  }
});

it('binds with the account or not at all when it is killed while that is made', async () => {
  const whole = dyingAt(connection, 0);
  const lee = await join();
  await join({ by: lee }, whole.db);
  await whole.end();
  for (let n = 1; n <= whole.statements(); n++) {
    const dying = dyingAt(connection, n);
    const email = `killed${n}@example.net`;
    await join({ by: lee, email }, dying.db).catch(() => {});
    await dying.end().catch(() => {});
    const { rows } = await pool.query(
      `select i.id from "user" u join auth."user" a on a.id = u.auth_id left join invite i on i.invitee_id = u.id where a.email = $1`,
      [email],
    );
    for (const row of rows) expect(row.id, `statement ${n}`).not.toBeNull();
  }
});

it('keeps its promises through any order of joining, buying, refunds, decisions and time', async () => {
  const step = fc.record({
    what: fc.constantFrom('join', 'join odd', 'buy', 'refund', 'approve', 'refuse', 'sweep', 'day'),
    who: fc.nat(20),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
      const few = { ...rules, INVITES_PER_MONTH: 3 };
      const members = [await join()];
      const orders: OpenOrder[] = [];
      const pick = <T>(from: readonly T[], who: number) => from[who % from.length];
      for (const { what, who } of steps) {
        const member = pick(members, who) as Member;
        const invite = await inviteOf(db, member.id);
        if (what === 'join') members.push(await join({ by: member, rules: few }));
        else if (what === 'join odd') members.push(await join({ by: member, rules: few, ownDevice: true }));
        else if (what === 'buy') orders.push(await buy(member));
        else if (what === 'refund' && orders.length > 0) await refund((pick(orders, who) as OpenOrder).id);
        else if (what === 'approve' && invite) await approveInvite(db, invite.id, operator, clock()).catch(() => {});
        else if (what === 'refuse' && invite) await refuseInvite(db, invite.id, operator, clock()).catch(() => {});
        else if (what === 'sweep') await Promise.all([reclaimInvites(db, clock()), sweep()]);
        else if (what === 'day') clock.advance(86_400);
      }
      expect(await brokenInvariants(db)).toEqual([]);
      const invites = await Promise.all(members.map(({ id }) => inviteOf(db, id)));
      for (const [n, member] of members.entries()) {
        const bought = orders.filter(({ userId }) => userId === member.id).length * BOUGHT;
        const won = invites.filter((invite) => invite?.state === 'rewarded' && invite.inviterId === member.id);
        const got = invites[n]?.state === 'rewarded' ? 2 : 0;
        const lapsed = invites.some(
          (invite) => invite?.rewardedAt && clock().getTime() - invite.rewardedAt.getTime() > 90 * 86_400_000,
        );
        const sum = bought + got + won.reduce((total, invite) => total + (invite?.inviterGot ?? 0), 0);
        if (!lapsed) expect(await left(member)).toBe(sum);
        for (const invite of won) {
          const since = Number(invite?.rewardedAt) - 30 * 86_400_000;
          const near = won.filter(
            (each) => each?.inviterGot && each.rewardedAt! <= invite!.rewardedAt! && Number(each.rewardedAt) > since,
          );
          expect(near.length).toBeLessThanOrEqual(3);
        }
      }
    }),
    { numRuns: 15 },
  );
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
