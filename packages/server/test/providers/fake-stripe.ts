import { createHmac } from 'node:crypto';
import { stripe } from '../../src/payments/stripe.ts';
import type { TestClock } from '../harness.ts';
import { type Ask, openFakeServer, type Said } from './fake-server.ts';
import { type Dispute, openStripeBooks, Refusal } from './stripe-books.ts';
import type { FakeProvider, Misstated } from './till.ts';

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
  const books = openStripeBooks(clock, (type, object) => notify(type, object));
  const { now, newId, sessions, refunds, disputes, sessionView, refundView, disputeView, list, refundedFen } = books;
  /** The request and the answer of a key, for a day. */
  const keys = new Map<string, { readonly request: string; readonly said: Said; readonly at: number }>();
  const misstated = new Map<string, Misstated>();
  function answer({ method, url, body }: Ask): object {
    const session = /^\/v1\/checkout\/sessions\/(cs_\w+)(\/expire)?$/.exec(url.pathname);
    const refund = /^\/v1\/refunds\/(re_\w+)$/.exec(url.pathname);
    const isExpanded = url.searchParams.has('expand[0]');
    const dispute = disputes.get(/^\/v1\/disputes\/(dp_\w+)$/.exec(url.pathname)?.[1] ?? '');
    if (dispute) return disputeView(dispute, isExpanded);
    if (method === 'POST' && url.pathname === '/v1/checkout/sessions')
      return sessionView(books.createSession(readForm(body)), false);
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
    if (method === 'POST' && url.pathname === '/v1/refunds')
      return refundView(books.createRefund(readForm(body)), false);
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
    refundsWill: books.refundsWill,
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
