import type Stripe from 'stripe';
import { type DisputeState, ForgedNotice, type Paid, PaymentRefused, type RefundState } from '../provider.ts';

/** Refusals that another day may lift: there is not enough money in the account. */
const PASSING = ['balance_insufficient', 'insufficient_funds', 'rate_limit', 'lock_timeout'];

const REFUND_STATES: Readonly<Record<string, RefundState['state']>> = {
  succeeded: 'done',
  failed: 'failed',
  canceled: 'failed',
};

/** The number of an order, and of a refund, that we gave along; what has none is not ours. */
export const orderOf = ({ metadata }: { readonly metadata: Stripe.Metadata | null }): string | undefined =>
  metadata?.order;
export const refundNoOf = ({ metadata }: { readonly metadata: Stripe.Metadata | null }): string | undefined =>
  metadata?.refund;

/** What a session that is paid says. @throws ForgedNotice when it is none of ours. */
export function paidOf(session: Stripe.Checkout.Session, now: Date): Paid {
  const { payment_intent: intent, amount_total: fen, currency } = session;
  const outTradeNo = orderOf(session);
  if (
    !outTradeNo ||
    outTradeNo !== session.client_reference_id ||
    !intent ||
    typeof intent === 'string' ||
    fen === null
  )
    throw new ForgedNotice('expected a paid session of ours');
  const charge = typeof intent.latest_charge === 'string' ? null : intent.latest_charge;
  return {
    ...{ outTradeNo, transactionId: intent.id, fen, currency: (currency ?? '').toUpperCase() },
    paidAt: charge ? new Date(charge.created * 1000) : now,
    payer: payerOf(charge),
  };
}

/** Where a refund stands. */
export const refundOf = ({ amount: fen, status }: Stripe.Refund, outRefundNo: string): RefundState => ({
  ...{ outRefundNo, fen },
  state: REFUND_STATES[status ?? ''] ?? 'pending',
});

/** Where a dispute stands: a bank that only asks has moved no money. https://docs.stripe.com/disputes/how-disputes-work */
export function disputeState({ status, balance_transactions }: Stripe.Dispute): DisputeState {
  if (['won', 'warning_closed', 'prevented'].includes(status)) return 'won';
  if (['lost', 'appeal_needs_response', 'appeal_under_review'].includes(status)) return 'lost';
  const moved = balance_transactions.reduce((sum, { amount }) => sum + amount, 0);
  return moved < 0 ? 'withdrawn' : 'asked';
}

/** What is the same whenever this person pays in this way. */
function payerOf(charge: Stripe.Charge | null): string | null {
  const { card, alipay, wechat_pay: wechat } = charge?.payment_method_details ?? {};
  return card?.fingerprint ?? alipay?.buyer_id ?? alipay?.fingerprint ?? wechat?.fingerprint ?? null;
}

export const isRefusal = (error: unknown): error is Stripe.errors.StripeInvalidRequestError =>
  (error as { type?: unknown } | null)?.type === 'StripeInvalidRequestError';

/** Turns a refusal for good into the port's word for it. */
export async function refusing<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (isRefusal(error) && !PASSING.includes(error.code ?? ''))
      throw new PaymentRefused(error.message, { cause: error });
    throw error;
  }
}
