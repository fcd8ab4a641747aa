import type { OrderView, PaymentView } from '@hili/contract';
import { grantKeyOf } from './order-payments.ts';
import type { Order, Refund } from './order-tables.ts';
import { isOpen, type OrderDeps } from './orders.ts';
import type { Payment } from './payments/provider.ts';
import { paidRebates } from './rebate-rows.ts';
import { underReview } from './recon-issues.ts';
import { refundsOf } from './refund-rows.ts';
import { priceOf, refundableUntil } from './refunds.ts';
import { unspent } from './wallets.ts';

const time = (at: Date | null): string | null => at?.toISOString() ?? null;

function paymentView(payment: Payment): PaymentView {
  if (payment.kind === 'qr') return { kind: 'qr', code: payment.code, demoUrl: payment.demoUrl ?? null };
  if (payment.kind === 'redirect') return { kind: 'redirect', url: payment.url };
  return { kind: 'manual', reference: payment.reference, account: payment.account };
}

const refundView = ({ credits, fen, state, createdAt, endedAt }: Refund): OrderView['refund'] => ({
  photos: credits,
  fen,
  state,
  askedAt: createdAt.toISOString(),
  endedAt: time(endedAt),
});

/** Orders as their buyer sees them, in the order given. */
export async function orderViews(deps: OrderDeps, orders: readonly Order[]): Promise<OrderView[]> {
  const now = deps.clock();
  const paid = orders.filter(({ state }) => state === 'paid');
  const [left, gone, refunds, reviewed] = await Promise.all([
    unspent(deps.db, paid.map(grantKeyOf), now),
    paidRebates(
      deps.db,
      paid.map(({ id }) => id),
    ),
    refundsOf(
      deps.db,
      orders.filter(({ paidAt }) => paidAt).map(({ id }) => id),
    ),
    underReview(
      deps.db,
      orders.map(({ outTradeNo }) => outTradeNo),
    ),
  ]);
  return orders.map((order) => {
    const photos = left.get(grantKeyOf(order)) ?? 0;
    const until = refundableUntil(deps, order);
    const fen = priceOf(order, photos, gone.get(order.id) ?? 0);
    const refund = refunds.findLast(({ orderId }) => orderId === order.id);
    return {
      id: order.id,
      number: order.outTradeNo,
      package: order.package,
      photos: order.credits,
      fen: order.fen,
      currency: order.currency,
      provider: order.provider,
      simulated: order.simulated,
      state: order.state,
      createdAt: order.createdAt.toISOString(),
      expiresAt: order.expiresAt.toISOString(),
      paidAt: time(order.paidAt),
      transactionId: order.transactionId,
      payment: order.payment && isOpen(order) && order.expiresAt > now ? paymentView(order.payment) : null,
      underReview: reviewed.has(order.outTradeNo),
      refundable: until && until > now && fen > 0 ? { photos, fen, until: until.toISOString() } : null,
      refund: refund ? refundView(refund) : null,
    };
  });
}

export async function orderView(deps: OrderDeps, order: Order): Promise<OrderView> {
  const [view] = await orderViews(deps, [order]);
  return view as OrderView;
}
