import { randomUUID } from 'node:crypto';
import type { Db, Tx } from '../src/database.ts';
import { applyPaid } from '../src/order-payments.ts';
import { insertOrder } from '../src/order-rows.ts';

/** Photos that such an order buys. */
export const BOUGHT = 10;

/** An order of 10 photos, not paid yet. */
export async function openOrder(db: Db, member: { readonly id: string; readonly walletId: string }, now: Date) {
  const outTradeNo = `T${randomUUID().replaceAll('-', '').slice(0, 20)}`;
  return db.transaction().execute((tx) =>
    insertOrder(tx, {
      ...{ outTradeNo, userId: member.id, walletId: member.walletId, provider: 'test', simulated: false },
      ...{ package: 'photos-10', credits: BOUGHT, fen: 15_000, currency: 'CNY' },
      ...{ createdAt: now, expiresAt: new Date(now.getTime() + 900_000), nextCheckAt: null },
    }),
  );
}
export type OpenOrder = Awaited<ReturnType<typeof openOrder>>;

/** Money comes in for it, as its provider would say. */
export function takeMoney(
  tx: Tx,
  deps: Parameters<typeof applyPaid>[1],
  order: OpenOrder,
  now: Date,
  payer: string | null = null,
) {
  const { outTradeNo, fen, currency } = order;
  const paid = { outTradeNo, transactionId: `x${outTradeNo}`, fen, currency, paidAt: now, payer };
  return applyPaid(tx, deps, 'test', paid, { actor: 'test' }, now);
}
