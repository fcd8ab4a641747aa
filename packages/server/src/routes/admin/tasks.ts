import { AppError } from '@hili/contract';
import {
  type AdminJob,
  type AdminOrderView,
  type AdminPictures,
  ComplaintAnswer,
  FapiaoNote,
  IssueNote,
  NewBatch,
  type NewBatchCodes,
  OrderTransfer,
  Reasoned,
  RebateReceipt,
  RefundEnd,
  type TransferState,
} from '@hili/contract/admin';
import { Hono } from 'hono';
import { readRow } from '../../console-pages.ts';
import { adminOrderView } from '../../console-views.ts';
import type { AppDeps } from '../../deps.ts';
import { cancelJob, retryJob } from '../../job-acts.ts';
import { readShape } from '../../json-body.ts';
import { checkOrder } from '../../orders.ts';
import {
  answerFapiao,
  confirmTransfer,
  endBatch,
  endTransferRefund,
  makeBatch,
  orderOf,
  refundOrder,
  reverseTransfer,
} from '../../sales-acts.ts';
import { decideInvite, decideRebate, lookAtComplaint, replyToComplaint, settleIssue } from '../../task-acts.ts';
import { type AdminCall, type AdminEnv, needFactor } from './operator.ts';

/** Orders, and what waits for an operator, under `/api/v1/admin`. */
export function taskRoutes(deps: AppDeps): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const money = needFactor(deps, 'money');
  const idOf = (c: AdminCall) => String(c.req.param('id'));
  const done = (c: AdminCall) => c.body(null, 204);

  const order = async (c: AdminCall) => c.json<AdminOrderView>(await adminOrderView(deps, idOf(c)));
  routes.get('/orders/:id', order);
  routes.post('/orders/:id/refund', money, async (c) => {
    const { reason } = await readShape(c, Reasoned);
    await refundOrder(deps, c.var.operator, idOf(c), reason);
    return order(c);
  });
  routes.post('/orders/:id/check', async (c) => {
    const found = await orderOf(deps, idOf(c));
    await checkOrder(deps, found).catch((cause: unknown) => {
      throw cause instanceof AppError ? cause : new AppError('PAYMENT_FAILED', { cause });
    });
    return order(c);
  });
  routes.post('/orders/:id/confirm', money, async (c) => {
    const { reference: bankRef, ...transfer } = await readShape(c, OrderTransfer);
    const found = await orderOf(deps, idOf(c));
    return c.json<TransferState>(await confirmTransfer(deps, c.var.operator, found, { ...transfer, bankRef }));
  });
  routes.post('/orders/:id/refund-sent', money, async (c) => {
    const { reference } = await readShape(c, RefundEnd);
    await endTransferRefund(deps, c.var.operator, await orderOf(deps, idOf(c)), reference);
    return done(c);
  });

  routes.post('/transfers/:id/reverse', money, async (c) => {
    const { reason } = await readShape(c, Reasoned);
    const { reference } = await readRow<{ reference: string }>(deps, 'transfers', idOf(c));
    await reverseTransfer(deps, c.var.operator, reference, reason);
    return done(c);
  });
  routes.post('/batches', money, async (c) => {
    const { expiresAt, ...wish } = await readShape(c, NewBatch);
    const made = await makeBatch(deps, c.var.operator, {
      ...wish,
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
    });
    return c.json<NewBatchCodes>(made, 201);
  });
  routes.post('/batches/:id/revoke', money, async (c) => {
    const { reason } = await readShape(c, Reasoned);
    await endBatch(deps, c.var.operator, idOf(c), reason);
    return done(c);
  });
  for (const [path, state] of [
    ['issue', 'issued'],
    ['refuse', 'refused'],
  ] as const)
    routes.post(`/fapiao/:id/${path}`, async (c) => {
      const { note } = await readShape(c, FapiaoNote);
      await answerFapiao(deps, c.var.operator, idOf(c), { state, note });
      return done(c);
    });

  routes.post('/issues/:id/resolve', async (c) => {
    const { note } = await readShape(c, IssueNote);
    if (!/^\d{1,15}$/.test(idOf(c))) throw new AppError('DATA_NOT_FOUND');
    await settleIssue(deps, c.var.operator, Number(idOf(c)), note);
    return done(c);
  });
  routes.post('/rebates/:id/approve', money, async (c) => {
    await decideRebate(deps, c.var.operator, idOf(c), { verdict: 'approve' });
    return done(c);
  });
  routes.post('/rebates/:id/paid', money, async (c) => {
    const { receipt } = await readShape(c, RebateReceipt);
    await decideRebate(deps, c.var.operator, idOf(c), { verdict: 'paid', receipt });
    return done(c);
  });
  for (const verdict of ['reject', 'return'] as const)
    routes.post(`/rebates/:id/${verdict}`, async (c) => {
      const { reason } = await readShape(c, Reasoned);
      await decideRebate(deps, c.var.operator, idOf(c), { verdict, reason });
      return done(c);
    });
  routes.post('/invites/:id/approve', money, async (c) => {
    await decideInvite(deps, c.var.operator, idOf(c), 'approve');
    return done(c);
  });
  routes.post('/invites/:id/refuse', async (c) => {
    await decideInvite(deps, c.var.operator, idOf(c), 'refuse');
    return done(c);
  });

  routes.post('/complaints/:id/answer', async (c) => {
    const { text } = await readShape(c, ComplaintAnswer);
    await replyToComplaint(deps, c.var.operator, idOf(c), text);
    return done(c);
  });
  routes.post('/complaints/:id/look', async (c) =>
    c.json<AdminPictures>(await lookAtComplaint(deps, c.var.operator, idOf(c))),
  );

  routes.post('/jobs/:id/cancel', async (c) => {
    const { reason } = await readShape(c, Reasoned);
    await cancelJob(deps, c.var.operator, idOf(c), reason);
    return c.json(await readRow<AdminJob>(deps, 'jobs', idOf(c)));
  });
  routes.post('/jobs/:id/retry', async (c) => {
    const { reason } = await readShape(c, Reasoned);
    const made = await retryJob(deps, c.var.operator, idOf(c), reason);
    return c.json(await readRow<AdminJob>(deps, 'jobs', made));
  });

  return routes;
}
