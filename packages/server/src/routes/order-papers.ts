import {
  AppError,
  type FapiaoView,
  FapiaoWish,
  LANGUAGES,
  type Language,
  type Receipt,
  writeReceipt,
} from '@hili/contract';
import { type Context, Hono } from 'hono';
import { requireUser } from '../callers.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { askFapiao, fapiaoOf, fapiaoView } from '../fapiao.ts';
import { readShape } from '../json-body.ts';
import { orderView } from '../order-view.ts';
import { findOwnOrder } from '../orders.ts';
import { receiptPdf } from '../receipt-pdf.ts';
import { requestLanguage } from '../request-language.ts';
import { siteView } from './site.ts';

type Call = Context<AppEnv>;

/** What comes with a paid order, under `/api/v1`: its receipt, and the request for a fapiao. */
export function orderPaperRoutes(deps: AppDeps): Hono<AppEnv> {
  const { db, clock, config, rateLimits } = deps;
  const routes = new Hono<AppEnv>();

  async function paper(c: Call) {
    const user = await requireUser(c, deps);
    const order = await findOwnOrder(db, user.id, c.req.param('id') ?? '');
    if (!order) throw new AppError('DATA_NOT_FOUND');
    return { user, order };
  }

  /** @throws AppError SIGN_IN_REQUIRED, DATA_NOT_FOUND */
  async function receipt(c: Call, language: Language): Promise<{ receipt: Receipt; number: string; userId: string }> {
    const { user, order } = await paper(c);
    const { email, name } = user.signIn;
    const source = { order: await orderView(deps, order), site: siteView(config), buyer: name || (email ?? '') };
    const written = writeReceipt({ ...source, timeZone: config.TIME_ZONE }, language);
    if (!written) throw new AppError('DATA_NOT_FOUND', { detail: 'expected an order that has been paid' });
    return { receipt: written, number: order.outTradeNo, userId: user.id };
  }

  routes.get('/orders/:id/receipt', async (c) => c.json<Receipt>((await receipt(c, requestLanguage(c, 'en'))).receipt));

  routes.get('/orders/:id/receipt.pdf', async (c) => {
    const language = LANGUAGES.find((one) => one === c.req.query('lang')) ?? requestLanguage(c, 'en');
    const found = await receipt(c, language);
    await rateLimits.take('papers', found.userId);
    const pdf = await receiptPdf(found.receipt, language);
    c.header('content-type', 'application/pdf');
    c.header('content-disposition', `attachment; filename="${found.number}.pdf"`);
    c.header('cache-control', 'no-store');
    return c.body(new Uint8Array(pdf));
  });

  routes.get('/orders/:id/fapiao', async (c) => {
    const { order } = await paper(c);
    const asked = await fapiaoOf(db, order.id);
    if (!asked) throw new AppError('DATA_NOT_FOUND');
    return c.json<FapiaoView>(fapiaoView(asked));
  });

  routes.post('/orders/:id/fapiao', async (c) => {
    const { user, order } = await paper(c);
    const wish = await readShape(c, FapiaoWish);
    await rateLimits.take('complaint', user.id);
    const at = { language: requestLanguage(c, 'zh'), operator: config.CONTACT_EMAIL };
    return c.json<FapiaoView>(fapiaoView(await askFapiao(db, order, wish, at, clock())), 201);
  });

  return routes;
}
