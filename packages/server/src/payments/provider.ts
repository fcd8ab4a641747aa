import type { PAYMENT_KINDS } from '@hili/contract';
import type { Config } from '../config.ts';
import type { Clock } from '../database.ts';
import type { PayoutSaid } from './payouts.ts';

/** What a buyer does next; kept with the order. A provider needs `reference` where its own id is not our order's number. */
export type Payment =
  | { readonly kind: 'qr'; readonly code: string; readonly demoUrl?: string; readonly reference?: string }
  | { readonly kind: 'redirect'; readonly url: string; readonly reference?: string }
  | { readonly kind: 'manual'; readonly reference: string; readonly account: string };

/** What is asked for a package: whole 1/100 of a currency. */
export interface Price {
  readonly fen: number;
  readonly currency: string;
}

/** An order as a provider sees it. Money is whole fen: 1/100 of the currency. */
export interface Bill {
  /** Our number of the order, 6 to 32 letters and digits; the same number is one payment at the provider, however often it is asked for. */
  readonly outTradeNo: string;
  readonly fen: number;
  readonly currency: string;
  /** Photos that it buys, for the text that a buyer sees. */
  readonly photos: number;
  readonly expiresAt: Date;
  /** What `create` gave as its reference; null before, or for providers that need none. */
  readonly reference: string | null;
  /** The provider's number of the payment; null while unpaid. */
  readonly transactionId: string | null;
}

/** Money that has come in, as the provider says and has signed. */
export interface Paid {
  readonly outTradeNo: string;
  readonly transactionId: string;
  readonly fen: number;
  readonly currency: string;
  readonly paidAt: Date;
  /** Who paid, as the provider names them; kept only as an HMAC. */
  readonly payer: string | null;
}

/** `unknown`: the provider has never heard of the order. */
export type PaymentState =
  | { readonly state: 'unpaid' | 'closed' | 'unknown' }
  | { readonly state: 'paid'; readonly paid: Paid };

/** Money that is to go back. The same `outRefundNo` is one refund, however often it is asked for. */
export interface RefundWish {
  readonly outRefundNo: string;
  readonly fen: number;
  readonly bill: Bill;
}

/** `pending`: accepted, and not yet with the buyer. `failed`: it will never be. `unknown`: the provider has never heard of it. */
export interface RefundState {
  readonly state: 'pending' | 'done' | 'failed' | 'unknown';
  readonly outRefundNo: string;
  readonly fen: number;
}

/** Asked about by the payer's bank; `withdrawn`: the money has left our account; `won`: it is ours again; `lost`: it never will be. */
export type DisputeState = 'asked' | 'withdrawn' | 'won' | 'lost';

/** A payment that its payer's bank takes back, or asks about; `id` is the provider's. */
export interface Dispute {
  readonly id: string;
  readonly state: DisputeState;
  readonly outTradeNo: string;
  readonly fen: number;
  readonly currency: string;
}

/** What a provider tells us by itself, verified. `eventId` is the same in every copy of one notice. */
export type Notice =
  | { readonly kind: 'payment'; readonly eventId: string; readonly paid: Paid }
  | { readonly kind: 'refund'; readonly eventId: string; readonly refund: RefundState }
  | { readonly kind: 'payout'; readonly eventId: string; readonly payout: PayoutSaid }
  | { readonly kind: 'dispute'; readonly eventId: string; readonly dispute: Dispute }
  | { readonly kind: 'other'; readonly eventId: string };

/** One line of a provider's daily account: a payment, or a refund of one. */
export interface BillLine {
  readonly outTradeNo: string;
  readonly transactionId: string;
  readonly fen: number;
  readonly refund: { readonly outRefundNo: string; readonly fen: number } | null;
}

/** An answer to a notice; `accepted` only after everything is committed. */
export interface Acknowledgement {
  readonly status: number;
  readonly body: string | null;
  readonly type?: string;
}

/** A notice that is not the provider's, or not for us. It says nothing to whoever sent it. */
export class ForgedNotice extends Error {}

/** The provider says no, and would say so again. Everything else that a call throws may be tried again. */
export class PaymentRefused extends Error {}

/**
 * A way to pay. Its file is the only one that knows the provider; `open.ts` has one line for it. Every call may be repeated, at any
 * time and by two processes at once, and may fail after the provider has acted.
 */
export interface Provider {
  /** Stands in orders for good, and in the route of its notices: small letters and `-`. */
  readonly name: string;
  readonly kind: (typeof PAYMENT_KINDS)[number];
  /** True where no money moves; such orders never count as revenue. */
  readonly simulated: boolean;
  /** Seconds for which an order can be paid. */
  readonly lifeSeconds: number;
  /** What a package costs here; absent where it is the price of the table, in CNY. */
  price?(packageCode: string): Price;
  /** @throws PaymentRefused, or any other error when its outcome is unknown. */
  create(bill: Bill): Promise<Payment>;
  query(bill: Bill): Promise<PaymentState>;
  /** Ends the order at the provider, unless it has been paid: then `query` says so. */
  close(bill: Bill): Promise<'closed' | 'paid'>;
  /** @throws PaymentRefused when it will never be accepted. */
  refund(wish: RefundWish): Promise<RefundState>;
  queryRefund(wish: RefundWish): Promise<RefundState>;
  /**
   * Verifies and reads a notice, from the bytes as they came. Absent where a provider sends none.
   * @throws ForgedNotice
   */
  readNotice?(raw: Buffer, headers: Headers): Promise<Notice> | Notice;
  readonly answers?: { readonly accepted: Acknowledgement; readonly refused: Acknowledgement };
  /** All lines of a day of the provider's calendar, `YYYY-MM-DD`, once it has ended. */
  bill?(day: string): Promise<BillLine[]>;
}

/** What a provider is opened with. */
export interface ProviderContext {
  readonly config: Config;
  readonly clock: Clock;
  /** The address that others see, without a slash at its end. */
  readonly publicUrl: string;
  /** Where its notices are to go. */
  readonly notifyUrl: string;
}
