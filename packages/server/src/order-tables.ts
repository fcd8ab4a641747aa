import type { OrderState } from '@hili/contract';
import type { ColumnType, Generated, JSONColumnType, Selectable } from 'kysely';
import type { DisputeState, Payment } from './payments/provider.ts';

type Time = ColumnType<Date, Date, Date>;
type MaybeTime = ColumnType<Date | null, Date | null | undefined, Date | null>;

interface OrderTable {
  id: Generated<string>;
  /** The number by which the provider knows it. */
  outTradeNo: string;
  userId: string;
  walletId: string;
  package: string;
  credits: number;
  /** Price in 1/100 of the currency. */
  fen: number;
  currency: string;
  provider: string;
  /** No money moves: an order of a demonstration. */
  simulated: boolean;
  state: Generated<OrderState>;
  /** What the buyer does next, as the provider said; null before it did. */
  payment: ColumnType<Payment | null, string | null | undefined, string | null>;
  /** The provider's own id of what was asked, where it has one. */
  reference: Generated<string | null>;
  /** The provider's number of the payment. */
  transactionId: Generated<string | null>;
  /** HMAC of who paid, as the provider names them. */
  payer: Generated<Buffer | null>;
  createdAt: Time;
  expiresAt: Time;
  paidAt: MaybeTime;
  closedAt: MaybeTime;
  /** When the provider is to be asked next; null when nothing is open. */
  nextCheckAt: MaybeTime;
  checks: Generated<number>;
  /** Counts its changes. */
  version: Generated<number>;
}

interface PaymentEventTable {
  id: Generated<number>;
  orderId: string | null;
  provider: string;
  kind: string;
  outTradeNo: string;
  /** The provider's id of the notice that said so. */
  eventId: string | null;
  transactionId: string | null;
  fen: number | null;
  currency: string | null;
  /** Whose doing it was: a user's id, `notice`, `query`, `operator` or `system`. */
  actor: string;
  at: Time;
}

interface RefundTable {
  id: Generated<string>;
  outRefundNo: string;
  orderId: string;
  credits: number;
  fen: number;
  /** Asked by us, accepted by the provider, then back with the buyer or failed for good. */
  state: Generated<'asked' | 'accepted' | 'done' | 'failed'>;
  actor: string;
  createdAt: Time;
  endedAt: MaybeTime;
  nextCheckAt: MaybeTime;
  checks: Generated<number>;
}

interface ReconIssueTable {
  id: Generated<number>;
  /** The same finding is one row. */
  key: string;
  kind: string;
  provider: string;
  outTradeNo: string | null;
  detail: JSONColumnType<Record<string, unknown>>;
  foundAt: Time;
  resolvedAt: MaybeTime;
  resolvedBy: Generated<string | null>;
  note: Generated<string | null>;
  /** When the log was told of it. */
  toldAt: MaybeTime;
}

interface DisputeTable {
  provider: string;
  /** The provider's number of it. */
  id: string;
  orderId: string;
  state: DisputeState;
  /** How often something of the order was taken for it. */
  takes: Generated<number>;
  /** Credits that are taken now. */
  credits: Generated<number>;
  openedAt: Time;
  endedAt: MaybeTime;
}

interface ReconDayTable {
  provider: string;
  /** `YYYY-MM-DD` of the provider's calendar. */
  day: string;
  /** When it was compared with our books; null while that is owed. */
  doneAt: MaybeTime;
}

export interface OrderTables {
  orders: OrderTable;
  paymentEvent: PaymentEventTable;
  refund: RefundTable;
  dispute: DisputeTable;
  reconIssue: ReconIssueTable;
  reconDay: ReconDayTable;
}

export type Order = Selectable<OrderTable>;
export type Refund = Selectable<RefundTable>;
