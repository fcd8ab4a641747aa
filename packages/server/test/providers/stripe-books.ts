import { randomBytes } from 'node:crypto';
import type { TestClock } from '../harness.ts';

/** A page to pay on. */
export interface Session {
  readonly id: string;
  readonly client_reference_id: string | null;
  readonly metadata: Record<string, string>;
  readonly intentMetadata: Record<string, string>;
  readonly expires_at: number;
  amount_total: number;
  currency: string;
  status: 'open' | 'complete' | 'expired';
  payment_status: 'paid' | 'unpaid';
  payment_intent: string | null;
  paidAt: number;
}

export interface Refund {
  readonly id: string;
  readonly payment_intent: string;
  readonly amount: number;
  readonly metadata: Record<string, string>;
  status: 'pending' | 'succeeded' | 'failed';
}

export interface Dispute {
  readonly id: string;
  readonly payment_intent: string | null;
  readonly amount: number;
  readonly currency: string;
  status: string;
  /** What has moved between the accounts, fees included. */
  readonly balance_transactions: { readonly amount: number }[];
}

/** What Stripe answers in place of what was asked for. */
export class Refusal extends Error {
  readonly status: number;
  readonly said: object;
  constructor(status: number, message: string, code?: string) {
    super(message);
    this.status = status;
    this.said = { error: { type: 'invalid_request_error', message, ...(code && { code }) } };
  }
}

/** Fields of a request in Stripe's form, where `a[b][0]=c` nests. */
type Form = Record<string, never>;

/**
 * What Stripe keeps, and how it shows it.
 * @param notify called with each refund that is made, as its webhook shows it.
 */
export function openStripeBooks(clock: TestClock, notify: (type: string, object: object) => void) {
  const now = () => Math.floor(clock().getTime() / 1000);
  const newId = (prefix: string) => `${prefix}_test_${randomBytes(9).toString('hex')}`;
  const sessions = new Map<string, Session>();
  const refunds = new Map<string, Refund>();
  const disputes = new Map<string, Dispute>();
  let outcome: 'done' | 'pending' | 'failed' = 'done';

  const sessionView = ({ intentMetadata, paidAt, ...session }: Session, expanded: boolean) => ({
    ...session,
    object: 'checkout.session',
    url: session.status === 'open' ? `https://checkout.stripe.test/c/pay/${session.id}` : null,
    payment_intent:
      session.payment_intent && expanded
        ? {
            ...{ id: session.payment_intent, object: 'payment_intent', metadata: intentMetadata },
            latest_charge: {
              id: 'ch_1',
              created: paidAt,
              payment_method_details: { card: { fingerprint: `fp${session.id}` } },
            },
          }
        : session.payment_intent,
  });
  const sessionOfIntent = (intent: string) =>
    [...sessions.values()].find(({ payment_intent }) => payment_intent === intent);
  const intentView = (id: string | null, expanded: boolean) =>
    expanded && id ? { id, object: 'payment_intent', metadata: sessionOfIntent(id)?.intentMetadata ?? {} } : id;
  const refundView = (refund: Refund, expanded: boolean) => ({
    ...refund,
    object: 'refund',
    payment_intent: intentView(refund.payment_intent, expanded),
  });
  const disputeView = (dispute: Dispute, expanded: boolean) => ({
    ...dispute,
    object: 'dispute',
    payment_intent: intentView(dispute.payment_intent, expanded),
  });
  const list = (data: readonly object[]) => ({ object: 'list', data, has_more: false, url: '/v1/refunds' });

  function createSession(form: Form): Session {
    const {
      client_reference_id,
      metadata,
      payment_intent_data,
      line_items,
      expires_at,
      allowed_payment_method_types,
      mode,
    } = form as never as {
      client_reference_id: string;
      metadata: Record<string, string>;
      payment_intent_data: { metadata: Record<string, string> };
      line_items: { 0: { quantity: string; price_data: { currency: string; unit_amount: string } } };
      expires_at: string;
      allowed_payment_method_types: Record<string, string>;
      mode: string;
      payment_method_options?: { wechat_pay?: { client?: string } };
    };
    const { price_data, quantity } = line_items[0];
    if (mode !== 'payment') throw new Refusal(400, 'mode');
    if ('payment_method_types' in form) throw new Refusal(400, 'no longer supported', 'parameter_unknown');
    const wechat = (form as { payment_method_options?: { wechat_pay?: { client?: string } } }).payment_method_options
      ?.wechat_pay;
    if (Object.values(allowed_payment_method_types).includes('wechat_pay') && wechat?.client !== 'web')
      throw new Refusal(400, 'payment_method_options[wechat_pay][client] is required');
    const until = Number(expires_at) - now();
    if (until < 1800 || until > 86_400)
      throw new Refusal(400, 'expires_at must be between 30 minutes and 24 hours from now');
    const session: Session = {
      ...{ id: newId('cs'), client_reference_id, metadata, intentMetadata: payment_intent_data.metadata },
      ...{ expires_at: Number(expires_at), amount_total: Number(price_data.unit_amount) * Number(quantity) },
      ...{ currency: price_data.currency, status: 'open', payment_status: 'unpaid', payment_intent: null, paidAt: 0 },
    };
    sessions.set(session.id, session);
    return session;
  }

  function createRefund(form: Form): Refund {
    const { payment_intent, amount, metadata } = form as never as {
      payment_intent: string;
      amount: string;
      metadata: Record<string, string>;
    };
    const session = sessionOfIntent(payment_intent);
    if (!session) throw new Refusal(404, 'No such payment_intent', 'resource_missing');
    const isDisputed = [...disputes.values()].some(
      (each) => each.payment_intent === payment_intent && each.status !== 'won',
    );
    if (outcome === 'failed' || isDisputed) throw new Refusal(400, 'The charge is disputed', 'charge_disputed');
    if (refundedFen(payment_intent) + Number(amount) > session.amount_total)
      throw new Refusal(400, 'too much', 'charge_already_refunded');
    const status = outcome === 'done' ? 'succeeded' : 'pending';
    const refund: Refund = { id: newId('re'), payment_intent, amount: Number(amount), metadata, status };
    refunds.set(refund.id, refund);
    notify('refund.created', refundView(refund, false));
    return refund;
  }
  const refundedFen = (intent: string) =>
    [...refunds.values()].reduce(
      (sum, each) => sum + (each.payment_intent === intent && each.status !== 'failed' ? each.amount : 0),
      0,
    );

  return {
    ...{ now, newId, sessions, refunds, disputes },
    ...{ sessionView, refundView, disputeView, list, createSession, createRefund, refundedFen },
    refundsWill(next: typeof outcome) {
      outcome = next;
    },
  };
}
