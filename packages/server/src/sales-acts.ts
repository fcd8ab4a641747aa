import { AppError, PACKAGES, type PhotoPackage } from '@hili/contract';
import type { NewBatchCodes, TransferState } from '@hili/contract/admin';
import { recordAct } from './audit.ts';
import { endFapiao } from './fapiao.ts';
import {
  confirmOrder,
  endOfflineRefund,
  type OfflineDeps,
  recordPartnerPayment,
  reverseOffline,
  type Transfer,
} from './offline-payments.ts';
import { findOrder } from './order-rows.ts';
import type { Order, Refund } from './order-tables.ts';
import type { OrderDeps } from './orders.ts';
import { partnerByCode } from './partners.ts';
import { askRefund } from './refunds.ts';
import type { Keys } from './secrets.ts';
import type { Judge } from './task-acts.ts';
import { type ActDeps, actKey } from './user-acts.ts';
import { isUuid } from './uuid.ts';
import { createVouchers, revokeVouchers } from './vouchers.ts';

/** Days after payment within which an operator may give an order back: as long as the books are kept, whatever buyers are told. */
const REFUND_DAYS = 3650;

/** @throws AppError DATA_NOT_FOUND */
export async function orderOf({ db }: Pick<ActDeps, 'db'>, id: string): Promise<Order> {
  const order = isUuid(id) ? await findOrder(db, id) : undefined;
  if (!order) throw new AppError('DATA_NOT_FOUND', { detail: 'expected the id of an order but received another' });
  return order;
}

/**
 * Gives the unused photos of an order back, whatever the buyer's time limit says.
 * @throws AppError of `askRefund`; BAD_REQUEST when it is the operator's own
 */
export async function refundOrder(deps: OrderDeps, by: Judge, id: string, reason: string): Promise<Refund> {
  const order = await orderOf(deps, id);
  if (order.userId === by.userId)
    throw new AppError('BAD_REQUEST', { detail: "expected an order of others for id but received the operator's own" });
  return askRefund(
    { ...deps, config: { ...deps.config, REFUND_DAYS } },
    id,
    by.operator,
    async (tx, { credits, fen }) => {
      const after = { number: order.outTradeNo, credits, fen };
      await recordAct(tx, by, { act: 'order.refund', subject: `order ${id}`, after, reason }, deps.clock());
    },
  );
}

/** Says that the transfer of an order has come in. @throws AppError of `confirmOrder` */
export function confirmTransfer(
  deps: OfflineDeps,
  by: Judge,
  { id, outTradeNo }: Pick<Order, 'id' | 'outTradeNo'>,
  { bankRef, fen, note = '' }: Transfer,
): Promise<TransferState> {
  return deps.db.transaction().execute(async (tx) => {
    const transfer = await confirmOrder({ ...deps, db: tx }, outTradeNo, { bankRef, fen, note }, by);
    const after = { reference: transfer.bankRef, fen, state: transfer.state };
    await recordAct(
      tx,
      by,
      { act: 'order.confirm', subject: `order ${id}`, after, reason: note || undefined },
      deps.clock(),
    );
    return { id: transfer.id, state: transfer.state };
  });
}

/** Says that the money of an order's refund has gone back by bank, or never will. @throws AppError of `endOfflineRefund` */
export async function endTransferRefund(
  deps: ActDeps,
  by: Judge,
  { id, outTradeNo }: Pick<Order, 'id' | 'outTradeNo'>,
  reference: string | null,
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const end = reference === null ? ({ state: 'failed' } as const) : ({ state: 'done', bankRef: reference } as const);
    await endOfflineRefund({ ...deps, db: tx }, outTradeNo, end, by);
    const after = { state: end.state, reference };
    await recordAct(tx, by, { act: 'order.refund-sent', subject: `order ${id}`, after }, deps.clock());
  });
}

/** Says that a partner has paid for credits. @throws AppError of `recordPartnerPayment` */
export function takePartnerPayment(
  deps: OfflineDeps,
  by: Judge,
  code: string,
  sale: Transfer & { readonly credits: number; readonly days: number | null },
): Promise<TransferState> {
  return deps.db.transaction().execute(async (tx) => {
    const transfer = await recordPartnerPayment({ ...deps, db: tx }, code, sale, by);
    const { bankRef: reference, fen, credits, days, state } = transfer;
    const { id } = await partnerByCode(tx, code);
    const after = { reference, fen, credits, days, state };
    const reason = sale.note || undefined;
    await recordAct(tx, by, { act: 'partner.payment', subject: `partner ${id}`, after, reason }, deps.clock());
    return { id: transfer.id, state };
  });
}

/** Takes back a partner's transfer, or a draft. @throws AppError of `reverseOffline` */
export async function reverseTransfer(deps: ActDeps, by: Judge, reference: string, reason: string): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const { id, revoked } = await reverseOffline({ ...deps, db: tx }, reference, reason, by);
    await recordAct(
      tx,
      by,
      { act: 'transfer.reverse', subject: `transfer ${id}`, after: { revoked }, reason },
      deps.clock(),
    );
  });
}

/** Codes that an operator asks for. */
export interface BatchWish {
  readonly key: string;
  readonly vouchers: number;
  readonly credits: number;
  readonly days: number;
  /** The code of the package whose rights they have. */
  readonly package: string | null;
  readonly expiresAt: Date | null;
  readonly reason: string;
}

/** Makes voucher codes, once a key. @throws AppError BAD_REQUEST for a key that was used, or a package that there is not. */
export function makeBatch(deps: ActDeps & { readonly keys: Keys }, by: Judge, wish: BatchWish): Promise<NewBatchCodes> {
  const { key, vouchers, credits, days, expiresAt, reason } = wish;
  const pack: PhotoPackage | undefined = PACKAGES.find(({ code }) => code === wish.package);
  if (wish.package !== null && !pack)
    throw new AppError('BAD_REQUEST', { field: 'package', detail: 'expected the code of a package for package' });
  const rights = pack && { package: pack.code, batch: pack.batch, maxSide: pack.maxSide };
  return deps.db.transaction().execute(async (tx) => {
    const now = deps.clock();
    const made = await createVouchers(
      tx,
      deps.keys,
      { count: vouchers, credits, days, expiresAt, note: reason, ...rights },
      by,
      now,
    );
    const after = { vouchers, credits, days, package: wish.package };
    const act = { act: 'batch.create', subject: `batch ${made.id}`, after, reason, key: actKey(key) };
    if (!(await recordAct(tx, by, act, now)))
      throw new AppError('BAD_REQUEST', {
        field: 'key',
        detail: 'expected a new key for key but received one that was used',
      });
    return made;
  });
}

/** Ends the codes of a batch that nobody has redeemed. @throws AppError of `revokeVouchers` */
export async function endBatch(deps: ActDeps, by: Judge, id: string, reason: string): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const revoked = await revokeVouchers(tx, id, reason, by, deps.clock());
    await recordAct(tx, by, { act: 'batch.revoke', subject: `batch ${id}`, after: { revoked }, reason }, deps.clock());
  });
}

/** Ends a request for a fapiao: issued, with its number, or refused, with why. @throws AppError of `endFapiao` */
export async function answerFapiao(
  deps: ActDeps,
  by: Judge,
  id: string,
  end: { readonly state: 'issued' | 'refused'; readonly note: string },
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    await endFapiao(tx, id, end, by, deps.clock());
    await recordAct(tx, by, { act: `fapiao.${end.state}`, subject: `fapiao ${id}`, reason: end.note }, deps.clock());
  });
}
