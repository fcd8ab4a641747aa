import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { askRefund } from '../../src/refunds.ts';
import { capture, hold } from '../../src/wallets.ts';
import { looksAt } from './looks.ts';
import type { Till } from './till.ts';

/** Money that goes back. */
export function testRefunds(till: Till): void {
  const { db, clock, deps, fake } = till;
  const { credits, issuesOf } = looksAt(till);

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
}
