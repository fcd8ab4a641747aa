import type Stripe from 'stripe';
import type { Clock } from '../database.ts';
import {
  ForgedNotice,
  type Notice,
  type PaymentState,
  type Price,
  type Provider,
  type ProviderContext,
} from './provider.ts';
import { readMethods, readPrices } from './provider-settings.ts';
import { disputeState, isRefusal, orderOf, paidOf, refundNoOf, refundOf, refusing } from './stripe/answers.ts';

/** Seconds that an order can be paid. */
const LIFE_SECONDS = 1_800;
/**
 * Stripe refuses a page that ends within 30 minutes. A page may be asked for again at the very end of its order, by the same request to the
 * letter, so it ends 30 minutes after the order; the sweep closes it long before.
 */
const LEEWAY_SECONDS = 1_800;
/** Milliseconds that one try may take: a buyer waits for it. */
const TIMEOUT_MS = 8_000;
/** Seconds by which a notice's time may differ from ours, as Stripe advises. */
const TOLERANCE_SECONDS = 300;
const PAID_EVENTS = ['checkout.session.completed', 'checkout.session.async_payment_succeeded'];
export interface StripeOptions {
  readonly secretKey: string;
  readonly webhookSecret: string;
  readonly clock: Clock;
  /** The address that others see. */
  readonly publicUrl: string;
  /** `card`, `alipay`, `wechat_pay`: what the page offers. */
  readonly methods: readonly string[];
  /** What a package costs here; absent for the usual price. */
  readonly price?: (packageCode: string) => Price;
  /** Where Stripe is asked, when not at its own address. */
  readonly at?: Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol' | 'timeout' | 'maxNetworkRetries'>;
}

/** Stripe Checkout: the buyer pays on Stripe's page. https://docs.stripe.com/checkout/fulfillment */
export function stripe(options: StripeOptions): Provider {
  const { secretKey, webhookSecret, clock, publicUrl, methods, price, at } = options;
  let opening: Promise<Stripe> | undefined;
  /** The client is large, so only who sells by Stripe loads it. */
  const client = () => {
    opening ??= import('stripe').then(
      ({ default: Client }) =>
        new Client(secretKey, { timeout: TIMEOUT_MS, maxNetworkRetries: 1, telemetry: false, ...at }),
    );
    return opening;
  };

  const read = async (id: string) =>
    (await client()).checkout.sessions.retrieve(id, { expand: ['payment_intent.latest_charge'] });

  async function findRefund(paymentIntent: string, outRefundNo: string): Promise<Stripe.Refund | undefined> {
    // An order has few refunds: 100 are more than any can have.
    const { data } = await (await client()).refunds.list({ payment_intent: paymentIntent, limit: 100 });
    return data.find((refund) => refundNoOf(refund) === outRefundNo);
  }

  return {
    name: 'stripe',
    kind: 'redirect',
    simulated: false,
    lifeSeconds: LIFE_SECONDS,
    ...(price && { price }),

    async create({ outTradeNo, photos, fen, currency, expiresAt }) {
      const back = `${publicUrl}/orders/${outTradeNo}`;
      const session = await refusing(async () =>
        (await client()).checkout.sessions.create(
          {
            mode: 'payment',
            allowed_payment_method_types: methods as Stripe.Checkout.SessionCreateParams.AllowedPaymentMethodType[],
            ...(methods.includes('wechat_pay') && { payment_method_options: { wechat_pay: { client: 'web' } } }),
            client_reference_id: outTradeNo,
            metadata: { order: outTradeNo },
            payment_intent_data: { metadata: { order: outTradeNo } },
            line_items: [
              {
                quantity: 1,
                price_data: {
                  currency: currency.toLowerCase(),
                  unit_amount: fen,
                  product_data: { name: `Hili PhotoEnhance ×${photos}` },
                },
              },
            ],
            expires_at: Math.floor(expiresAt.getTime() / 1000) + LEEWAY_SECONDS,
            success_url: back,
            cancel_url: back,
          },
          { idempotencyKey: `order-${outTradeNo}` },
        ),
      );
      if (!session.url) throw new Error('expected the address of a page to pay on');
      return { kind: 'redirect', url: session.url, reference: session.id };
    },

    async query({ reference }): Promise<PaymentState> {
      // Without it nobody has been given the page, so nobody can have paid.
      if (reference === null) return { state: 'unknown' };
      const session = await read(reference);
      if (session.payment_status === 'paid') return { state: 'paid', paid: paidOf(session, clock()) };
      return { state: session.status === 'expired' ? 'closed' : 'unpaid' };
    },

    async close({ reference }) {
      if (reference === null) return 'closed';
      try {
        await (await client()).checkout.sessions.expire(reference);
        return 'closed';
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const session = await read(reference);
        if (session.payment_status === 'paid') return 'paid';
        if (session.status === 'expired') return 'closed';
        // The buyer has done their part, and the bank has not: the sweep asks again.
        throw error;
      }
    },

    async refund({ outRefundNo, fen, bill }) {
      const paymentIntent = String(bill.transactionId);
      // Keys are forgotten after a day, and a refund may be asked for again for longer.
      const known = await findRefund(paymentIntent, outRefundNo);
      const wish = { payment_intent: paymentIntent, amount: fen, metadata: { refund: outRefundNo } };
      const made =
        known ??
        (await refusing(async () =>
          (await client()).refunds.create(wish, { idempotencyKey: `refund-${outRefundNo}` }),
        ));
      return refundOf(made, outRefundNo);
    },

    async queryRefund({ outRefundNo, fen, bill }) {
      const found = await findRefund(String(bill.transactionId), outRefundNo);
      return found ? refundOf(found, outRefundNo) : { state: 'unknown', outRefundNo, fen };
    },

    async readNotice(raw, headers): Promise<Notice> {
      const { webhooks, refunds, disputes } = await client();
      let event: Stripe.Event;
      try {
        const signature = headers.get('stripe-signature') ?? '';
        const now = clock().getTime();
        event = webhooks.constructEvent(raw, signature, webhookSecret, TOLERANCE_SECONDS, undefined, now);
      } catch (cause) {
        throw new ForgedNotice('expected a notice that Stripe has signed', { cause });
      }
      const { id: eventId, type } = event;
      const about = event.data.object as { readonly id: string; readonly metadata: Stripe.Metadata | null };
      // What counts is not what the notice says but what Stripe says now.
      if (PAID_EVENTS.includes(type) && orderOf(about)) {
        const session = await read(about.id);
        if (session.payment_status === 'paid') return { kind: 'payment', eventId, paid: paidOf(session, clock()) };
      }
      if (type.startsWith('refund.')) {
        const refund = await refunds.retrieve(about.id, { expand: ['payment_intent'] });
        const intent = refund.payment_intent;
        // One that somebody made on Stripe's own page has no number of ours: its id then lays it before an operator.
        if (intent && typeof intent !== 'string' && orderOf(intent))
          return { kind: 'refund', eventId, refund: refundOf(refund, refundNoOf(refund) ?? refund.id) };
      }
      if (type.startsWith('charge.dispute.')) {
        const said = await disputes.retrieve(about.id, { expand: ['payment_intent'] });
        const { id, payment_intent: intent, amount: fen, currency } = said;
        const outTradeNo = intent && typeof intent !== 'string' ? orderOf(intent) : undefined;
        const dispute = outTradeNo && {
          id,
          outTradeNo,
          fen,
          currency: currency.toUpperCase(),
          state: disputeState(said),
        };
        if (dispute) return { kind: 'dispute', eventId, dispute };
      }
      return { kind: 'other', eventId };
    },
    answers: { accepted: { status: 204, body: null }, refused: { status: 400, body: null } },
  };
}

/** Stripe as the settings say; undefined when they say nothing of it. @throws Error when prices are missing. */
export function openStripe({ config, clock, publicUrl }: ProviderContext): Provider | undefined {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret } = config;
  if (!secretKey || !webhookSecret) return undefined;
  const { STRIPE_CURRENCY: currency, STRIPE_METHODS } = config;
  const prices = readPrices(config.STRIPE_PRICES);
  if (prices.size === 0 && currency !== 'CNY')
    throw new Error(`expected prices in ${currency} for STRIPE_PRICES but received none`);
  const price = (code: string): Price => ({ fen: Number(prices.get(code)), currency });
  const methods = readMethods(STRIPE_METHODS);
  return stripe({ secretKey, webhookSecret, clock, publicUrl, methods, ...(prices.size > 0 && { price }) });
}
