import { createHmac, randomInt } from 'node:crypto';
import { AppError, PACKAGES, type PhotoPackage } from '@hili/contract';
import type { Config } from './config.ts';
import type { Clock, Db, Tx } from './database.ts';
import { publish } from './events.ts';
import { isForeignNumber } from './foreign-text.ts';
import { qualifyInvite } from './invites.ts';
import type { Log } from './log.ts';
import {
  changeOrder,
  findOrder,
  findOrderByNumber,
  insertOrder,
  isOverdue,
  lockOrder,
  lockOrderOf,
  OPEN_STATES,
  ordersOf,
  recordEvent,
  setPaid,
  setPayment,
} from './order-rows.ts';
import type { Order } from './order-tables.ts';
import type { Payouts } from './payments/payouts.ts';
import type { Bill, Paid, Price, Provider } from './payments/provider.ts';
import { accrueRebate, type RebateRules } from './rebates.ts';
import { raiseIssue } from './recon-issues.ts';
import type { Keys } from './secrets.ts';
import { holdUser, lockUser } from './users.ts';
import { isUuid } from './uuid.ts';
import { type Grant, grant } from './wallets.ts';

export interface OrderDeps {
  readonly config: RebateRules & Pick<Config, 'REFUND_DAYS'>;
  readonly db: Db;
  readonly keys: Pick<Keys, 'addresses' | 'seal'>;
  readonly clock: Clock;
  readonly log: Log;
  /** The ways to pay that are open here, by name. */
  readonly providers: ReadonlyMap<string, Provider>;
  /** Where rebates are sent by WeChat. */
  readonly payouts?: Payouts | undefined;
}

/** Orders of one user: made in an hour, and open at once. */
const MOST = { hour: 10, open: 3 };
/** An open order is answered again only while it has this many seconds left, so that there is time to pay. */
const REUSE_SECONDS = 300;
/** Seconds after which the provider is asked whether it has been paid, should its notice not come. */
const FIRST_CHECK_SECONDS = 5;
/** Letters of order numbers: none that is taken for another. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

const HOUR_MS = 3_600_000;

/** The key under which the ledger grants what an order bought: once. */
export const grantKeyOf = ({ outTradeNo }: Pick<Order, 'outTradeNo'>): string => `pay:${outTradeNo}`;

/** What a package costs by a way to pay. */
export const priceBy = (provider: Provider, { code, fen }: PhotoPackage): Price =>
  provider.price?.(code) ?? { fen, currency: 'CNY' };

/** An order of a user, by its id or its number. */
export async function findOwnOrder(db: Db, userId: string, id: string): Promise<Order | undefined> {
  const order = isUuid(id) ? await findOrder(db, id) : await findOrderByNumber(db, id);
  return order?.userId === userId ? order : undefined;
}

export const isOpen = ({ state }: Pick<Order, 'state'>): boolean => OPEN_STATES.some((open) => open === state);

/** An order as its provider sees it. */
export function billOf({ credits, ...order }: Order): Bill {
  const { outTradeNo, fen, currency, expiresAt, reference, transactionId } = order;
  return { outTradeNo, fen, currency, photos: credits, expiresAt, reference, transactionId };
}

/** Tells every open page of the buyer. */
export const tellBuyer = (tx: Tx, { userId }: Pick<Order, 'userId'>) => publish(tx, `owner:${userId}`, { kind: 'me' });

/** A number such as H20260301K7Q2M9X4TB: its day in UTC, and 49 random bits. */
function newNumber(now: Date): string {
  const letters = Array.from({ length: 10 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `H${now.toISOString().slice(0, 10).replaceAll('-', '')}${letters}`;
}

function findPackage(code: string): PhotoPackage {
  const found = PACKAGES.find((each) => each.code === code);
  if (found) return found;
  const codes = PACKAGES.map((each) => each.code).join(', ');
  throw new AppError('BAD_REQUEST', { field: 'package', detail: `expected one of ${codes} for package` });
}

/** @throws AppError BAD_REQUEST when that way to pay is not open here. */
function findProvider({ providers }: Pick<OrderDeps, 'providers'>, name: string): Provider {
  const found = providers.get(name);
  if (found) return found;
  const detail = `expected one of ${[...providers.keys()].join(', ') || 'no ways to pay'} for provider`;
  throw new AppError('BAD_REQUEST', { field: 'provider', detail });
}

/**
 * Makes an order of a user and starts its payment; one of the same package and provider that is still open is gone on with.
 * @returns the order, and whether it is new.
 * @throws AppError BAD_REQUEST, RATE_LIMITED, ORDERS_OPEN; PAYMENT_FAILED when the provider gave no answer: the order stays, and the same
 * call goes on with it.
 */
export async function createOrder(
  deps: OrderDeps,
  userId: string,
  wish: { readonly package: string; readonly provider: string },
): Promise<{ order: Order; isNew: boolean }> {
  const pack = findPackage(wish.package);
  const provider = findProvider(deps, wish.provider);
  const found = await deps.db.transaction().execute(async (tx) => {
    const now = deps.clock();
    const user = await lockUser(tx, userId);
    if (!user || user.deletedAt) throw new AppError('SIGN_IN_REQUIRED');
    const orders = await ordersOf(tx, userId);
    const open = orders.filter((order) => isOpen(order) && order.expiresAt > now);
    const same = open.find(
      (order) =>
        order.package === pack.code &&
        order.provider === provider.name &&
        order.expiresAt.getTime() - now.getTime() > REUSE_SECONDS * 1000,
    );
    if (same) return { order: same, isNew: false };
    if (open.length >= MOST.open) throw new AppError('ORDERS_OPEN');
    const tenth = orders[MOST.hour - 1];
    const wait = tenth ? tenth.createdAt.getTime() + HOUR_MS - now.getTime() : 0;
    if (wait > 0) throw new AppError('RATE_LIMITED', { retryAfter: wait / 1000 });
    const order = await insertOrder(tx, {
      ...{ outTradeNo: newNumber(now), userId, walletId: user.walletId },
      ...{ package: pack.code, credits: pack.photos, ...priceBy(provider, pack) },
      ...{ provider: provider.name, simulated: provider.simulated, createdAt: now },
      expiresAt: new Date(now.getTime() + provider.lifeSeconds * 1000),
      nextCheckAt: new Date(now.getTime() + FIRST_CHECK_SECONDS * 1000),
    });
    await recordEvent(tx, order, { kind: 'created', actor: userId, fen: order.fen, currency: order.currency }, now);
    return { order, isNew: true };
  });
  return { order: await startPayment(deps, provider, found.order), isNew: found.isNew };
}

/** Asks the provider what the buyer does next, unless that is known. */
async function startPayment(deps: OrderDeps, provider: Provider, order: Order): Promise<Order> {
  if (order.payment) return order;
  const payment = await provider.create(billOf(order)).catch((cause) => {
    throw new AppError('PAYMENT_FAILED', { cause });
  });
  return deps.db.transaction().execute(async (tx) => {
    const started = await setPayment(tx, order.id, payment);
    if (!started) return (await findOrder(tx, order.id)) ?? order;
    await recordEvent(tx, order, { kind: 'paying', actor: 'system' }, deps.clock());
    await tellBuyer(tx, order);
    return started;
  });
}

/** What is odd about a payment. Of the last three its order waits for another one, and ends without. */
const ODD = ['second_payment', 'unknown_order', 'amount_mismatch', 'number_taken', 'unreadable'] as const;
const STILL_UNPAID: readonly string[] = ODD.slice(2);

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
  { keys, config }: Pick<OrderDeps, 'keys' | 'config'>,
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
function hashPayer(keys: OrderDeps['keys'], provider: string, payer: string): Buffer {
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

/** Ends an order that nobody has paid. @returns the order as it is then: paid, when somebody was faster. */
async function setClosed(deps: OrderDeps, id: string, actor: string): Promise<Order> {
  return deps.db.transaction().execute(async (tx) => {
    const now = deps.clock();
    const order = await lockOrder(tx, id);
    if (!order) throw new AppError('DATA_NOT_FOUND');
    if (!isOpen(order)) return order;
    const closed = await changeOrder(tx, id, { state: 'closed', closedAt: now, nextCheckAt: null });
    await recordEvent(tx, order, { kind: 'closed', actor }, now);
    await tellBuyer(tx, order);
    return closed;
  });
}

/** Asks the provider how an order stands, and takes note of money that has come in. */
export async function checkOrder(deps: OrderDeps, order: Order): Promise<PaidOutcome | 'unpaid'> {
  const answer = await findProvider(deps, order.provider).query(billOf(order));
  if (answer.state !== 'paid') return 'unpaid';
  return deps.db
    .transaction()
    .execute((tx) => applyPaid(tx, deps, order.provider, answer.paid, { actor: 'query' }, deps.clock()));
}

/**
 * Gives an open order up, at the provider first. When it turns out to have been paid meanwhile it is granted instead.
 * @param actor whose wish it is.
 * @throws AppError PAYMENT_FAILED when the provider gives no answer: the sweep closes it later.
 */
export async function closeOrder(deps: OrderDeps, order: Order, actor: string): Promise<Order> {
  if (!isOpen(order)) return order;
  try {
    const answer = await findProvider(deps, order.provider).close(billOf(order));
    const outcome = answer === 'paid' ? await checkOrder(deps, order) : 'unpaid';
    if (answer === 'closed' || STILL_UNPAID.includes(outcome)) return await setClosed(deps, order.id, actor);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('PAYMENT_FAILED', { cause });
  }
  return (await findOrder(deps.db, order.id)) ?? order;
}

/** Looks after one open order that is due: asks how it stands, and closes it once its time is over. */
export async function followOrder(deps: OrderDeps, order: Order): Promise<void> {
  const outcome = await checkOrder(deps, order);
  if (!isOverdue(order, deps.clock())) return;
  if (outcome === 'unpaid') await closeOrder(deps, order, 'system');
  else if (STILL_UNPAID.includes(outcome)) await setClosed(deps, order.id, 'system');
}
