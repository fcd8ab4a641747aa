import { OrderView, OrderViews, PackagesView } from '@hili/contract';
import { afterAll, expect, it } from 'vitest';
import { sweepPayments } from '../src/payments/sweep.ts';
import { newEmail, openBrowser } from './browser.ts';
import { readText } from './live.ts';
import { openTestApp } from './test-app.ts';

const app = await openTestApp({ DEMO_PAYMENTS: 'on', REBATE_FEN: 'photos-10:200' });
afterAll(app.close);

const WISH = { package: 'photos-10', provider: 'wechat-sim' };
async function buyer() {
  const browser = openBrowser(app);
  await browser.enter(newEmail());
  const order = async (method: string, path: string, body?: unknown) => {
    const response = await browser.api(method, `/orders${path}`, body);
    return { status: response.status, view: OrderView.parse(await response.json()) };
  };
  return { ...browser, order };
}
const problem = async (response: Response) => ({
  status: response.status,
  code: ((await response.json()) as { code: string }).code,
});

/** The page of the simulated payment as somebody reads it who has chosen a language. */
const demoPage = async (demoUrl: string, language: string) =>
  (await fetch(new URL(demoUrl, app.url), { headers: { cookie: `hili_language=${language}` } })).text();

/** What the page for the simulated payment does when a button is pressed. */
async function press(demoUrl: string, act: string, headers: Record<string, string> = {}) {
  const code = new URL(demoUrl, app.url).searchParams.get('code') ?? '';
  return fetch(`${app.url}/demo/wechat`, {
    method: 'POST',
    body: new URLSearchParams({ code, act }),
    headers: { 'sec-fetch-site': 'same-origin', ...headers },
    redirect: 'manual',
  });
}
const settled = (order: () => Promise<{ view: OrderView }>, state: string) =>
  expect.poll(async () => (await order()).view.state, { timeout: 20_000, interval: 100 }).toBe(state);

it('says what is sold, how one pays, and that payments are simulated', async () => {
  const browser = openBrowser(app);
  const { packages, providers, refundDays } = PackagesView.parse(await (await browser.api('GET', '/packages')).json());
  expect(packages.map(({ photos, fen }) => [photos, fen])).toEqual([
    [3, 4980],
    [10, 15_000],
    [50, 40_000],
    [200, 100_000],
  ]);
  expect(providers).toMatchObject([{ name: 'wechat-sim', kind: 'qr', simulated: true }]);
  expect(refundDays).toBe(30);
  expect(packages.map(({ wechatRebate }) => wechatRebate)).toEqual([false, true, false, false]);
  expect(await (await browser.api('GET', '/site')).json()).toMatchObject({ demo: true });
});

it('lets somebody buy 10 photos by a simulated scan, spend none, and give all back', async () => {
  const { order, me, api } = await buyer();
  const made = await order('POST', '', WISH);
  expect(made.status).toBe(201);
  const { id, payment } = made.view;
  expect(made.view).toMatchObject({ state: 'paying', photos: 10, fen: 15_000, simulated: true, refund: null });
  if (payment?.kind !== 'qr') throw new Error('expected a QR code');
  expect(payment.code).toMatch(/^weixin:\/\/wxpay\//);
  for (const [language, words, price] of [
    ['zh', '返回订单', '¥150.00'],
    ['es', 'Volver al pedido', '150,00\u00a0yuanes (CNY)'],
  ] as const) {
    const page = await demoPage(String(payment.demoUrl), language);
    expect(page).toContain(`<html lang="${language}">`);
    expect(page).toContain(`<a href="/orders/${id}">${words}</a>`);
    expect(page).toContain(price);
  }
  expect((await order('POST', '', WISH)).status, 'the same wish again is the same order').toBe(200);

  const page = await fetch(app.url + payment.demoUrl);
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; /);
  expect(await page.text()).toContain('¥150.00');
  expect((await press(String(payment.demoUrl), 'duplicate')).status).toBe(303);
  await settled(() => order('GET', `/${id}`), 'paid');
  expect((await me()).credits).toMatchObject({ available: 10 });
  expect((await me()).batch).toBe(true);
  expect(await problem(await api('POST', `/orders/${id}/close`))).toEqual({ status: 409, code: 'ORDER_ENDED' });

  const asked = await order('POST', `/${id}/refund`);
  expect(asked.view).toMatchObject({ state: 'refunding', refund: { photos: 10, fen: 15_000 } });
  expect((await me()).credits.available).toBe(0);
  await settled(() => order('GET', `/${id}`), 'refunded');
  expect(await problem(await api('POST', `/orders/${id}/refund`))).toEqual({ status: 409, code: 'ORDER_ENDED' });
  const list = OrderViews.parse(await (await api('GET', '/orders')).json());
  expect(list).toMatchObject([{ id, state: 'refunded' }]);
  expect(await app.broken()).toEqual([]);
});

it('tells the open page of an order as it changes, and of the photos that it brought', async () => {
  const browser = await buyer();
  const { view } = await browser.order('POST', '', WISH);
  const live = readText(await browser.api('GET', '/events'));
  await live.until(/event: order\ndata: .*"state":"paying"/);
  await press(String(view.payment?.kind === 'qr' && view.payment.demoUrl), 'pay');
  await live.until(/event: order\ndata: .*"state":"paid"/);
  await live.until(/event: me\ndata: .*"available":10/);
  await live.close();
});

it('asks a guest to sign in before buying, and shows nobody the order of another', async () => {
  const guest = openBrowser(app);
  for (const [method, path] of [
    ['POST', '/orders'],
    ['GET', '/orders'],
    ['GET', '/orders/x'],
  ] as const)
    expect(await problem(await guest.api(method, path, method === 'POST' ? WISH : undefined))).toEqual({
      status: 401,
      code: 'SIGN_IN_REQUIRED',
    });
  const [one, other] = [await buyer(), await buyer()];
  const { view } = await one.order('POST', '', WISH);
  for (const [method, path] of [
    ['GET', `/orders/${view.id}`],
    ['POST', `/orders/${view.id}/close`],
    ['POST', `/orders/${view.id}/refund`],
    ['GET', '/orders/not-an-id'],
  ] as const)
    expect(await problem(await other.api(method, path)), path).toEqual({ status: 404, code: 'DATA_NOT_FOUND' });
  expect((await one.order('POST', `/${view.id}/close`)).view).toMatchObject({ state: 'closed', payment: null });
});

it('takes no wish that is malformed, and no price that a buyer makes up', async () => {
  const { api, order } = await buyer();
  for (const wrong of [
    {},
    { package: 'photos-10' },
    { ...WISH, package: 'photos-0' },
    { ...WISH, provider: 'cash' },
    { ...WISH, package: 10 },
  ])
    expect(await problem(await api('POST', '/orders', wrong)), JSON.stringify(wrong)).toMatchObject({
      code: 'BAD_REQUEST',
    });
  const { view } = await order('POST', '', { ...WISH, fen: 1, photos: 1_000_000, currency: 'JPY' });
  expect(view).toMatchObject({ fen: 15_000, photos: 10, currency: 'CNY' });
  expect(await problem(await api('POST', `/orders/${view.id}/refund`, undefined)), 'an order that is not paid').toEqual(
    { status: 409, code: 'ORDER_ENDED' },
  );
});

it('takes a notice only from who signed it, of a moderate size, and for a provider that is there', async () => {
  const notify = (name: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${app.url}/api/v1/payments/${name}/notify`, { method: 'POST', body, headers });
  const forged = await notify('wechat-sim', '{"id":"EV-1","event_type":"TRANSACTION.SUCCESS"}');
  expect({ status: forged.status, body: await forged.json() }).toEqual({
    status: 401,
    body: { code: 'FAIL', message: '失败' },
  });
  expect((await notify('wechat-sim', 'x'.repeat(65_537))).status).toBe(413);
  expect((await notify('wechat', '{}')).status).toBe(404);
  expect((await notify('nobody', '{}')).status).toBe(404);
});

it('finds a payment whose notice is late by asking', async () => {
  const { order } = await buyer();
  const { view } = await order('POST', '', WISH);
  await press(String(view.payment?.kind === 'qr' && view.payment.demoUrl), 'late');
  app.later(6);
  await sweepPayments(app);
  await settled(() => order('GET', `/${view.id}`), 'paid');
});

it('lets no page of another site pay in a demonstration, and has no such page elsewhere', async () => {
  const { order } = await buyer();
  const { view } = await order('POST', '', WISH);
  const demoUrl = String(view.payment?.kind === 'qr' && view.payment.demoUrl);
  expect((await press(demoUrl, 'pay', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await order('GET', `/${view.id}`)).view.state).toBe('paying');
  const plain = await openTestApp();
  expect((await fetch(`${plain.url}/demo/wechat?code=x`)).status).toBe(404);
  expect(await (await fetch(`${plain.url}/api/v1/site`)).json()).toMatchObject({ demo: false });
  expect(await (await fetch(`${plain.url}/api/v1/packages`)).json()).toMatchObject({ providers: [] });
  await plain.close();
});
