import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, it, vi } from 'vitest';
import type { Order } from '../src/order-tables.ts';
import { type NoticeFault, TAMPERS } from '../src/payments/simulator/notices.ts';
import { FAULTS } from '../src/payments/simulator/simulator.ts';
import { askRefund } from '../src/refunds.ts';
import { available, brokenInvariants } from '../src/wallets.ts';
import { openFaultTable } from './fault-table.ts';
import { openShop } from './shop.ts';

// Many purchases, each with faults that are waited out.
vi.setConfig({ testTimeout: 400_000 });

const shop = await openShop();
const { db, clock, simulator, deps } = shop;
const { notices } = simulator;

const { count } = openFaultTable();

async function persist<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries > 20) throw error;
    }
  }
}

const noticeFault: fc.Arbitrary<NoticeFault> = fc.record({
  drop: fc.boolean(),
  copies: fc.integer({ min: 1, max: 3 }),
  delaySeconds: fc.integer({ min: 0, max: 4000 }),
  tamper: fc.option(fc.constantFrom(...TAMPERS.filter((tamper) => tamper !== 'amount')), { nil: undefined }),
});

const answerFault = fc.record({
  match: fc.constantFrom(/native/, /GET .*out-trade-no/, /close$/, /POST .*refunds$/, /GET .*refunds/),
  times: fc.integer({ min: 1, max: 2 }),
  kind: fc.constantFrom(...FAULTS),
});

const purchase = fc.record({ pays: fc.boolean(), fault: noticeFault, refunds: fc.boolean(), refundFault: noticeFault });

it('grants each paid order once and an unpaid one never, refunds each refund once, whatever faults strike', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(purchase, { minLength: 1, maxLength: 5 }),
      fc.array(answerFault, { maxLength: 5 }),
      fc.array(fc.integer({ min: 0, max: 1200 }), { minLength: 1, maxLength: 3 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 10 }),
      async (purchases, faults, steps, order) => {
        notices.clear();
        simulator.faults.splice(0, Number.POSITIVE_INFINITY, ...faults.map((fault) => ({ ...fault })));
        const struck = new Map(simulator.struck);
        const spoilt: string[] = [];
        const plan = (fault: NoticeFault) => {
          notices.faults.push(fault);
          for (const [kind, is] of Object.entries({
            drop: fault.drop,
            copies: (fault.copies ?? 1) > 1,
            delay: fault.delaySeconds,
          }))
            if (is) spoilt.push(`notice: ${kind}`);
          if (fault.tamper && !fault.drop) spoilt.push(`notice: tampered ${fault.tamper}`);
        };
        let turn = 0;
        const choose = <Due>(due: readonly Due[]) => due[(order[turn++ % order.length] as number) % due.length];

        const bought: { order: Order; paid: boolean; refunded: boolean }[] = [];
        for (const { pays, fault } of purchases) {
          const buyer = await shop.user();
          const { order, code } = await persist(() => shop.buy({}, buyer));
          if (pays) plan(fault);
          if (pays) expect(simulator.pay(code)).toBe('paid');
          bought.push({ order, paid: pays, refunded: false });
        }
        for (const step of steps) await shop.pass(step, { choose, sweepEvery: 300 });
        for (const [n, { refunds, refundFault }] of purchases.entries()) {
          const each = bought[n] as (typeof bought)[number];
          if (!refunds || (await shop.order(each.order)).state !== 'paid') continue;
          await askRefund(deps, each.order.id, 'test');
          each.refunded = true;
          plan(refundFault);
        }
        // The bank returns what has been asked for by then: once soon, once a day later, when every request has come through.
        for (const wait of [600, 86_400]) {
          await shop.pass(wait, { choose, sweepEvery: wait / 12 });
          for (const { outRefundNo, status } of simulator.world.refunds.values())
            if (status === 'PROCESSING') simulator.settleRefund(outRefundNo);
        }
        await shop.pass(86_400, { choose, sweepEvery: 7200 });

        for (const { order, paid, refunded } of bought) {
          const state = paid ? (refunded ? 'refunded' : 'paid') : 'closed';
          expect(await shop.order(order)).toMatchObject({ state });
          expect(await available(db, order.walletId, clock())).toBe(state === 'paid' ? 3 : 0);
          const { rows } = await sql`select 1 from txn where wallet_id = ${order.walletId} and kind = 'grant'`.execute(
            db,
          );
          expect(rows).toHaveLength(paid ? 1 : 0);
          const theirs = simulator.world.orders.get(order.outTradeNo);
          expect(theirs).toMatchObject({ refunded: refunded ? 4980 : 0 });
        }
        expect(await brokenInvariants(db)).toEqual([]);
        for (const fault of spoilt) for (const column of ['injected', 'survived'] as const) count(fault, column);
        for (const [kind, times] of simulator.struck)
          for (const column of ['injected', 'survived'] as const)
            count(`answer: ${kind}`, column, times - (struck.get(kind) ?? 0));
      },
    ),
    { numRuns: 40 },
  );
});
