import { randomUUID } from 'node:crypto';
import { afterEach, expect } from 'vitest';
import type { Db } from '../src/database.ts';
import { bindInvite, type InviteRules, ownCode } from '../src/invite-binding.ts';
import { inviteOf } from '../src/invite-rows.ts';
import { qualifyInvite, rewardInvites, voidInvite } from '../src/invites.ts';
import { networkOf } from '../src/networks.ts';
import { findOrCreateUser, noteSeen } from '../src/users.ts';
import { available, brokenInvariants, capture, hold } from '../src/wallets.ts';
import { testServices } from './harness.ts';
import { type OpenOrder, openOrder, takeMoney } from './paid-orders.ts';

export const rules: InviteRules = {
  INVITE_CREDITS_INVITER: 3,
  INVITE_CREDITS_INVITEE: 2,
  INVITE_DAYS: 90,
  INVITES_PER_MONTH: 20,
  REFUND_DAYS: 30,
};
export const operator = { userId: undefined, name: 'operator' };

export interface Member {
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

/** People who invite and buy, on real services whose books agree after every test. */
export async function openInvites() {
  const services = await testServices();
  const { db, pool, clock, keys, connection } = services;
  afterEach(async () => {
    expect(await brokenInvariants(db)).toEqual([]);
  });

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

  /** A member uses so many photos. */
  async function use(member: Member, photos: number): Promise<void> {
    const job = randomUUID();
    await hold(db, member.walletId, job, photos, clock());
    await capture(db, job, photos, clock());
  }

  const settle = () => rewardInvites(db, rules, clock());

  /** Sets credits of a member aside for jobs, one each, with no job behind them: settled before the test ends. */
  async function holdEach({ walletId }: Member, ids: readonly string[]): Promise<void> {
    for (const id of ids) await hold(db, walletId, id, 1, clock());
  }

  return {
    services,
    db,
    pool,
    clock,
    keys,
    connection,
    join,
    order,
    pay,
    sweep,
    buy,
    refund,
    left,
    stateOf,
    use,
    settle,
    holdEach,
  };
}
