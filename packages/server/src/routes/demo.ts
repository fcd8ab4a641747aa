import { AppError } from '@hili/contract';
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { AppDeps, AppEnv } from '../deps.ts';
import type { NoticeFault } from '../payments/simulator/notices.ts';
import { readRaw } from '../raw-body.ts';
import { refuseOtherSites } from '../same-site.ts';

const POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const FORM_BYTES = 2_000;

/** What the buyer, or somebody on the way, does: what becomes of the notice, and the words of the button. */
const ACTS: Readonly<Record<string, { readonly fault: NoticeFault; readonly zh: string; readonly en: string }>> = {
  pay: { fault: {}, zh: '支付', en: 'Pay' },
  late: { fault: { delaySeconds: 60 }, zh: '支付，通知晚到 60 秒', en: 'Pay; the notice comes 60 s late' },
  duplicate: { fault: { copies: 5 }, zh: '支付，通知重复 5 次', en: 'Pay; the notice comes five times' },
  tamper: { fault: { tamper: 'body' }, zh: '支付，首个通知被篡改', en: 'Pay; the first notice is tampered with' },
};

const STATES: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  NOTPAY: ['待支付', 'To be paid'],
  SUCCESS: ['已支付，可以关闭此页', 'Paid. You can close this page.'],
  REFUND: ['已退款', 'Refunded'],
  CLOSED: ['订单已关闭', 'The order is closed'],
};

const STYLE = `
:root { color-scheme: light dark; font: 18px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; }
body { max-width: 26rem; margin: 0 auto; padding: 1rem; text-align: center; }
p.banner { background: #8a5a00; color: #fff; padding: .5rem; border-radius: .5rem; }
strong { display: block; font-size: 2.2rem; }
button { font: inherit; width: 100%; min-height: 44px; margin: .3rem 0; padding: .5rem; border-radius: .5rem; border: 1px solid currentColor; cursor: pointer; }
button[value=pay] { background: #07c160; color: #06210f; font-weight: 600; }
`;

/**
 * The page that stands for WeChat on a buyer's phone where payments are simulated, at `/demo/wechat?code=…`: pays, well or with what can
 * go wrong on the way. Elsewhere there is nothing here.
 */
export function demoRoutes({ simulator }: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  if (!simulator)
    return routes.all('/*', () => {
      throw new AppError('NOT_FOUND');
    });
  const find = (code: string) => [...simulator.world.orders.values()].find(({ codeUrl }) => codeUrl === code);

  routes.get('/wechat.css', (c) => {
    c.header('content-type', 'text/css; charset=utf-8');
    return c.body(STYLE);
  });

  routes.get('/wechat', (c) => {
    const code = c.req.query('code') ?? '';
    const order = find(code);
    c.header('content-security-policy', POLICY);
    c.header('cache-control', 'no-store');
    const [zh, en] = STATES[order?.state ?? ''] ?? ['无效的二维码', 'No such code'];
    const page = html`<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>模拟微信扫码支付 / Simulated payment</title>
<link rel="stylesheet" href="/demo/wechat.css">
</head>
<body>
<main>
<h1>模拟微信扫码支付<br>Simulated payment</h1>
<p class="banner">演示：不会真的扣款 / A demonstration: no money moves</p>
${order && html`<p>${order.description}<strong>¥${(order.total / 100).toFixed(2)}</strong>${order.outTradeNo}</p>`}
<p role="status">${zh} / ${en}</p>
${
  order?.state === 'NOTPAY' &&
  html`<form method="post" action="/demo/wechat"><input type="hidden" name="code" value="${code}">
${Object.entries(ACTS).map(([act, words]) => html`<button name="act" value="${act}">${words.zh} / ${words.en}</button>`)}</form>`
}
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
    const act = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
    if (act && find(code)?.state === 'NOTPAY') {
      simulator.notices.faults.push(act.fault);
      if (simulator.pay(code) !== 'paid') simulator.notices.faults.pop();
    }
    return c.redirect(`/demo/wechat?code=${encodeURIComponent(code)}`, 303);
  });

  return routes;
}
