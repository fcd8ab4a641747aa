import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { Order } from '../../src/order-tables.ts';
import { createOrder } from '../../src/orders.ts';
import { brokenInvariants } from '../../src/wallets.ts';
import { looksAt } from './looks.ts';
import type { Till } from './till.ts';

/** Anything that can break, in any order. */
export function testFaults(till: Till): void {
  const { db, deps, fake, provider } = till;
  const { credits, grants } = looksAt(till);
  const life = provider.lifeSeconds;

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
}
