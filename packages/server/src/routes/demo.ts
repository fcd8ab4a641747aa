import { AppError, writeMoney } from '@hili/contract';
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { AppDeps, AppEnv } from '../deps.ts';
import { findOrderByNumber } from '../order-rows.ts';
import type { NoticeFault } from '../payments/simulator/notices.ts';
import { readRaw } from '../raw-body.ts';
import { requestLanguage } from '../request-language.ts';
import { refuseOtherSites } from '../same-site.ts';
import { demoTransferRoutes } from './demo-transfers.ts';
import { ACT_WORDS, BACK, BANNER, STATES, TITLE, UNKNOWN } from './demo-words.ts';

/** Forms of these pages lead to themselves, and nothing runs in them. */
export const POLICY =
  "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const FORM_BYTES = 2_000;

/** What the buyer, or somebody on the way, does: what becomes of the notice. */
const ACTS: Readonly<Record<keyof typeof ACT_WORDS, NoticeFault>> = {
  pay: {},
  late: { delaySeconds: 60 },
  duplicate: { copies: 5 },
  tamper: { tamper: 'body' },
};
const isAct = (name: string): name is keyof typeof ACTS => Object.hasOwn(ACTS, name);

const STYLE = `
:root { color-scheme: light dark; font: 18px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; }
body { max-width: 26rem; margin: 0 auto; padding: 1rem; text-align: center; }
p.banner { background: #8a5a00; color: #fff; padding: .5rem; border-radius: .5rem; }
strong { display: block; font-size: 2.2rem; }
button { font: inherit; width: 100%; min-height: 44px; margin: .3rem 0; padding: .5rem; border-radius: .5rem; border: 1px solid currentColor; cursor: pointer; }
a { display: inline-block; padding: .6rem; color: inherit; }
button[value=pay] { background: #07c160; color: #06210f; font-weight: 600; }
`;

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
    c.header('content-security-policy', POLICY);
    c.header('cache-control', 'no-store');
    const language = requestLanguage(c, 'zh');
    const bought = order && (await findOrderByNumber(db, order.outTradeNo));
    const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${TITLE[language]}</title>
<link rel="stylesheet" href="/demo/wechat.css">
</head>
<body>
<main>
<h1>${TITLE[language]}</h1>
<p class="banner">${BANNER[language]}</p>
${order && html`<p>${order.description}<strong>${writeMoney(language, order.total, 'CNY')}</strong>${order.outTradeNo}</p>`}
<p role="status">${(STATES[order?.state ?? ''] ?? UNKNOWN)[language]}</p>
${
  order?.state === 'NOTPAY' &&
  html`<form method="post" action="/demo/wechat"><input type="hidden" name="code" value="${code}">
${Object.entries(ACT_WORDS).map(([act, words]) => html`<button name="act" value="${act}">${words[language]}</button>`)}</form>`
}
${bought && html`<p><a href="/orders/${bought.id}">${BACK[language]}</a></p>`}
</main>
</body>
</html>`;
    return c.html(page, order ? 200 : 404);
  });

  routes.post('/wechat', async (c) => {
    refuseOtherSites(c.req.raw);
    const form = new URLSearchParams((await readRaw(c, FORM_BYTES)).toString());
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
