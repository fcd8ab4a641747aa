import { AppError } from '@hili/contract';
import { Hono } from 'hono';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { AppEnv } from '../deps.ts';
import { applyDispute } from '../disputes.ts';
import { applyPaid } from '../order-payments.ts';
import type { OrderDeps } from '../orders.ts';
import { type Acknowledgement, ForgedNotice, type Notice, type Provider } from '../payments/provider.ts';
import { applyPayout } from '../payouts.ts';
import { readRaw } from '../raw-body.ts';
import { applyRefund } from '../refunds.ts';

/** Bytes of a notice at most; WeChat's have under 4 KB. */
const NOTICE_BYTES = 64 * 1024;
/** Providers wait 5 s for an answer; what is locked for longer fails, and comes again. */
const LOCK_MS = 4_000;

/** What providers tell us by themselves, at `/api/v1/payments/<provider>/notify`: no cookies, only what they have signed. */
export function noticeRoutes(deps: OrderDeps): Hono<AppEnv> {
  const { db, log, clock } = deps;
  const routes = new Hono<AppEnv>();

  async function settle(tx: Tx, provider: Provider, notice: Notice): Promise<unknown> {
    await sql`select set_config('lock_timeout', ${`${LOCK_MS}ms`}, true)`.execute(tx);
    const source = { actor: 'notice', eventId: notice.eventId };
    if (notice.kind === 'payment') return applyPaid(tx, deps, provider.name, notice.paid, source, clock());
    if (notice.kind === 'refund') return applyRefund(tx, provider.name, notice.refund, source, clock());
    if (notice.kind === 'payout') return applyPayout(tx, provider.name, notice.payout, clock());
    if (notice.kind === 'dispute') return applyDispute(tx, provider.name, notice.dispute, source, clock());
    return undefined;
  }

  routes.post('/:provider/notify', async (c) => {
    const provider = deps.providers.get(c.req.param('provider'));
    if (!provider?.readNotice || !provider.answers) throw new AppError('NOT_FOUND');
    const raw = await readRaw(c, NOTICE_BYTES);
    let notice: Notice;
    try {
      notice = await provider.readNotice(raw, c.req.raw.headers);
    } catch (error) {
      if (!(error instanceof ForgedNotice)) throw error;
      log.warn({ provider: provider.name, reason: error.message, requestId: c.var.requestId }, 'refused a notice');
      return answer(provider.answers.refused);
    }
    await db.transaction().execute((tx) => settle(tx, provider, notice));
    // Only now: whoever dies before has not answered, and hears it again.
    return answer(provider.answers.accepted);
  });

  return routes;
}

function answer({ status, body, type }: Acknowledgement): Response {
  return new Response(body, {
    status,
    headers: { 'cache-control': 'no-store', ...(type && { 'content-type': type }) },
  });
}
