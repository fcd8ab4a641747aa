import { z } from 'zod';

export const ORDER_STATES = ['created', 'paying', 'paid', 'refunding', 'refunded', 'closed'] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** How one pays: scans a code, follows an address, or does what the operator's text says. */
export const PAYMENT_KINDS = ['qr', 'redirect', 'manual'] as const;

/** What a buyer does next. */
export const PaymentView = z.discriminatedUnion('kind', [
  /** `code` is the text of a QR code; `demoUrl` is the page of a simulated payment, a path of ours, or null. */
  z.object({ kind: z.literal('qr'), code: z.string(), demoUrl: z.string().nullable() }),
  z.object({ kind: z.literal('redirect'), url: z.string() }),
  /** A transfer to that account, with `reference` as its purpose; an operator confirms it. */
  z.object({ kind: z.literal('manual'), reference: z.string(), account: z.string() }),
]);
export type PaymentView = z.infer<typeof PaymentView>;

/** One purchase. Times are ISO 8601 in UTC, money is whole fen (1/100 of the currency). */
export const OrderView = z.object({
  id: z.string(),
  /** The number that buyer, operator and provider know it by. */
  number: z.string(),
  package: z.string(),
  photos: z.number().int(),
  fen: z.number().int(),
  currency: z.string(),
  provider: z.string(),
  /** Whether nobody was really paid: an order of a demonstration. */
  simulated: z.boolean(),
  state: z.enum(ORDER_STATES),
  createdAt: z.string(),
  /** When it can no longer be paid. */
  expiresAt: z.string(),
  paidAt: z.string().nullable(),
  /** The provider's number of the payment. */
  transactionId: z.string().nullable(),
  /** There while it can be paid. */
  payment: PaymentView.nullable(),
  /** Whether something about its payment does not fit, and an operator looks into it. */
  underReview: z.boolean(),
  /** What would be given back if it were asked for now: unused photos and their price; null when nothing would. */
  refundable: z.object({ photos: z.number().int(), fen: z.number().int(), until: z.string() }).nullable(),
  /** What was asked back last. */
  refund: z
    .object({
      photos: z.number().int(),
      fen: z.number().int(),
      state: z.enum(['asked', 'accepted', 'done', 'failed']),
      askedAt: z.string(),
      endedAt: z.string().nullable(),
    })
    .nullable(),
});
export type OrderView = z.infer<typeof OrderView>;

/** `GET /api/v1/orders`: the newest 100, newest first. */
export const OrderViews = z.array(OrderView);

/**
 * `POST /api/v1/orders`: answers OrderView with 201. An order of the same package and provider that is still open is answered again, with
 * 200. Needs an account (SIGN_IN_REQUIRED): what a guest has bought would be gone with the cookie. At most 10 in an hour (RATE_LIMITED)
 * and 3 open at once (ORDERS_OPEN); PAYMENT_FAILED when the provider does not answer: the same request again goes on with that order.
 * `GET /api/v1/orders/:id`, by its id or number; `POST …/:id/close` gives an unpaid one up; `POST …/:id/refund` asks the money of unused photos back
 * (NOT_REFUNDABLE, ORDER_ENDED). All answer OrderView. The live view sends it as event `order` whenever it changes.
 */
export const OrderWish = z.object({ package: z.string().max(40), provider: z.string().max(40) });

/** `GET /api/v1/packages`: what is sold here and how one pays; no providers where nothing can be bought. */
export const PackagesView = z.object({
  packages: z.array(
    z.object({
      code: z.string(),
      photos: z.number().int(),
      fen: z.number().int(),
      days: z.number().int(),
      priority: z.boolean(),
      maxSide: z.number().int(),
      repair: z.boolean(),
      batch: z.boolean(),
      /** Whether the operator gives cash back on it. */
      wechatRebate: z.boolean(),
    }),
  ),
  currency: z.string(),
  providers: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(PAYMENT_KINDS),
      simulated: z.boolean(),
      /** In which this one is paid, and what each package costs then, by its code. */
      currency: z.string(),
      prices: z.record(z.string(), z.number().int()),
    }),
  ),
  /** Days after payment within which unused photos can be given back. */
  refundDays: z.number().int(),
});
export type PackagesView = z.infer<typeof PackagesView>;
