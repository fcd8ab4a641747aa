import { OrderView } from '@hili/contract';
import { expect } from 'vitest';
import { openBrowser } from '../../packages/server/test/browser.ts';
import type { RunningServer } from './server.ts';

export type Shopper = Awaited<ReturnType<typeof shopper>>;

/** Somebody with an account who speaks to the API as the page does: for what is there before an operator comes. */
export const newShopper = (server: RunningServer, email: string): Promise<Shopper> =>
  shopper(server, openBrowser(server), email);

/** As `newShopper`, in a browser that has been somewhere before. */
export async function shopper(server: RunningServer, browser: ReturnType<typeof openBrowser>, email: string) {
  await browser.enter(email);
  const order = async (id: string) => OrderView.parse(await (await browser.api('GET', `/orders/${id}`)).json());
  return {
    ...browser,
    ...{ email, order },
    available: async () => (await browser.me()).credits.available,
    /** Places an order; nothing is paid yet. */
    async begin(name: string, provider = 'wechat-sim'): Promise<OrderView> {
      return OrderView.parse(await (await browser.api('POST', '/orders', { package: name, provider })).json());
    },
    /** Pays at the simulated WeChat, as the phone that has scanned the code. */
    async pay({ payment }: Pick<OrderView, 'payment'>): Promise<void> {
      const code = payment?.kind === 'qr' ? payment.code : '';
      await fetch(`${server.url}/demo/wechat`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams({ code, act: 'pay' }),
      });
    },
    /** Waits until an order is in a state. */
    async until(id: string, state: OrderView['state']): Promise<void> {
      await expect.poll(async () => (await order(id)).state, { timeout: 30_000 }).toBe(state);
    },
  };
}
