import type { Tx } from './database.ts';
import { reinstateInvite, voidInvite } from './invites.ts';
import type { Order } from './order-tables.ts';
import { moveRebate, rebateOfOrder } from './rebate-rows.ts';
import { voidRebate } from './rebates.ts';
import { holdUser } from './users.ts';

/**
 * Takes back what an order brought beside its photos, as its money goes back: the photos of an invite, and cash that has not gone out.
 * Called in the transaction that takes the order's photos, before it does.
 * @returns fen of cash back that nobody can call back.
 */
export async function undoRewards(tx: Tx, { id }: Pick<Order, 'id'>, now: Date): Promise<number> {
  await voidInvite(tx, { orderId: id, now });
  return voidRebate(tx, id);
}

/**
 * Brings back what `undoRewards` took, when the money stays after all. Cash back that had been claimed has to be claimed again, since whom to
 * pay has been forgotten. Called in the transaction that gives the order's photos back, before it does, since a user is locked before their
 * wallet everywhere, and once the order is paid again. Once.
 */
export async function redoRewards(tx: Tx, { id, userId }: Pick<Order, 'id' | 'userId'>, now: Date): Promise<void> {
  if (!(await holdUser(tx, userId))) return;
  await reinstateInvite(tx, { userId, orderId: id, now });
  const rebate = await rebateOfOrder(tx, id);
  if (rebate?.state === 'void') await moveRebate(tx, rebate, rebate.dueAt <= now ? 'eligible' : 'accrued');
}
