import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { eventsOf } from '../../src/order-rows.ts';
import type { Order } from '../../src/order-tables.ts';
import { applyPaid, billOf, closeOrder, createOrder } from '../../src/orders.ts';
import { openIssues } from '../../src/recon-issues.ts';
import { askRefund } from '../../src/refunds.ts';
import { available, brokenInvariants, capture, hold } from '../../src/wallets.ts';
import { type OpenFake, openTill, type Till } from './till.ts';

const KINDS = { qr: 'code', redirect: 'url', manual: 'reference' } as const;

/** What every provider with notices keeps to, whoever it is: the same tests for each, against a fake with real signatures. */
export async function testProvider(openFake: OpenFake): Promise<Till> {
  const till = await openTill(openFake);
  const { db, clock, deps, fake, provider } = till;

  beforeEach(() => {
    fake.clear();
    fake.refundsWill('done');
  });
  afterEach(async () => expect(await brokenInvariants(db)).toEqual([]));

  const credits = ({ walletId }: Pick<Order, 'walletId'>) => available(db, walletId, clock());
  const issuesOf = async ({ outTradeNo }: Order) =>
    (await openIssues(db)).filter((issue) => issue.outTradeNo === outTradeNo).map(({ kind }) => kind);
  const grants = async ({ walletId }: Order) =>
    (await sql`select 1 from txn where wallet_id = ${walletId} and kind = 'grant'`.execute(db)).rows.length;
  const kinds = async ({ id }: Order) => (await eventsOf(db, id)).map(({ kind }) => kind);
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

  /** A paid order whose refund has been asked for. */
  async function refunding() {
    const order = await till.buy();
    fake.pay(order);
    await till.pass(1);
    const refund = await askRefund(deps, order.id, order.userId);
    return { order, outRefundNo: refund.outRefundNo };
  }

  it('returns the money of unused photos once, although the answer was lost and nobody asked again for a day', async () => {
    const order = await till.buy();
    fake.pay(order);
    await till.pass(1);
    const job = randomUUID();
    await hold(db, order.walletId, job, 2, clock());
    await capture(db, job, 2, clock());
    fake.noticeFaults.push({ drop: true });
    fake.spoil([...Array(fake.looksFirst).fill('none'), ...Array(fake.clientTries).fill('drop_after')]);
    await askRefund(deps, order.id, order.userId);
    expect(fake.refunded(order.outTradeNo)).toBe(1660);
    for (const hours of [30, 50]) {
      await till.pass(hours * 3600);
      await till.sweep();
    }
    expect((await till.order(order)).state).toBe('refunded');
    expect([fake.refunded(order.outTradeNo), await credits(order)]).toEqual([1660, 0]);
  });

  it('waits for a refund that is pending, and ends with it', async () => {
    fake.refundsWill('pending');
    const { order, outRefundNo } = await refunding();
    await till.pass(3600);
    await till.sweep();
    expect((await till.order(order)).state).toBe('refunding');
    expect(await credits(order)).toBe(0);
    fake.settle(outRefundNo, 'done');
    await till.pass(3 * 3600);
    await till.sweep();
    expect((await till.order(order)).state).toBe('refunded');
    expect(fake.refunded(order.outTradeNo)).toBe(4980);
  });

  it('gives the photos back when a refund fails for good, and tells the operator', async () => {
    fake.refundsWill('failed');
    const { order } = await refunding();
    await till.pass(3 * 3600);
    await till.sweep();
    expect((await till.order(order)).state).toBe('paid');
    expect([fake.refunded(order.outTradeNo), await credits(order)]).toEqual([0, 3]);
    expect(await issuesOf(order)).toEqual(['refund_failed']);
  });

  const tally = { orders: 0, paid: 0, answers: 0, notices: 0 };
  it('grants each paid order once and each unpaid one never, whatever breaks and in whatever order', async () => {
    const plan = fc.record({
      paid: fc.boolean(),
      answers: fc.array(fc.constantFrom('drop_before' as const, 'drop_after' as const, '500' as const), {
        maxLength: 2,
      }),
      notice: fc.record(
        {
          drop: fc.boolean(),
          copies: fc.integer({ min: 1, max: 3 }),
          delaySeconds: fc.constantFrom(0, 40, 2000),
          tamper: fc.constantFrom(...fake.tampers),
        },
        { requiredKeys: [] },
      ),
      later: fc.array(fc.constantFrom('drop_before' as const, 'drop_after' as const, '500' as const), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(plan, { minLength: 1, maxLength: 3 }),
        fc.infiniteStream(fc.nat(97)),
        async (plans, order) => {
          fake.clear();
          const made: { order: Order; paid: boolean }[] = [];
          for (const { paid, answers, notice, later } of plans) {
            const buyer = await till.user();
            fake.spoil(answers);
            const wish = { package: 'photos-3', provider: provider.name };
            let bought: Order | undefined;
            // Each fault meets one request, so one more try than there are faults is enough.
            for (let tries = 0; tries <= answers.length && !bought; tries += 1)
              bought = (await createOrder(deps, buyer.id, wish).catch(() => undefined))?.order;
            if (!bought) throw new Error('expected an order');
            fake.noticeFaults.push(notice);
            if (paid) expect(fake.pay(bought)).toBe(true);
            else fake.noticeFaults.pop();
            made.push({ order: bought, paid });
            tally.orders += 1;
            tally.paid += Number(paid);
            tally.answers += answers.length + later.length;
            tally.notices += Number(paid && Object.keys(notice).length > 0);
          }
          for (const { later } of plans) fake.spoil(later);
          const choose = (count: number) => Number(order.next().value) % Math.max(count, 1);
          // More sweeps than there are faults, so that the last ones meet none.
          for (const seconds of [30, 600, life, ...Array(10).fill(7300)]) {
            await till.pass(seconds, choose);
            await till.sweep();
          }
          for (const {
            order: { id },
            paid,
          } of made) {
            const ended = await till.order({ id });
            expect(ended.state).toBe(paid ? 'paid' : 'closed');
            expect([await grants(ended), await credits(ended)]).toEqual(paid ? [1, 3] : [0, 0]);
            expect(fake.made(ended.outTradeNo)).toBe(1);
          }
          expect(await brokenInvariants(db)).toEqual([]);
        },
      ),
      { numRuns: fake.runs },
    );
  });
  afterAll(() => {
    if (tally.orders > 0) console.log(`${provider.name}: faults injected and survived ${JSON.stringify(tally)}`);
  });

  return till;
}
