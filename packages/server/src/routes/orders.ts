import { AppError, type OrderView, OrderWish, PACKAGES, type PackagesView } from '@hili/contract';
import { type Context, Hono } from 'hono';
import { type SignedIn, signedIn } from '../callers.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { readShape } from '../json-body.ts';
import { findOrder, ordersOf } from '../order-rows.ts';
import type { Order } from '../order-tables.ts';
import { orderView, orderViews } from '../order-view.ts';
import { closeOrder, createOrder, findOwnOrder, isOpen, priceBy } from '../orders.ts';
import type { Provider } from '../payments/provider.ts';
import { rebateFen } from '../rebates.ts';
import { askRefund } from '../refunds.ts';

type Call = Context<AppEnv>;

/** How one pays by a provider, and what each package costs there. */
function offerOf(provider: Provider): PackagesView['providers'][number] {
  const { name, kind, simulated } = provider;
  const [first] = PACKAGES;
  const prices = Object.fromEntries(PACKAGES.map((pack) => [pack.code, priceBy(provider, pack).fen]));
  return { name, kind, simulated, currency: priceBy(provider, first).currency, prices };
}

/** What is sold, and what somebody who is signed in has bought, under `/api/v1`. */
export function orderRoutes(deps: AppDeps): Hono<AppEnv> {
  const { db, config, providers } = deps;
  const routes = new Hono<AppEnv>();

  /** @throws AppError SIGN_IN_REQUIRED */
  async function buyer(c: Call): Promise<SignedIn> {
    const found = await signedIn(c, deps);
    if (!found) throw new AppError('SIGN_IN_REQUIRED');
    return found;
  }
  /** An order of the caller's own. @throws AppError SIGN_IN_REQUIRED, DATA_NOT_FOUND */
  async function ownOrder(c: Call): Promise<Order> {
    const { id: userId } = await buyer(c);
    const order = await findOwnOrder(db, userId, c.req.param('id') ?? '');
    if (!order) throw new AppError('DATA_NOT_FOUND');
    return order;
  }
  const answer = async (c: Call, order: Order, status: 200 | 201 = 200) =>
    c.json<OrderView>(await orderView(deps, order), status);

  routes.get('/packages', (c) =>
    c.json<PackagesView>({
      packages: PACKAGES.map((pack) => ({ ...pack, wechatRebate: rebateFen(config, pack.code) > 0 })),
      currency: 'CNY',
      providers: [...providers.values()].map(offerOf),
      refundDays: config.REFUND_DAYS,
    }),
  );

  routes.post('/orders', async (c) => {
    const { id } = await buyer(c);
    const { order, isNew } = await createOrder(deps, id, await readShape(c, OrderWish));
    return answer(c, order, isNew ? 201 : 200);
  });

  routes.get('/orders', async (c) => {
    const { id } = await buyer(c);
    return c.json<OrderView[]>(await orderViews(deps, await ordersOf(db, id)));
  });

  routes.get('/orders/:id', async (c) => answer(c, await ownOrder(c)));

  routes.post('/orders/:id/close', async (c) => {
    const order = await ownOrder(c);
    if (order.state === 'closed') return answer(c, order);
    if (!isOpen(order)) throw new AppError('ORDER_ENDED');
    return answer(c, await closeOrder(deps, order, order.userId));
  });

  routes.post('/orders/:id/refund', async (c) => {
    const { id, userId } = await ownOrder(c);
    await askRefund(deps, id, userId);
    const order = await findOrder(db, id);
    if (!order) throw new AppError('DATA_NOT_FOUND');
    return answer(c, order);
  });

  return routes;
}
