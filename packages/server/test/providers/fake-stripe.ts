import { createHmac, randomBytes } from 'node:crypto';
import { stripe } from '../../src/payments/stripe.ts';
import type { TestClock } from '../harness.ts';
import { type Ask, openFakeServer, type Said } from './fake-server.ts';
import type { FakeProvider, Misstated } from './till.ts';

interface Session {
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

interface Refund {
  readonly id: string;
  readonly payment_intent: string;
  readonly amount: number;
  readonly metadata: Record<string, string>;
  status: 'pending' | 'succeeded' | 'failed';
}

interface Dispute {
  readonly id: string;
  readonly payment_intent: string | null;
  readonly amount: number;
  readonly currency: string;
  status: string;
  /** What has moved between the accounts, fees included. */
  readonly balance_transactions: { readonly amount: number }[];
}

class Refusal extends Error {
  readonly status: number;
  readonly said: object;
  constructor(status: number, message: string, code?: string) {
    super(message);
    this.status = status;
    this.said = { error: { type: 'invalid_request_error', message, ...(code && { code }) } };
  }
}

const SECRET_KEY = 'sk_test_fake';
const WEBHOOK_SECRET = 'whsec_fake';
const TAMPERS = ['body', 'signature', 'secret', 'timestamp'];

/** Turns `a[b][0]=c` into nested objects: the form in which Stripe is asked. */
function readForm(body: string): Record<string, never> {
  const tree: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(body)) {
    const path = name.split(/[[\]]+/).filter((part) => part !== '');
    let at = tree;
    for (const part of path.slice(0, -1)) {
      at[part] ??= {};
      at = at[part] as Record<string, unknown>;
    }
    at[path.at(-1) as string] = value;
  }
  return tree as Record<string, never>;
}

/** Stripe on this machine: sessions, refunds, idempotency keys, signed webhooks and their retries. Nobody pays; somebody says `pay`. */
export async function openFakeStripe(
  clock: TestClock,
  notifyUrl: string,
  price?: Parameters<typeof stripe>[0]['price'],
) {
  const now = () => Math.floor(clock().getTime() / 1000);
  const newId = (prefix: string) => `${prefix}_test_${randomBytes(9).toString('hex')}`;
  const sessions = new Map<string, Session>();
  const refunds = new Map<string, Refund>();
  const disputes = new Map<string, Dispute>();
  /** The request and the answer of a key, for a day. */
  const keys = new Map<string, { readonly request: string; readonly said: Said; readonly at: number }>();
  const misstated = new Map<string, Misstated>();
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

  function createSession(form: Record<string, never>): Session {
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

  function createRefund(form: Record<string, never>): Refund {
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

  function answer({ method, url, body }: Ask): object {
    const session = /^\/v1\/checkout\/sessions\/(cs_\w+)(\/expire)?$/.exec(url.pathname);
    const refund = /^\/v1\/refunds\/(re_\w+)$/.exec(url.pathname);
    const isExpanded = url.searchParams.has('expand[0]');
    const dispute = disputes.get(/^\/v1\/disputes\/(dp_\w+)$/.exec(url.pathname)?.[1] ?? '');
    if (dispute) return disputeView(dispute, isExpanded);
    if (method === 'POST' && url.pathname === '/v1/checkout/sessions')
      return sessionView(createSession(readForm(body)), false);
    if (session) {
      const found = sessions.get(String(session[1]));
      if (!found) throw new Refusal(404, 'No such checkout.session', 'resource_missing');
      if (found.status === 'open' && now() > found.expires_at) found.status = 'expired';
      if (session[2]) {
        if (found.status !== 'open')
          throw new Refusal(400, 'Only Checkout Sessions with a status in ["open"] can be expired.');
        found.status = 'expired';
      }
      return sessionView(found, isExpanded);
    }
    if (method === 'POST' && url.pathname === '/v1/refunds') return refundView(createRefund(readForm(body)), false);
    if (url.pathname === '/v1/refunds') {
      const intent = url.searchParams.get('payment_intent');
      return list(
        [...refunds.values()].filter((each) => each.payment_intent === intent).map((each) => refundView(each, false)),
      );
    }
    const found = refund && refunds.get(String(refund[1]));
    if (found) return refundView(found, isExpanded);
    throw new Refusal(404, 'Unrecognized request URL');
  }

  function serve(ask: Ask): Said {
    if (ask.headers.authorization !== `Bearer ${SECRET_KEY}`)
      return { status: 401, body: '{"error":{"type":"authentication_error"}}' };
    const key = ask.headers['idempotency-key'];
    const old = ask.method === 'POST' && typeof key === 'string' ? keys.get(key) : undefined;
    if (old && now() - old.at < 86_400) {
      if (old.request === ask.body) return old.said;
      return {
        status: 400,
        body: '{"error":{"type":"idempotency_error","message":"Keys for idempotent requests can only be used with the same parameters"}}',
      };
    }
    try {
      const said = { status: 200, body: JSON.stringify(answer(ask)) };
      if (typeof key === 'string') keys.set(key, { request: ask.body, said, at: now() });
      return said;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, body: JSON.stringify(error.said) };
    }
  }
  const server = await openFakeServer(clock, serve, (status) => status >= 200 && status < 300);

  function notify(type: string, object: object): void {
    const id = newId('evt');
    server.send(notifyUrl, (at, tamper) => {
      const seconds = Math.floor(at.getTime() / 1000) - (tamper === 'timestamp' ? 3600 : 0);
      const body = JSON.stringify({ id, object: 'event', type, created: seconds, livemode: false, data: { object } });
      const secret = tamper === 'secret' ? 'whsec_other' : WEBHOOK_SECRET;
      const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
      const v1 = tamper === 'signature' ? mac.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) : mac;
      return {
        body: tamper === 'body' ? body.replace('"livemode":false', '"livemode":true') : body,
        headers: { 'stripe-signature': `t=${seconds},v1=${v1}`, 'content-type': 'application/json' },
      };
    });
  }

  /** The payer's bank asks about a payment, takes its money, or says how it ends; by a notice. */
  function dispute(id: string, type: string, said: Partial<Dispute>, moved?: number): void {
    const made = { id, payment_intent: null, amount: 0, currency: 'cny', status: 'needs_response' };
    const now = { ...made, balance_transactions: [], ...disputes.get(id), ...said };
    disputes.set(id, now);
    if (moved) now.balance_transactions.push({ amount: moved });
    notify(`charge.dispute.${type}`, disputeView(now, false));
  }

  const ofOrder = (outTradeNo: string) =>
    [...sessions.values()].filter((each) => each.client_reference_id === outTradeNo);
  const provider = stripe({
    ...{ secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET, clock, publicUrl: 'https://photos.example.com' },
    ...{
      methods: ['card', 'alipay', 'wechat_pay'],
      at: { host: '127.0.0.1', port: server.port, protocol: 'http', timeout: 10_000, maxNetworkRetries: 0 },
    },
    ...(price && { price }),
  });

  const fake: FakeProvider = {
    provider,
    tampers: TAMPERS,
    // Its client repeats at once what a broken connection took, and waits half a second first.
    clientTries: 2,
    looksFirst: 1,
    runs: 4,
    noticeFaults: server.noticeFaults,
    tries: () => server.tries,
    made: (outTradeNo) => ofOrder(outTradeNo).length,
    pay(order) {
      const session = sessions.get(String(order.reference));
      if (session?.status !== 'open' || now() > session.expires_at) return false;
      const said = misstated.get(order.outTradeNo);
      Object.assign(session, {
        status: 'complete',
        payment_status: 'paid',
        payment_intent: said?.transactionId ?? newId('pi'),
        paidAt: now(),
      });
      if (said?.fen) session.amount_total = said.fen;
      if (said?.currency) session.currency = said.currency.toLowerCase();
      notify('checkout.session.completed', sessionView(session, false));
      return true;
    },
    misstate: (outTradeNo, said) => void misstated.set(outTradeNo, said),
    spoil: (faults) => void server.faults.push(...faults),
    refundsWill(next) {
      outcome = next;
    },
    settle(outRefundNo, end) {
      const refund = [...refunds.values()].find(({ metadata }) => metadata.refund === outRefundNo);
      if (!refund) throw new Error('expected a refund');
      refund.status = end === 'done' ? 'succeeded' : 'failed';
      notify(end === 'done' ? 'refund.updated' : 'refund.failed', refundView(refund, false));
    },
    refunded: (outTradeNo) =>
      ofOrder(outTradeNo).reduce(
        (sum, { payment_intent }) => sum + (payment_intent ? refundedFen(payment_intent) : 0),
        0,
      ),
    deliver: server.deliver,
    clear: server.clear,
    close: server.close,
  };
  return { fake, sessions, refunds, disputes, notify, dispute, sessionView, refundView, newId };
}
