import { expect, it } from 'vitest';
import { applyPaid } from '../../src/order-payments.ts';
import { billOf, closeOrder } from '../../src/orders.ts';
import { looksAt } from './looks.ts';
import type { Till } from './till.ts';

const KINDS = { qr: 'code', redirect: 'url', manual: 'reference' } as const;

/** Payments, their notices, and orders that end unpaid. */
export function testPayments(till: Till): void {
  const { db, clock, deps, fake, provider } = till;
  const { credits, grants, kinds, issuesOf } = looksAt(till);
  const life = provider.lifeSeconds;

  it('makes one payment however often it is asked for, and says what the buyer does next', async () => {
    const order = await till.buy();
    const shown = order.payment as unknown as Record<string, string>;
    expect(order).toMatchObject({ state: 'paying', provider: provider.name, simulated: false });
    expect(shown[KINDS[provider.kind]]).toMatch(/\S/);
    expect(order.expiresAt.getTime() - order.createdAt.getTime()).toBe(life * 1000);
    clock.advance(life - 30);
    const again = await Promise.all(Array.from({ length: 3 }, () => provider.create(billOf(order))));
    for (const payment of again) expect(payment.kind).toBe(provider.kind);
    expect(fake.made(order.outTradeNo)).toBe(1);
    expect(await provider.query(billOf(order))).toEqual({ state: 'unpaid' });
  });

  it('goes on with an order whose answer was lost', async () => {
    const buyer = await till.user();
    fake.spoil(Array(fake.clientTries).fill('drop_after'));
    await expect(till.buy(buyer)).rejects.toMatchObject({ code: 'PAYMENT_FAILED' });
    const order = await till.buy(buyer);
    expect(fake.made(order.outTradeNo)).toBe(1);
    expect(fake.pay(order)).toBe(true);
    await till.pass(1);
    expect(await credits(order)).toBe(3);
  });

  it('grants a paid order once, by its notice, however many copies of it and answers to queries arrive', async () => {
    const order = await till.buy();
    fake.noticeFaults.push({ copies: 4 });
    expect(fake.pay(order)).toBe(true);
    await till.pass(1);
    expect(await till.order(order)).toMatchObject({
      state: 'paid',
      transactionId: expect.stringMatching(/\S/),
      nextCheckAt: null,
    });
    const answer = await provider.query(billOf(await till.order(order)));
    if (answer.state !== 'paid') throw new Error('expected a paid order');
    expect(answer.paid).toMatchObject({ outTradeNo: order.outTradeNo, fen: order.fen, currency: order.currency });
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () =>
        db.transaction().execute((tx) => applyPaid(tx, deps, provider.name, answer.paid, { actor: 'query' }, clock())),
      ),
    );
    expect(outcomes).toEqual(Array(6).fill('replay'));
    expect(
      fake
        .tries()
        .slice(-4)
        .every(({ accepted }) => accepted),
    ).toBe(true);
    expect(await grants(order)).toBe(1);
    expect(await credits(order)).toBe(3);
  });

  it.each(fake.tampers)('refuses a notice with another %s, and grants by the good one that follows', async (tamper) => {
    const order = await till.buy();
    fake.noticeFaults.push({ tamper });
    fake.pay(order);
    await till.pass(1);
    expect(fake.tries().at(-1)).toMatchObject({ tamper, accepted: false });
    expect(await kinds(order)).toEqual(['created', 'paying']);
    await till.pass(3600);
    expect(fake.tries().at(-1)).toMatchObject({ tamper: undefined, accepted: true });
    expect(await credits(order)).toBe(3);
  });

  it.each([{ fen: 1 }, { fen: 4981 }, { currency: 'JPY' }])(
    'lays %j before an operator, and grants nothing',
    async (said) => {
      const order = await till.buy();
      fake.misstate(order.outTradeNo, said);
      fake.pay(order);
      await till.pass(1);
      await till.sweep();
      expect(await issuesOf(order)).toEqual(['amount_mismatch']);
      expect(await credits(order)).toBe(0);
      expect((await till.order(order)).state).toBe('paying');
    },
  );

  it.each(['t\0', 't t', `t${'1'.repeat(3000)}`])(
    'takes a notice whose number is none (case %#), lays it before an operator, and grants nothing',
    async (transactionId) => {
      const order = await till.buy();
      fake.misstate(order.outTradeNo, { transactionId });
      fake.pay(order);
      await till.pass(1);
      expect(fake.tries().at(-1)).toMatchObject({ accepted: true });
      await till.sweep();
      expect(await issuesOf(order)).toEqual(['unreadable']);
      expect([await credits(order), (await till.order(order)).state]).toEqual([0, 'paying']);
    },
  );

  it('takes notices that name one payment for two orders, at once too, and grants one of them', async () => {
    const orders = [await till.buy(), await till.buy(), await till.buy()];
    const transactionId = `same${orders[0]?.outTradeNo}`;
    for (const { outTradeNo } of orders) fake.misstate(outTradeNo, { transactionId });
    for (const order of orders) fake.pay(order);
    const paid = orders.map(({ outTradeNo, fen, currency }) => ({
      ...{ outTradeNo, transactionId, fen, currency, paidAt: clock(), payer: null },
    }));
    await Promise.all(
      paid.map((each) =>
        db.transaction().execute((tx) => applyPaid(tx, deps, provider.name, each, { actor: 'query' }, clock())),
      ),
    );
    await till.pass(1);
    expect(
      fake
        .tries()
        .slice(-3)
        .map(({ accepted }) => accepted),
    ).toEqual([true, true, true]);
    expect((await Promise.all(orders.map(credits))).sort()).toEqual([0, 0, 3]);
    expect((await Promise.all(orders.map(issuesOf))).flat()).toEqual(['number_taken', 'number_taken']);
  });

  it('finds out by itself when no notice ever arrives', async () => {
    const order = await till.buy();
    fake.noticeFaults.push({ drop: true });
    fake.pay(order);
    await till.pass(60);
    expect(await credits(order)).toBe(0);
    await till.sweep();
    expect(await credits(order)).toBe(3);
    expect(await kinds(order)).toEqual(['created', 'paying', 'granted']);
  });

  it('closes what nobody has paid a minute after its end, at the provider too', async () => {
    const order = await till.buy();
    await till.pass(life + 61);
    await till.sweep();
    expect((await till.order(order)).state).toBe('closed');
    expect(fake.pay(order)).toBe(false);
    expect(await provider.close(billOf(order))).toBe('closed');
  });

  it('grants when the buyer was faster than whoever closes, and says so', async () => {
    const order = await till.buy();
    fake.noticeFaults.push({ drop: true });
    fake.pay(order);
    expect(await provider.close(billOf(order))).toBe('paid');
    expect(await closeOrder(deps, order, order.userId)).toMatchObject({ state: 'paid' });
    expect(await credits(order)).toBe(3);
  });

  it('closes and pays at once, and comes to one end or the other', async () => {
    const order = await till.buy();
    const [closed] = await Promise.all([
      closeOrder(deps, order, order.userId).catch(() => undefined),
      Promise.resolve(fake.pay(order)),
    ]);
    await till.pass(life + 61);
    await till.sweep();
    const { state } = await till.order(order);
    expect(['paid', 'closed']).toContain(state);
    expect(await credits(order)).toBe(state === 'paid' ? 3 : 0);
    expect(closed === undefined || closed.state === state || state === 'paid').toBe(true);
  });
}
