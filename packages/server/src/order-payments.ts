import { createHmac } from 'node:crypto';
import { PACKAGES, type PhotoPackage } from '@hili/contract';
import type { Tx } from './database.ts';
import { publish } from './events.ts';
import { isForeignNumber } from './foreign-text.ts';
import { qualifyInvite } from './invites.ts';
import { lockOrderOf, recordEvent, setPaid } from './order-rows.ts';
import type { Order } from './order-tables.ts';
import type { Paid } from './payments/provider.ts';
import { accrueRebate, type RebateRules } from './rebates.ts';
import { raiseIssue } from './recon-issues.ts';
import type { Keys } from './secrets.ts';
import { holdUser } from './users.ts';
import { type Grant, grant } from './wallets.ts';

/** The key under which the ledger grants what an order bought: once. */
export const grantKeyOf = ({ outTradeNo }: Pick<Order, 'outTradeNo'>): string => `pay:${outTradeNo}`;

/** Tells every open page of the buyer. */
export const tellBuyer = (tx: Tx, { userId }: Pick<Order, 'userId'>) => publish(tx, `owner:${userId}`, { kind: 'me' });

/** What it takes to note a payment. */
export interface PaidDeps {
  readonly keys: Pick<Keys, 'addresses'>;
  readonly config: RebateRules;
}

/** What is odd about a payment; the last three leave its order unpaid. */
const ODD = ['second_payment', 'unknown_order', 'amount_mismatch', 'number_taken', 'unreadable'] as const;
/** Outcomes after which an order waits for another payment, and ends without. */
export const STILL_UNPAID: readonly string[] = ODD.slice(2);

/** What came of a payment: credits granted, or nothing new, or something that an operator has to look into. */
export type PaidOutcome = 'granted' | 'replay' | (typeof ODD)[number];

/** How we know of a payment, and the id of the notice that said so. */
export interface Source {
  readonly actor: string;
  readonly eventId?: string | undefined;
}

/**
 * Takes note of money that has come in, as its provider said and signed; the only way to the credits of an order. The same payment twice
 * grants once; money that comes after the order was closed has come all the same, and grants.
 */
export async function applyPaid(
  tx: Tx,
  { keys, config }: PaidDeps,
  provider: string,
  paid: Paid,
  { actor, eventId }: Source,
  now: Date,
): Promise<PaidOutcome> {
  const { outTradeNo, transactionId, fen, currency } = paid;
  const order = isForeignNumber(outTradeNo) ? await lockOrderOf(tx, provider, outTradeNo) : undefined;
  const payer = paid.payer === null ? null : hashPayer(keys, provider, paid.payer);
  const found = judge(order, paid);
  const bought =
    order && found === 'granted'
      ? await setPaid(tx, order.id, { transactionId, payer, paidAt: paid.paidAt })
      : undefined;
  const outcome = found === 'granted' && !bought ? 'number_taken' : found;
  const about = order ?? { id: null, outTradeNo, provider };
  await recordEvent(tx, about, { kind: outcome, actor, eventId, transactionId, fen, currency }, now);
  if (bought) await handOver(tx, config, bought, now);
  else if (outcome !== 'granted' && outcome !== 'replay') {
    const detail = { transactionId, fen, currency, expectedFen: order?.fen, expectedCurrency: order?.currency };
    await raiseIssue(tx, { kind: outcome, provider, outTradeNo, about: transactionId, detail }, now);
  }
  return outcome;
}

/** Gives a buyer what they have just paid for, and all others what follows from it. */
async function handOver(tx: Tx, config: RebateRules, order: Order, now: Date): Promise<void> {
  const { id, userId, provider, outTradeNo, transactionId, fen, currency } = order;
  const isThere = (await holdUser(tx, userId)) !== undefined;
  // Invites before wallets, as everywhere, so that two never wait for each other.
  if (isThere) await qualifyInvite(tx, { userId, orderId: id, now });
  await grantBought(tx, order, now);
  // Amounts of rebates are in fen of CNY.
  if (isThere && currency === 'CNY') await accrueRebate(tx, config, order, now);
  // Nobody can spend these photos, or ask for the money back.
  if (!isThere)
    await raiseIssue(tx, { kind: 'account_gone', provider, outTradeNo, detail: { transactionId, fen, currency } }, now);
  await tellBuyer(tx, order);
}

function judge(order: Order | undefined, paid: Paid): PaidOutcome {
  if (!order) return 'unknown_order';
  if (!isForeignNumber(paid.transactionId)) return 'unreadable';
  if (order.paidAt) return order.transactionId === paid.transactionId ? 'replay' : 'second_payment';
  return order.fen === paid.fen && order.currency === paid.currency ? 'granted' : 'amount_mismatch';
}

/** HMAC of who paid, so that the same payer is known again and none is stored. */
function hashPayer(keys: PaidDeps['keys'], provider: string, payer: string): Buffer {
  return createHmac('sha256', keys.addresses).update(`payer\n${provider}\n${payer}`).digest();
}

async function grantBought(tx: Tx, order: Order, now: Date): Promise<void> {
  const pack: PhotoPackage | undefined = PACKAGES.find(({ code }) => code === order.package);
  const paidAt = order.paidAt ?? now;
  const lot: Grant = {
    walletId: order.walletId,
    credits: order.credits,
    source: 'purchase',
    ref: order.id,
    package: order.package,
    batch: pack?.batch ?? false,
    ...(pack && { maxSide: pack.maxSide }),
    expiresAt: new Date(paidAt.getTime() + (pack?.days ?? 365) * 86_400_000),
    key: grantKeyOf(order),
    actor: 'system',
  };
  await grant(tx, lot, now);
}
