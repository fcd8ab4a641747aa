import { type VoucherAnswer, VoucherCode } from '@hili/contract';
import { Hono } from 'hono';
import { requireUser } from '../callers.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { readShape } from '../json-body.ts';
import { redeemVoucher } from '../vouchers.ts';

/** Voucher codes, under `/api/v1`. */
export function voucherRoutes(deps: AppDeps): Hono<AppEnv> {
  const { db, keys, clock, rateLimits } = deps;
  const routes = new Hono<AppEnv>();

  routes.post('/vouchers/redeem', async (c) => {
    const { id } = await requireUser(c, deps);
    const { code } = await readShape(c, VoucherCode);
    await rateLimits.take('voucher', id);
    await rateLimits.take('voucherFrom', c.var.address);
    return c.json<VoucherAnswer>(await redeemVoucher(db, keys, id, code, clock()));
  });

  return routes;
}
