import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Db } from '../src/database.ts';
import { inviteOf } from '../src/invite-rows.ts';
import { approveInvite, reclaimInvites, refuseInvite } from '../src/invites.ts';
import { brokenInvariants } from '../src/wallets.ts';
import { dyingAt } from './dying.ts';
import { type Member, openInvites, operator, rules } from './invite-people.ts';
import { BOUGHT, type OpenOrder } from './paid-orders.ts';

const { db, pool, clock, connection, join, order, pay, sweep, buy, refund, left } = await openInvites();

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
