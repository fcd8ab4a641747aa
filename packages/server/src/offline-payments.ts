import { AppError } from '@hili/contract';
import type { Config } from './config.ts';
import { type Clock, type Db, inTransaction, type Tx } from './database.ts';
import type { Decider } from './invites.ts';
import { changeOffline, insertOffline, lockOffline, type NewOfflinePayment } from './offline-rows.ts';
import { applyPaid } from './order-payments.ts';
import { lockOrderOf } from './order-rows.ts';
import type { Order } from './order-tables.ts';
import type { OrderDeps } from './orders.ts';
import { partnerByCode } from './partners.ts';
import { refundsOf } from './refund-rows.ts';
import { applyRefund } from './refunds.ts';
import type { OfflinePayment } from './sales-tables.ts';
import { grant, revoke } from './wallets.ts';

/** The name of the provider whose orders are paid by bank transfer. */
const PROVIDER = 'offline';

export interface OfflineDeps extends Pick<OrderDeps, 'db' | 'keys'> {
  readonly config: OrderDeps['config'] & Pick<Config, 'OFFLINE_LIMIT_FEN'>;
  readonly clock: Clock;
}

/** A transfer that an operator has seen. */
export interface Transfer {
  /** The bank's own number, 4 to 64 characters; one transfer pays one thing. */
  readonly bankRef: string;
  /** What has come in, in fen. */
  readonly fen: number;
  readonly note?: string;
}

const bad = (field: string, detail: string) => new AppError('BAD_REQUEST', { field, detail });
const unknown = (detail: string) => new AppError('DATA_NOT_FOUND', { detail });

function readBankRef(text: string): string {
  const bankRef = text.trim();
  if (/^[\x21-\x7e]{4,64}$/.test(bankRef)) return bankRef;
  throw bad('receipt', `expected the bank's number of the transfer, 4 to 64 characters, for receipt`);
}

/**
 * Writes a transfer down, once; above the limit the second operator who says the same ends it.
 * @returns the row, and whether it has just become good.
 * @throws AppError BAD_REQUEST when its number was another transfer's.
 */
async function record(
  tx: Tx,
  payment: Omit<NewOfflinePayment, 'createdBy' | 'createdAt'>,
  limit: number,
  by: Decider,
  now: Date,
): Promise<{ payment: OfflinePayment; isGood: boolean }> {
  const made = await insertOffline(tx, { ...payment, createdBy: by.name, createdAt: now });
  if (made && payment.fen > limit) return { payment: made, isGood: false };
  if (made) return { payment: await changeOffline(tx, made.id, { state: 'granted', grantedAt: now }), isGood: true };
  const old = await lockOffline(tx, payment.bankRef);
  const isSame =
    old &&
    old.orderId === payment.orderId &&
    old.partnerId === payment.partnerId &&
    old.fen === payment.fen &&
    old.credits === payment.credits &&
    old.days === payment.days &&
    old.state !== 'reversed';
  if (!isSame) throw bad('receipt', 'expected the number of one transfer for receipt but received that of another');
  if (old.state === 'granted' || old.createdBy === by.name) return { payment: old, isGood: false };
  const approved = { state: 'granted', approvedBy: by.name, grantedAt: now } as const;
  return { payment: await changeOffline(tx, old.id, approved), isGood: true };
}

/**
 * Says that the money of an order has come in; above the limit a second operator has to say so too.
 * @param transfer without `fen` for exactly the price.
 * @returns the transfer: a draft while it waits for the second operator.
 * @throws AppError DATA_NOT_FOUND; BAD_REQUEST when it is the operator's own order, another sum, or another order's transfer; ORDER_ENDED
 * when it has been paid by another transfer.
 */
export async function confirmOrder(
  deps: OfflineDeps,
  number: string,
  { bankRef: text, fen, note = '' }: Omit<Transfer, 'fen'> & Partial<Pick<Transfer, 'fen'>>,
  by: Decider,
): Promise<OfflinePayment> {
  const bankRef = readBankRef(text);
  return inTransaction(deps.db, async (tx) => {
    const now = deps.clock();
    const order = await ownedByOthers(tx, number, by);
    const { id: orderId, outTradeNo, currency, credits } = order;
    if (fen !== undefined && fen !== order.fen)
      throw bad(
        'fen',
        `expected ${order.fen} fen for ${outTradeNo} but received ${fen}: nothing is granted for another sum`,
      );
    if (order.paidAt && order.transactionId !== bankRef) throw new AppError('ORDER_ENDED');
    const wish = { bankRef, orderId, partnerId: null, fen: order.fen, currency, credits, days: null, note };
    const { payment, isGood } = await record(tx, wish, deps.config.OFFLINE_LIMIT_FEN, by, now);
    if (!isGood) return payment;
    const paid = { outTradeNo, transactionId: bankRef, fen: order.fen, currency, paidAt: now, payer: null };
    const outcome = await applyPaid(tx, deps, PROVIDER, paid, { actor: by.name, eventId: payment.id }, now);
    if (outcome !== 'granted') throw new Error(`expected ${outTradeNo} to be granted but received ${outcome}`);
    return payment;
  });
}

/** Locks an order by bank transfer. @throws AppError DATA_NOT_FOUND; BAD_REQUEST when it is the operator's own. */
async function ownedByOthers(tx: Tx, number: string, by: Decider): Promise<Order> {
  const order = await lockOrderOf(tx, PROVIDER, number);
  if (!order) throw unknown(`expected the number of an order by bank transfer but received ${JSON.stringify(number)}`);
  if (order.userId === by.userId) throw bad('number', `expected an order of others but received the operator's own`);
  return order;
}

/**
 * Says that the money of a refund has gone back to the buyer's bank, or never will.
 * @returns the order's id.
 * @throws AppError DATA_NOT_FOUND when no refund of this order is under way; BAD_REQUEST as `confirmOrder`.
 */
export async function endOfflineRefund(
  deps: Pick<OfflineDeps, 'db' | 'clock'>,
  number: string,
  end: { readonly state: 'done'; readonly bankRef: string } | { readonly state: 'failed' },
  by: Decider,
): Promise<string> {
  const eventId = end.state === 'done' ? readBankRef(end.bankRef) : undefined;
  return inTransaction(deps.db, async (tx) => {
    const order = await ownedByOthers(tx, number, by);
    const open = (await refundsOf(tx, [order.id])).find(({ endedAt }) => endedAt === null);
    if (!open) throw unknown(`expected an order whose refund is under way but received ${number}`);
    const { outRefundNo, fen } = open;
    await applyRefund(tx, PROVIDER, { outRefundNo, fen, state: end.state }, { actor: by.name, eventId }, deps.clock());
    return order.id;
  });
}

/** The keys under which the ledger grants a transfer's credits, and takes back what is unspent of them. */
const grantKeyOf = ({ id }: Pick<OfflinePayment, 'id'>) => `offline:${id}`;
const revokeKeyOf = ({ id }: Pick<OfflinePayment, 'id'>) => `offline-reverse:${id}`;

/**
 * Grants a partner the credits of a transfer; above the limit a second operator has to say the same.
 * @param sale credits, 1 or more, and the days for which they are good; null for ever.
 * @returns the transfer: a draft while it waits for the second operator.
 * @throws AppError DATA_NOT_FOUND; BAD_REQUEST for numbers out of range, or another's transfer.
 */
export async function recordPartnerPayment(
  deps: Pick<OfflineDeps, 'db' | 'clock'> & { readonly config: Pick<Config, 'OFFLINE_LIMIT_FEN'> },
  code: string,
  sale: Transfer & { readonly credits: number; readonly days: number | null },
  by: Decider,
): Promise<OfflinePayment> {
  const { fen, credits, days, note = '' } = sale;
  const bankRef = readBankRef(sale.bankRef);
  for (const [field, value] of Object.entries({ fen, credits, days: days ?? 1 }))
    if (!Number.isInteger(value) || value < 1 || value > 1_000_000_000)
      throw bad(field, `expected a number of 1 to 1,000,000,000 for ${field} but received ${value}`);
  return inTransaction(deps.db, async (tx) => {
    const now = deps.clock();
    const { id: partnerId, walletId } = await partnerByCode(tx, code);
    const wish = { bankRef, orderId: null, partnerId, fen, currency: 'CNY', credits, days, note };
    const { payment, isGood } = await record(tx, wish, deps.config.OFFLINE_LIMIT_FEN, by, now);
    if (!isGood) return payment;
    const expiresAt = days === null ? null : new Date(now.getTime() + days * 86_400_000);
    const lot = { walletId, credits, source: 'partner', ref: bankRef, expiresAt } as const;
    await grant(tx, { ...lot, key: grantKeyOf(payment), actor: by.name }, now);
    return payment;
  });
}

/**
 * Takes back a partner's transfer that bounced, or a draft that was a mistake: credits that are unspent go, with a reason; the row stays.
 * @returns the transfer, with how many credits went.
 * @throws AppError DATA_NOT_FOUND; BAD_REQUEST for an order's transfer, whose money goes back by a refund.
 */
export async function reverseOffline(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  bankRef: string,
  reason: string,
  by: Decider,
): Promise<OfflinePayment> {
  const words = reason.trim();
  if (words === '' || words.length > 500)
    throw bad('reason', `expected 1 to 500 characters for reason but received ${words.length}`);
  return inTransaction(db, async (tx) => {
    const payment = await lockOffline(tx, bankRef.trim());
    if (!payment) throw unknown(`expected the number of a transfer but received ${JSON.stringify(bankRef)}`);
    if (payment.state === 'reversed') return payment;
    if (payment.state === 'granted' && payment.orderId !== null)
      throw bad(
        'receipt',
        `expected a partner's transfer for receipt but received an order's: refund the order instead`,
      );
    const now = clock();
    const revoked = (await revoke(tx, grantKeyOf(payment), revokeKeyOf(payment), by.name, now)) ?? 0;
    return changeOffline(tx, payment.id, {
      state: 'reversed',
      reversedBy: by.name,
      reversedAt: now,
      reason: words,
      revoked,
    });
  });
}
