import { AppError, writeMoney } from '@hili/contract';
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { AppDeps, AppEnv } from '../deps.ts';
import { findOrderByNumber } from '../order-rows.ts';
import type { NoticeFault } from '../payments/simulator/notices.ts';
import { demoForm, demoPage, STYLE } from './demo-page.ts';
import { demoTransferRoutes } from './demo-transfers.ts';
import { ACT_WORDS, BACK, STATES, TITLE, UNKNOWN } from './demo-words.ts';

/** What the buyer, or somebody on the way, does: what becomes of the notice. */
const ACTS: Readonly<Record<keyof typeof ACT_WORDS, NoticeFault>> = {
  pay: {},
  late: { delaySeconds: 60 },
  duplicate: { copies: 5 },
  tamper: { tamper: 'body' },
};
const isAct = (name: string): name is keyof typeof ACTS => Object.hasOwn(ACTS, name);

/**
 * The page that stands for WeChat on a buyer's phone where payments are simulated, at `/demo/wechat?code=…`: pays, well or with what can
 * go wrong on the way. Elsewhere there is nothing here.
 */
export function demoRoutes(deps: AppDeps): Hono<AppEnv> {
  const { simulator, db } = deps;
  const routes = new Hono<AppEnv>();
  if (!simulator)
    return routes.all('/*', () => {
      throw new AppError('NOT_FOUND');
    });
  const find = (code: string) => [...simulator.world.orders.values()].find(({ codeUrl }) => codeUrl === code);

  routes.route('/wechat', demoTransferRoutes(deps, simulator));
  routes.get('/wechat.css', (c) => {
    c.header('content-type', 'text/css; charset=utf-8');
    return c.body(STYLE);
  });

  routes.get('/wechat', async (c) => {
    const code = c.req.query('code') ?? '';
    const order = find(code);
    const bought = order && (await findOrderByNumber(db, order.outTradeNo));
    return demoPage(
      c,
      TITLE,
      order !== undefined,
      (language) => html`
${order && html`<p>${order.description}<strong>${writeMoney(language, order.total, 'CNY')}</strong>${order.outTradeNo}</p>`}
<p role="status">${(STATES[order?.state ?? ''] ?? UNKNOWN)[language]}</p>
${
  order?.state === 'NOTPAY' &&
  html`<form method="post" action="/demo/wechat"><input type="hidden" name="code" value="${code}">
${Object.entries(ACT_WORDS).map(([act, words]) => html`<button name="act" value="${act}">${words[language]}</button>`)}</form>`
}
${bought && html`<p><a href="/orders/${bought.id}">${BACK[language]}</a></p>`}`,
    );
  });

  routes.post('/wechat', async (c) => {
    const form = await demoForm(c);
    const code = form.get('code') ?? '';
    const name = form.get('act') ?? '';
    if (isAct(name) && find(code)?.state === 'NOTPAY') {
      simulator.notices.faults.push(ACTS[name]);
      if (simulator.pay(code) !== 'paid') simulator.notices.faults.pop();
    }
    return c.redirect(`/demo/wechat?code=${encodeURIComponent(code)}`, 303);
  });

  return routes;
}
