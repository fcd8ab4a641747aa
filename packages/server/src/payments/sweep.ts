import { takeDueOrders } from '../order-rows.ts';
import { followOrder, type OrderDeps } from '../orders.ts';
import { takeDuePayouts } from '../payout-rows.ts';
import { followPayout } from '../payouts.ts';
import { tellIssues } from '../recon-issues.ts';
import { takeDueRefunds } from '../refund-rows.ts';
import { followRefund } from '../refunds.ts';
import { startRounds } from '../rounds.ts';
import { reconcile } from './reconcile.ts';

/** Orders, refunds, and payouts, that one sweep asks providers about at once: fewer than there are connections to the database. */
const BATCH = 4;

/**
 * Asks the providers about every open order, refund and payout that is due, whatever notices have come: what was paid is granted, what is
 * over is closed, what was refunded or sent ends. Several processes may sweep at once; what fails is due again later.
 * @returns how many were asked about.
 */
export async function sweepPayments(deps: OrderDeps): Promise<number> {
  const { db, clock, log, providers, payouts } = deps;
  const names = [...providers.keys()];
  const orders = await takeDueOrders(db, names, clock(), BATCH);
  const refunds = await takeDueRefunds(db, names, clock(), BATCH);
  const sent = payouts ? await takeDuePayouts(db, payouts.appid, clock(), BATCH) : [];
  const later = (what: object) => (error: unknown) => log.warn({ ...what, error }, 'a payment has to wait');
  await Promise.all([
    ...orders.map((order) => followOrder(deps, order).catch(later({ order: order.outTradeNo }))),
    ...refunds.map((refund) => followRefund(deps, refund).catch(later({ refund: refund.outRefundNo }))),
    ...sent.map((payout) => followPayout(deps, payout).catch(later({ payout: payout.outBillNo }))),
  ]);
  return orders.length + refunds.length + sent.length;
}

/** Milliseconds between two sweeps, and sweeps between two looks for bills. */
const ROUND_MS = 5_000;
const BILL_ROUNDS = 120;

/** Sweeps, compares bills, and says in the log what does not fit, round after round. @returns stops, once the round under way has ended. */
export function followPayments(deps: OrderDeps): () => Promise<void> {
  return startRounds(ROUND_MS, async (round) => {
    try {
      await sweepPayments(deps);
      if (round % BILL_ROUNDS === 0) await reconcile(deps);
      await tellIssues(deps.db, deps.log, deps.clock());
    } catch (error) {
      deps.log.warn({ error }, 'a sweep of payments failed');
    }
  });
}
