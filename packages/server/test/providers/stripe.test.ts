import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createOrder, priceBy } from '../../src/orders.ts';
import { openStripe } from '../../src/payments/stripe.ts';
import { rebatesOf } from '../../src/rebate-rows.ts';
import { openIssues } from '../../src/recon-issues.ts';
import { askRefund } from '../../src/refunds.ts';
import { available } from '../../src/wallets.ts';
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

it('lays a payment before the operator that its bank takes back, once, and only one of ours', async () => {
  const order = await till.buy();
  fake.pay(order);
  await till.pass(1);
  const session = world.sessions.get(String(order.reference));
  const dispute = { id: 'dp_1', object: 'dispute', amount: order.fen, currency: 'cny' };
  for (const _ of [1, 2])
    world.notify('charge.dispute.created', { ...dispute, payment_intent: session?.payment_intent });
  world.notify('charge.dispute.created', { ...dispute, id: 'dp_2', payment_intent: null });
  await till.pass(1);
  const open = (await openIssues(db)).filter(({ outTradeNo }) => outTradeNo === order.outTradeNo);
  expect(open).toMatchObject([{ kind: 'disputed', provider: 'stripe', detail: { fen: order.fen, currency: 'CNY' } }]);
  expect(fake.tries().at(-1)).toMatchObject({ accepted: true });
  expect(await available(db, order.walletId, clock())).toBe(3);
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
