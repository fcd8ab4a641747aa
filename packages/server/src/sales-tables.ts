import type { FapiaoState, Language } from '@hili/contract';
import type { ColumnType, Generated, Selectable } from 'kysely';

type Time = ColumnType<Date, Date, Date>;
type MaybeTime = ColumnType<Date | null, Date | null | undefined, Date | null>;
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;

interface OfflinePaymentTable {
  id: Generated<string>;
  /** The bank's own number of the transfer. */
  bankRef: string;
  /** What it pays: an order, or the credits of a partner. */
  orderId: Maybe<string>;
  partnerId: Maybe<string>;
  fen: number;
  currency: string;
  credits: number;
  /** Days for which a partner's credits are good; null for ever. */
  days: Maybe<number>;
  note: string;
  /** A draft waits for a second operator. */
  state: Generated<'draft' | 'granted' | 'reversed'>;
  createdBy: string;
  createdAt: Time;
  approvedBy: Maybe<string>;
  grantedAt: MaybeTime;
  reversedBy: Maybe<string>;
  reversedAt: MaybeTime;
  reason: Maybe<string>;
  /** Credits that were unspent and went with the reversal. */
  revoked: Maybe<number>;
}

interface VoucherBatchTable {
  id: Generated<string>;
  credits: number;
  /** The code of the package whose place they take. */
  package: string | null;
  batch: boolean;
  maxSide: number | null;
  /** Days for which the credits are good once a code is redeemed. */
  days: number;
  /** When the codes can no longer be redeemed. */
  expiresAt: MaybeTime;
  note: string;
  createdBy: string;
  createdAt: Time;
}

interface VoucherTable {
  id: Generated<string>;
  batchId: string;
  /** HMAC of the code. */
  codeHash: Buffer;
  state: Generated<'unused' | 'redeemed' | 'revoked'>;
  userId: Maybe<string>;
  redeemedAt: MaybeTime;
  revokedBy: Maybe<string>;
  revokedAt: MaybeTime;
  reason: Maybe<string>;
}

interface FapiaoTable {
  id: Generated<string>;
  orderId: string;
  /** To whom it is made out. */
  title: string;
  taxNumber: string | null;
  email: string;
  language: Language;
  state: Generated<FapiaoState>;
  /** Its number once it is issued, or why it is not. */
  note: Maybe<string>;
  endedBy: Maybe<string>;
  endedAt: MaybeTime;
  createdAt: Time;
}

/** Tables of what is sold beside the usual way: transfers, vouchers, invoices. */
export interface SalesTables {
  offlinePayment: OfflinePaymentTable;
  voucherBatch: VoucherBatchTable;
  voucher: VoucherTable;
  fapiao: FapiaoTable;
}

export type OfflinePayment = Selectable<OfflinePaymentTable>;
export type VoucherBatch = Selectable<VoucherBatchTable>;
export type Fapiao = Selectable<FapiaoTable>;
