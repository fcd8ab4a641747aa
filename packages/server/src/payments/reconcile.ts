import { findOrder, findOrderOf, ordersPaidBetween, ordersUnpaidBetween } from '../order-rows.ts';
import type { Order, Refund } from '../order-tables.ts';
import { billOf, checkOrder, type OrderDeps } from '../orders.ts';
import { owedDays, setCompared } from '../recon-days.ts';
import { type Issue, raiseIssue } from '../recon-issues.ts';
import { refundsDoneBetween, refundsOf } from '../refund-rows.ts';
import type { BillLine, Provider } from './provider.ts';

const DAY_MS = 86_400_000;
/** Providers' days are China's, UTC+8 without summer time; a day's bill is there at ten the next morning, and we ask half an hour later. */
const CHINA_MS = 8 * 3_600_000;
const READY_MS = 10.5 * 3_600_000;

/** The newest day of China's calendar whose bill is there. @example billDay(new Date('2026-03-02T03:00:00Z')) === '2026-03-01' */
export function billDay(now: Date): string {
  return new Date(now.getTime() + CHINA_MS - READY_MS - DAY_MS).toISOString().slice(0, 10);
}

/** The moments at which a day of China's calendar begins, and ends. */
const boundsOf = (day: string): readonly [Date, Date] => {
  const start = new Date(Date.parse(`${day}T00:00:00Z`) - CHINA_MS);
  return [start, new Date(start.getTime() + DAY_MS)];
};

/** Days after which a bill that still cannot be had is laid before the operator. */
const PATIENCE_DAYS = 3;

/**
 * Compares each day of each provider with our books, once, oldest first, also those that fell into an outage: its bill, or, where it has none
 * that we read, what it says of each order and refund. What differs is laid before the operator; only one thing is mended by itself: what was
 * paid there and not here is asked for, and granted if the provider says so again.
 * @returns how many days of providers were compared.
 */
export async function reconcile(deps: OrderDeps): Promise<number> {
  const newest = billDay(deps.clock());
  let compared = 0;
  for (const provider of deps.providers.values()) {
    // Where nobody tells us anything, as of bank transfers, there is nothing to compare.
    if (!(provider.bill || provider.readNotice)) continue;
    for (const day of await owedDays(deps.db, provider.name, newest))
      if (await settleDay(deps, provider, day, newest)) compared += 1;
  }
  return compared;
}

/** Compares one day of one provider, which is owed until that has succeeded. @returns whether it has. */
async function settleDay(deps: OrderDeps, provider: Provider, day: string, newest: string): Promise<boolean> {
  const { db, clock, log } = deps;
  const { name } = provider;
  try {
    if (provider.bill) await compareDay(deps, provider, day, await provider.bill(day));
    else await askDay(deps, provider, day);
    await setCompared(db, name, day, clock());
    return true;
  } catch (error) {
    log.error({ error, provider: name, day }, 'could not compare a bill'); // the next round tries again
    if (Date.parse(newest) - Date.parse(day) >= PATIENCE_DAYS * DAY_MS)
      await raiseIssue(
        db,
        { kind: 'bill_missing', provider: name, outTradeNo: null, about: day, detail: { day } },
        clock(),
      );
    return false;
  }
}

/** Compares the lines of one day with our orders. Running it again finds nothing new. @returns how many differences are new. */
export async function compareDay(
  deps: OrderDeps,
  provider: Provider,
  day: string,
  lines: readonly BillLine[],
): Promise<number> {
  const { db, clock } = deps;
  let found = 0;
  const raise = async (issue: Omit<Issue, 'provider'>) => {
    if (await raiseIssue(db, { ...issue, provider: provider.name }, clock())) found += 1;
  };
  const ours = await ordersPaidBetween(db, provider.name, ...boundsOf(day));
  const payments = lines.filter(({ refund }) => refund === null);

  for (const line of payments) {
    const { outTradeNo, transactionId } = line;
    let order = await findOrderOf(db, provider.name, outTradeNo);
    if (order && !order.paidAt) {
      await checkOrder(deps, order);
      order = await findOrderOf(db, provider.name, outTradeNo);
    }
    const detail = { day, line, fen: order?.fen, transactionId: order?.transactionId };
    if (!order?.paidAt) await raise({ kind: 'missing_here', outTradeNo, about: transactionId, detail });
    else if (order.transactionId !== transactionId)
      await raise({ kind: 'bill_transaction', outTradeNo, about: transactionId, detail });
    else if (order.fen !== line.fen) await raise({ kind: 'bill_amount', outTradeNo, about: transactionId, detail });
  }
  const there = new Set(payments.map(({ transactionId }) => transactionId));
  for (const { outTradeNo, transactionId, fen } of ours)
    if (transactionId !== null && !there.has(transactionId))
      await raise({ kind: 'missing_there', outTradeNo, about: transactionId, detail: { day, fen, transactionId } });

  for (const line of lines) {
    const { refund, outTradeNo } = line;
    if (!refund) continue;
    const order = await findOrderOf(db, provider.name, outTradeNo);
    const known = order && (await refundOf(deps, order, refund.outRefundNo));
    if (known?.fen !== refund.fen)
      await raise({
        kind: 'bill_refund',
        outTradeNo,
        about: refund.outRefundNo,
        detail: { day, line, fen: known?.fen },
      });
  }
  return found;
}

/**
 * Asks a provider about each of our orders of a day, and each refund: what it says has to be what our books say. Payments there of orders that
 * we do not have are not found so; notices and the sweep tell of those.
 * @returns how many differences are new.
 */
export async function askDay(deps: OrderDeps, provider: Provider, day: string): Promise<number> {
  const { db, clock } = deps;
  const { name } = provider;
  const bounds = boundsOf(day);
  let found = 0;
  const raise = async (issue: Omit<Issue, 'provider'>) => {
    if (await raiseIssue(db, { ...issue, provider: name }, clock())) found += 1;
  };
  for (const order of await ordersUnpaidBetween(db, name, ...bounds)) await checkOrder(deps, order);
  for (const order of await ordersPaidBetween(db, name, ...bounds)) {
    const { outTradeNo, transactionId, fen, currency } = order;
    const answer = await provider.query(billOf(order));
    const said = answer.state === 'paid' ? answer.paid : undefined;
    const detail = { day, fen, transactionId, there: said && { fen: said.fen, transactionId: said.transactionId } };
    const about = String(said?.transactionId ?? transactionId);
    if (!said) await raise({ kind: 'missing_there', outTradeNo, about, detail });
    else if (said.transactionId !== transactionId) await raise({ kind: 'bill_transaction', outTradeNo, about, detail });
    else if (said.fen !== fen || said.currency !== currency)
      await raise({ kind: 'bill_amount', outTradeNo, about, detail });
  }
  for (const { outRefundNo, fen, orderId } of await refundsDoneBetween(db, name, ...bounds)) {
    const order = await findOrder(db, orderId);
    if (!order) continue;
    const said = await provider.queryRefund({ outRefundNo, fen, bill: billOf(order) });
    if (said.state !== 'done' || said.fen !== fen)
      await raise({
        kind: 'bill_refund',
        outTradeNo: order.outTradeNo,
        about: outRefundNo,
        detail: { day, fen, there: { ...said } },
      });
  }
  return found;
}

async function refundOf({ db }: OrderDeps, { id }: Order, outRefundNo: string): Promise<Refund | undefined> {
  return (await refundsOf(db, [id])).find((each) => each.outRefundNo === outRefundNo);
}
