import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import type { Db } from '../src/database.ts';
import { applyDispute, takeDisputed } from '../src/disputes.ts';
import { insertInvite, inviteOf } from '../src/invite-rows.ts';
import { reclaimInvites, rewardInvites } from '../src/invites.ts';
import type { Order } from '../src/order-tables.ts';
import { matureRebates, rebatesOf } from '../src/rebate-rows.ts';
import { applyRefund, askRefund } from '../src/refunds.ts';
import { forgetPerson, lockUser } from '../src/users.ts';
import { available, brokenInvariants, capture, hold, lockWallet, release } from '../src/wallets.ts';
import { dyingAt } from './dying.ts';
import { somebodyWaits } from './locks.ts';
import { openShop } from './shop.ts';

const shop = await openShop();
const { db, clock, simulator, deps, connection } = shop;
afterEach(async () => expect(await brokenInvariants(db)).toEqual([]));

/** Somebody, and the friend whom they invited. */
async function friends(suspicion: 'device' | null = null) {
  const [lee, kim] = [await shop.user(), await shop.user()];
  await db.transaction().execute((tx) =>
    insertInvite(tx, {
      ...{ inviterId: lee.id, inviteeId: kim.id, inviterCredits: 3, inviteeCredits: 2, days: 90, perMonth: 20 },
      ...{ suspicion, emailHash: null, boundAt: clock() },
    }),
  );
  return { lee, kim };
}
const left = ({ walletId }: { walletId: string }) => available(db, walletId, clock());
const inviteStateOf = async ({ id }: { id: string }) => (await inviteOf(db, id))?.state;
const rebateOf = async ({ id }: { id: string }) => (await rebatesOf(db, id))[0]?.state;

async function bought(kim: { id: string }): Promise<Order> {
  const { order, code } = await shop.buy({}, kim);
  simulator.pay(code);
  await shop.pass(1);
  await rewardInvites(db, { REFUND_DAYS: 0 }, clock());
  return shop.order(order);
}

it('brings back the photos of an invite and the cash back when the provider refuses a refund, and takes them again with the next', async () => {
  const { lee, kim } = await friends();
  const order = await bought(kim);
  const before = [3, 3 + 2, 'rewarded', 'accrued'];
  const now = async () => [await left(lee), await left(kim), await inviteStateOf(kim), await rebateOf(kim)];
  expect(await now()).toEqual(before);
  for (const _ of [1, 2]) {
    const { outRefundNo } = await askRefund(deps, order.id, order.userId);
    expect(await now()).toEqual([0, 0, 'clawed_back', 'void']);
    simulator.settleRefund(outRefundNo, 'CLOSED');
    await shop.pass(1);
    expect(await now()).toEqual(before);
  }
  const second = await askRefund(deps, order.id, order.userId);
  simulator.settleRefund(second.outRefundNo);
  await shop.pass(1);
  expect(await now()).toEqual([0, 0, 'clawed_back', 'void']);
  await expect(
    db.updateTable('invite').set({ state: 'rewarded', endedAt: null }).where('orderId', '=', order.id).execute(),
    'an order that is refunded rewards nobody again',
  ).rejects.toThrow(/keeps/);
});

it('brings back only what was taken, also by the sweep, and not what was used', async () => {
  const { lee, kim } = await friends();
  const order = await bought(kim);
  const [used, open] = [randomUUID(), randomUUID()];
  for (const job of [used, open]) await hold(db, lee.walletId, job, 1, clock());
  await capture(db, used, 1, clock());
  const { outRefundNo } = await askRefund(deps, order.id, order.userId);
  await release(db, open, clock());
  expect(await reclaimInvites(db, clock())).toBe(1);
  expect(await left(lee)).toBe(0);
  simulator.settleRefund(outRefundNo, 'ABNORMAL');
  await shop.pass(1);
  expect([await left(lee), await left(kim), await reclaimInvites(db, clock())]).toEqual([2, 5, 0]);
});

it('lets cash back be claimed again at once when its time has come, and an invite in review wait for its operator again', async () => {
  const { kim } = await friends('device');
  const order = await bought(kim);
  clock.advance(8 * 86_400);
  await matureRebates(db, clock());
  expect([await inviteStateOf(kim), await rebateOf(kim)]).toEqual(['review', 'eligible']);
  const { outRefundNo } = await askRefund(deps, order.id, order.userId);
  expect([await inviteStateOf(kim), await rebateOf(kim)]).toEqual(['bound', 'void']);
  simulator.settleRefund(outRefundNo, 'ABNORMAL');
  await shop.pass(1);
  expect([await inviteStateOf(kim), await rebateOf(kim)]).toEqual(['review', 'eligible']);
  expect((await inviteOf(db, kim.id))?.orderId).toBe(order.id);
});

it('locks who bought before their wallet, as the deletion of an account does, so that neither waits for the other', async () => {
  const { kim } = await friends();
  const order = await bought(kim);
  const { outTradeNo, currency } = order;
  const dispute = (state: 'withdrawn' | 'won') =>
    db.transaction().execute((tx) => {
      const said = { id: `d${outTradeNo}`, outTradeNo, fen: order.fen, currency, state };
      return applyDispute(tx, 'wechat', said, { actor: 'query' }, clock());
    });
  await dispute('withdrawn');
  await whileDeleting(kim, () => dispute('won'));
  expect([await left(kim), await rebateOf(kim)]).toEqual([5, 'accrued']);

  const { outRefundNo, fen } = await askRefund(deps, order.id, order.userId);
  const said = { outRefundNo, fen, state: 'failed' } as const;
  const refuse = () => db.transaction().execute((tx) => applyRefund(tx, 'wechat', said, { actor: 'query' }, clock()));
  await whileDeleting(kim, refuse);
  expect([await left(kim), await rebateOf(kim)]).toEqual([5, 'accrued']);
});

/** Does something while another transaction takes the locks of a deletion, which waits until the two may meet. */
async function whileDeleting({ id, walletId }: { id: string; walletId: string }, act: () => Promise<unknown>) {
  const acting = await db.transaction().execute(async (tx) => {
    await lockUser(tx, id);
    const under = act();
    under.catch(() => {});
    await somebodyWaits(db);
    await lockWallet(tx, walletId);
    return { under };
  });
  await acting.under;
}

it('brings no cash back for a refund that fails while the bank of the payer has the money, until the payer has lost', async () => {
  const { kim } = await friends();
  const order = await bought(kim);
  const { outTradeNo, currency } = order;
  const { outRefundNo, fen } = await askRefund(deps, order.id, order.userId);
  const dispute = (state: 'withdrawn' | 'won') =>
    db.transaction().execute((tx) => {
      const said = { id: `d${outTradeNo}`, outTradeNo, fen: order.fen, currency, state };
      return applyDispute(tx, 'wechat', said, { actor: 'query' }, clock());
    });
  await dispute('withdrawn');
  const failed = { outRefundNo, fen, state: 'failed' } as const;
  await db.transaction().execute((tx) => applyRefund(tx, 'wechat', failed, { actor: 'query' }, clock()));
  expect(await rebateOf(kim)).toBe('void');
  await takeDisputed(db, clock());
  expect([await left(kim), await rebateOf(kim)]).toEqual([0, 'void']);
  await dispute('won');
  expect([await left(kim), await rebateOf(kim)]).toEqual([5, 'accrued']);
});

it('owes nothing to who has left when their refund is refused', async () => {
  const { lee, kim } = await friends();
  const order = await bought(kim);
  const { outRefundNo } = await askRefund(deps, order.id, order.userId);
  await db.transaction().execute((tx) => forgetPerson(tx, kim.id, clock()));
  simulator.settleRefund(outRefundNo, 'ABNORMAL');
  await shop.pass(1);
  expect([await left(lee), await inviteStateOf(kim), await rebateOf(kim)]).toEqual([0, 'clawed_back', 'void']);
});

it('brings back all or nothing when it is killed between any two statements, and the same word again brings the rest', async () => {
  const refuse = async (n: number) => {
    const { lee, kim } = await friends();
    const order = await bought(kim);
    const { outRefundNo, fen } = await askRefund(deps, order.id, order.userId);
    const said = { outRefundNo, fen, state: 'failed' } as const;
    const apply = (on: Db) =>
      on.transaction().execute((tx) => applyRefund(tx, 'wechat', said, { actor: 'query' }, clock()));
    const dying = dyingAt(connection, n);
    await apply(dying.db).catch(() => {});
    await dying.end().catch(() => {});
    const states = async () => [await left(lee), await left(kim), await inviteStateOf(kim), await rebateOf(kim)];
    return { statements: dying.statements(), states, again: () => apply(db) };
  };
  const [before, after] = [
    [0, 0, 'clawed_back', 'void'],
    [3, 5, 'rewarded', 'accrued'],
  ];
  const { statements } = await refuse(0);
  expect(statements).toBeGreaterThan(12);
  for (let n = 1; n <= statements; n += 1) {
    const { states, again } = await refuse(n);
    expect([before, after], `statement ${n}`).toContainEqual(await states());
    await again();
    expect(await states(), `statement ${n}`).toEqual(after);
    expect(await brokenInvariants(db)).toEqual([]);
  }
});
