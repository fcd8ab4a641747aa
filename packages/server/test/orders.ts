import { afterEach, beforeEach, expect } from 'vitest';
import { eventsOf } from '../src/order-rows.ts';
import { openIssues } from '../src/recon-issues.ts';
import { available, brokenInvariants } from '../src/wallets.ts';
import { openShop } from './shop.ts';

/** A shop whose provider begins each test well and silent, and whose books agree after each. */
export async function openOrders() {
  const shop = await openShop();
  const { db, clock, simulator, deps } = shop;
  beforeEach(() => {
    simulator.notices.clear();
    simulator.faults.length = 0;
    shop.divert(undefined);
  });
  afterEach(async () => expect(await brokenInvariants(db)).toEqual([]));

  return {
    ...{ shop, db, clock, simulator, deps },
    credits: ({ walletId }: { walletId: string }) => available(db, walletId, clock()),
    /** What waits for the operator about an order. */
    issuesOf: async (outTradeNo: string) =>
      (await openIssues(db)).filter((issue) => issue.outTradeNo === outTradeNo).map(({ kind }) => kind),
    /** What has happened to an order, in its order. */
    kinds: async (id: string) => (await eventsOf(db, id)).map(({ kind }) => kind),
  };
}

export const refusal = (code: string) => expect.objectContaining({ code });
