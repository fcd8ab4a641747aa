import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { Db } from '../../src/database.ts';
import { applyDispute, takeDisputed } from '../../src/disputes.ts';
import { insertInvite, inviteOf } from '../../src/invite-rows.ts';
import { rewardInvites } from '../../src/invites.ts';
import { eventsOf } from '../../src/order-rows.ts';
import type { Order } from '../../src/order-tables.ts';
import { createOrder, priceBy } from '../../src/orders.ts';
import type { DisputeState } from '../../src/payments/provider.ts';
import { openStripe } from '../../src/payments/stripe.ts';
import { rebatesOf } from '../../src/rebate-rows.ts';
import { openIssues } from '../../src/recon-issues.ts';
import { askRefund } from '../../src/refunds.ts';
import { available, brokenInvariants, capture, hold, release } from '../../src/wallets.ts';
import { dyingAt } from '../dying.ts';
import { openFakeStripe } from './fake-stripe.ts';
import { testProvider } from './suite.ts';

/** What the shop's prices are in dollars, in the last tests. */
let dollars = false;
let world: Awaited<ReturnType<typeof openFakeStripe>>;
const till = await testProvider(async ({ clock, notifyUrl }) => {
  world = await openFakeStripe(clock, notifyUrl('stripe'));
  const { price: _none, ...provider } = world.fake.provider;
  const priced = {
    ...provider,
    price: (code: string) =>
      dollars ? { fen: 690, currency: 'USD' } : { fen: code === 'photos-3' ? 4980 : 15_000, currency: 'CNY' },
  };
  return { ...world.fake, provider: priced };
});
const { db, clock, fake } = till;
const settings = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_1' };
const open = (more: Record<string, string> = {}) =>
  openStripe({ config: loadConfig({ ...settings, ...more }), clock, publicUrl: 'https://x.example', notifyUrl: '' });

it('sells in another currency by prices of its own, and gives no rebate in CNY for it', async () => {
  dollars = true;
  const order = await till.buy();
  dollars = false;
  expect(order).toMatchObject({ fen: 690, currency: 'USD' });
  expect(world.sessions.get(String(order.reference))).toMatchObject({ amount_total: 690, currency: 'usd' });
  fake.pay(order);
  await till.pass(1);
  expect(await till.order(order)).toMatchObject({ state: 'paid' });
  expect(await rebatesOf(db, order.userId)).toEqual([]);
  await askRefund(till.deps, order.id, order.userId);
  await till.pass(61);
  await till.sweep();
  expect([(await till.order(order)).state, fake.refunded(order.outTradeNo)]).toEqual(['refunded', 690]);
});

it('grants only when the money of a slow bank has come', async () => {
  const order = await till.buy();
  const session = world.sessions.get(String(order.reference));
  if (!session) throw new Error('expected a session');
  fake.pay(order);
  Object.assign(session, { payment_status: 'unpaid' });
  await till.pass(1);
  await till.sweep();
  expect(await available(db, order.walletId, clock())).toBe(0);
  await till.pass(1900);
  await till.sweep();
  expect((await till.order(order)).state).toBe('paying');
  Object.assign(session, { payment_status: 'paid' });
  world.notify('checkout.session.async_payment_succeeded', world.sessionView(session, false));
  await till.pass(1);
  expect(await available(db, order.walletId, clock())).toBe(3);
});

it('looks away from what another site sells by the same account, and lays a refund by hand before the operator', async () => {
  const before = (await openIssues(db)).length;
  const order = await till.buy();
  const session = world.sessions.get(String(order.reference));
  if (!session) throw new Error('expected a session');
  world.notify('checkout.session.completed', { ...world.sessionView(session, false), metadata: {} });
  await till.pass(1);
  expect(await openIssues(db)).toHaveLength(before);
  fake.pay(order);
  await till.pass(1);
  const byHand = { id: world.newId('re'), payment_intent: String(session.payment_intent), amount: 100, metadata: {} };
  world.refunds.set(byHand.id, { ...byHand, status: 'succeeded' });
  world.notify('refund.created', { ...byHand, object: 'refund' });
  await till.pass(1);
  expect((await openIssues(db)).slice(before)).toMatchObject([{ kind: 'unknown_refund', provider: 'stripe' }]);
  expect(fake.tries().at(-1)).toMatchObject({ accepted: true });
});

/** An order that is paid, and a dispute about it that its bank opens. */
async function disputed(buyer?: { id: string }) {
  const order = await till.buy(buyer);
  fake.pay(order);
  await till.pass(1);
  const id = world.newId('dp');
  const payment_intent = world.sessions.get(String(order.reference))?.payment_intent ?? null;
  const about = { payment_intent, amount: order.fen };
  const left = () => available(db, order.walletId, clock());
  return { order, id, about, left };
}
const issuesOf = async ({ outTradeNo }: Order) =>
  (await openIssues(db)).filter((issue) => issue.outTradeNo === outTradeNo);
const kindsOf = async ({ id }: Order) => (await eventsOf(db, id)).map(({ kind }) => kind);

it('lays a payment before the operator that its bank asks about, once, and takes nothing while no money has gone', async () => {
  const { order, id, about, left } = await disputed();
  for (const _ of [1, 2]) world.dispute(id, 'created', { ...about, status: 'warning_needs_response' });
  world.dispute(world.newId('dp'), 'created', {});
  await till.pass(1);
  const open = await issuesOf(order);
  expect(open).toMatchObject([{ kind: 'disputed', provider: 'stripe', detail: { fen: order.fen, currency: 'CNY' } }]);
  expect(fake.tries().at(-1)).toMatchObject({ accepted: true });
  expect([await left(), (await kindsOf(order)).at(-1)]).toEqual([3, 'dispute_asked']);
  world.dispute(id, 'closed', { status: 'warning_closed' });
  await till.pass(1);
  expect([await left(), (await kindsOf(order)).at(-1)]).toEqual([3, 'dispute_won']);
});

it('takes the unused photos of an order, and what it brought others, once with its money, and gives all of it back when that is won', async () => {
  const [lee, kim] = [await till.user(), await till.user()];
  await db.transaction().execute((tx) =>
    insertInvite(tx, {
      ...{ inviterId: lee.id, inviteeId: kim.id, inviterCredits: 3, inviteeCredits: 2, days: 90, perMonth: 20 },
      ...{ suspicion: null, emailHash: null, boundAt: clock() },
    }),
  );
  const { order, id, about, left } = await disputed(kim);
  await rewardInvites(db, { REFUND_DAYS: 0 }, clock());
  const used = randomUUID();
  await hold(db, kim.walletId, used, 3, clock());
  const now = async () => [
    await left(),
    await available(db, lee.walletId, clock()),
    (await rebatesOf(db, kim.id))[0]?.state,
    (await inviteOf(db, kim.id))?.state,
  ];
  // Of five photos three are used by a run: the two of the invite, and one that was bought.
  await capture(db, used, 3, clock());
  expect(await now()).toEqual([2, 3, 'accrued', 'rewarded']);
  world.dispute(id, 'created', about, -order.fen - 1500);
  for (const type of ['funds_withdrawn', 'updated', 'updated']) world.dispute(id, type, {});
  await till.pass(1);
  expect(await now()).toEqual([0, 0, 'void', 'clawed_back']);
  expect(await kindsOf(order)).toEqual(['created', 'paying', 'granted', 'dispute_withdrawn']);
  await expect(askRefund(till.deps, order.id, order.userId)).rejects.toMatchObject({ code: 'NOT_REFUNDABLE' });
  expect(await brokenInvariants(db)).toEqual([]);
  // The bank says no to the payer.
  world.dispute(id, 'funds_reinstated', { status: 'won' }, order.fen);
  world.dispute(id, 'closed', {});
  await till.pass(1);
  expect(await now()).toEqual([2, 3, 'accrued', 'rewarded']);
  expect((await kindsOf(order)).at(-1)).toBe('dispute_won');
  // What was said before, and comes late.
  const late = { id, outTradeNo: order.outTradeNo, fen: order.fen, currency: 'CNY', state: 'withdrawn' } as const;
  const again = () => db.transaction().execute((tx) => applyDispute(tx, 'stripe', late, { actor: 'notice' }, clock()));
  expect(await Promise.all([again(), again(), again()])).toEqual(['replay', 'replay', 'replay']);
  expect(await now()).toEqual([2, 3, 'accrued', 'rewarded']);
});

it('takes what jobs and refused refunds give back later of an order whose money is lost', async () => {
  const { order, id, about, left } = await disputed();
  const job = randomUUID();
  await hold(db, order.walletId, job, 1, clock());
  fake.refundsWill('pending');
  const { outRefundNo } = await askRefund(till.deps, order.id, order.userId);
  world.dispute(id, 'created', about, -order.fen);
  await till.pass(1);
  expect(await left()).toBe(0);
  fake.settle(outRefundNo, 'failed');
  await till.pass(1);
  await release(db, job, clock());
  expect([await left(), (await till.order(order)).state]).toEqual([3, 'paid']);
  expect(await takeDisputed(db, clock())).toBe(1);
  expect([await left(), await takeDisputed(db, clock())]).toEqual([0, 0]);
  world.dispute(id, 'closed', { status: 'lost' });
  await till.pass(1);
  expect([await left(), (await kindsOf(order)).at(-1)]).toEqual([0, 'dispute_lost']);
  // An appeal that is granted after all.
  world.dispute(id, 'closed', { status: 'won' });
  await till.pass(1);
  expect(await left()).toBe(3);
});

it('takes and gives back all or nothing when it is killed between any two statements, whichever notices come at once', async () => {
  for (const [first, then, before, after] of [
    ['asked', 'withdrawn', 3, 0],
    ['withdrawn', 'won', 0, 3],
  ] as const) {
    const told = (on: Db, order: Order, id: string, state: DisputeState) => {
      const said = { id, outTradeNo: order.outTradeNo, fen: order.fen, currency: 'CNY', state };
      return on.transaction().execute((tx) => applyDispute(tx, 'stripe', said, { actor: 'notice' }, clock()));
    };
    const act = async (n: number) => {
      const { order, id, left } = await disputed();
      await told(db, order, id, first);
      const dying = dyingAt(till.connection, n);
      await told(dying.db, order, id, then).catch(() => {});
      await dying.end().catch(() => {});
      return { order, id, left, statements: dying.statements() };
    };
    const { statements } = await act(0);
    expect(statements).toBeGreaterThan(8);
    for (let n = 1; n <= statements; n += 1) {
      const { order, id, left } = await act(n);
      expect([before, after], `${then} ${n}`).toContain(await left());
      expect(await brokenInvariants(db)).toEqual([]);
      await Promise.all([1, 2, 3].map(() => told(db, order, id, then)));
      expect(await left(), `${then} ${n}`).toBe(after);
    }
  }
});

it('tells the operator of a refund that a bank sent back after it was done', async () => {
  const order = await till.buy();
  fake.pay(order);
  await till.pass(1);
  const { outRefundNo } = await askRefund(till.deps, order.id, order.userId);
  await till.pass(1);
  expect((await till.order(order)).state).toBe('refunded');
  fake.settle(outRefundNo, 'failed');
  await till.pass(1);
  const found = (await openIssues(db)).filter((issue) => issue.outTradeNo === order.outTradeNo);
  expect(found).toMatchObject([{ kind: 'refund_failed' }]);
  expect([(await till.order(order)).state, await available(db, order.walletId, clock())]).toEqual(['refunded', 0]);
});

it('believes what Stripe says when asked, not what a notice says', async () => {
  const order = await till.buy();
  const session = world.sessions.get(String(order.reference));
  if (!session) throw new Error('expected a session');
  world.notify('checkout.session.completed', { ...world.sessionView(session, false), payment_status: 'paid' });
  await till.pass(1);
  expect((await till.order(order)).state).toBe('paying');
});

it('lets nobody make an order by a way to pay that is not open', async () => {
  const { id } = await till.user();
  const wish = createOrder(till.deps, id, { package: 'photos-3', provider: 'alipay' });
  await expect(wish).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

it('opens as the settings say, and refuses a foreign currency without prices', () => {
  expect(openStripe({ config: loadConfig({}), clock, publicUrl: '', notifyUrl: '' })).toBeUndefined();
  const usual = open();
  const pack = { code: 'photos-3', fen: 4980 } as Parameters<typeof priceBy>[1];
  expect(usual && priceBy(usual, pack)).toEqual({ fen: 4980, currency: 'CNY' });
  const prices = 'photos-3:690,photos-10:2100,photos-50:5600,photos-200:13900';
  const abroad = open({ STRIPE_CURRENCY: 'USD', STRIPE_PRICES: prices });
  expect(abroad && priceBy(abroad, pack)).toEqual({ fen: 690, currency: 'USD' });
  expect(() => open({ STRIPE_CURRENCY: 'USD' })).toThrow(/STRIPE_PRICES/);
  for (const wrong of ['photos-3:690', 'photos-3:-1', 'photos-4:1', prices.replace('690', '6.90')])
    expect(() => open({ STRIPE_PRICES: wrong }), wrong).toThrow(/STRIPE_PRICES/);
  expect(() => open({ STRIPE_METHODS: 'card,cash' })).toThrow(/STRIPE_METHODS/);
  expect(() => loadConfig({ STRIPE_SECRET_KEY: 'sk_live_secret!' })).toThrow(/^(?!.*secret!)/s);
});
