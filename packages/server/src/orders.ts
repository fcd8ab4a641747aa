import { randomInt } from 'node:crypto';
import { AppError, PACKAGES, type PhotoPackage } from '@hili/contract';
import type { Config } from './config.ts';
import type { Clock, Db } from './database.ts';
import type { Log } from './log.ts';
import { applyPaid, type PaidDeps, type PaidOutcome, STILL_UNPAID, tellBuyer } from './order-payments.ts';
import {
  changeOrder,
  findOrder,
  findOrderByNumber,
  insertOrder,
  isOverdue,
  lockOrder,
  OPEN_STATES,
  ordersOf,
  recordEvent,
  setPayment,
} from './order-rows.ts';
import type { Order } from './order-tables.ts';
import type { Payouts } from './payments/payouts.ts';
import type { Bill, Price, Provider } from './payments/provider.ts';
import type { Keys } from './secrets.ts';
import { lockUser } from './users.ts';
import { isUuid } from './uuid.ts';

export interface OrderDeps {
  readonly config: PaidDeps['config'] & Pick<Config, 'REFUND_DAYS'>;
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
