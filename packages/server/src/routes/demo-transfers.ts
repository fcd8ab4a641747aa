import { API, AppError, writeMoney } from '@hili/contract';
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { AppDeps, AppEnv } from '../deps.ts';
import type { Simulator } from '../payments/simulator/simulator.ts';
import { readRaw } from '../raw-body.ts';
import { requestLanguage } from '../request-language.ts';
import { refuseOtherSites } from '../same-site.ts';
import { POLICY } from './demo.ts';
import { ACCEPT, ACCEPT_STATES, ACCEPT_TITLE, BANNER, ENDED, TO_ACCOUNT } from './demo-words.ts';

/** Who holds the phone of a demonstration, as WeChat knows them. */
const PHONE = 'oSIM-phone-of-the-demonstration';
const FORM_BYTES = 2_000;

/**
 * What stands for WeChat where a claim asks who has opened it, and where money is accepted, under `/demo/wechat`.
 * @param simulator there only where payments are simulated.
 */
export function demoTransferRoutes(
  { publicUrl, clock }: Pick<AppDeps, 'publicUrl' | 'clock'>,
  simulator: Simulator,
): Hono<AppEnv> {
  const { people, transfers } = simulator;
  const routes = new Hono<AppEnv>();

  // As in WeChat, whoever comes is not asked. It leads back to our own pages only.
  routes.get('/who', (c) => {
    const { redirect_uri: back = '', state = '' } = c.req.query();
    if (!back.startsWith(`${publicUrl}${API}/claims/`))
      throw new AppError('BAD_REQUEST', { detail: 'expected an address of a claim for redirect_uri' });
    transfers.openids.add(PHONE);
    const to = new URL(back);
    to.searchParams.set('code', people.open(PHONE, clock().getTime()));
    to.searchParams.set('state', state);
    return c.redirect(to.href, 302);
  });

  routes.get('/accept', (c) => {
    const packageInfo = c.req.query('package') ?? '';
    const found = [...transfers.made.values()].find((each) => each.packageInfo === packageInfo);
    const language = requestLanguage(c, 'zh');
    c.header('content-security-policy', POLICY);
    c.header('cache-control', 'no-store');
    const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${ACCEPT_TITLE[language]}</title>
<link rel="stylesheet" href="/demo/wechat.css">
</head>
<body>
<main>
<h1>${ACCEPT_TITLE[language]}</h1>
<p class="banner">${BANNER[language]}</p>
${found && html`<p><strong>${writeMoney(language, found.fen, 'CNY')}</strong>${found.billNo}</p>`}
<p role="status">${(ACCEPT_STATES[found?.state ?? ''] ?? ENDED)[language]}</p>
${
  found?.state === 'WAIT_USER_CONFIRM' &&
  html`<form method="post" action="/demo/wechat/accept"><input type="hidden" name="package" value="${packageInfo}">
<button name="act" value="pay">${ACCEPT[language]}</button></form>`
}
<p><a href="/account">${TO_ACCOUNT[language]}</a></p>
</main>
</body>
</html>`;
    return c.html(page, found ? 200 : 404);
  });

  routes.post('/accept', async (c) => {
    refuseOtherSites(c.req.raw);
    const packageInfo = new URLSearchParams((await readRaw(c, FORM_BYTES)).toString()).get('package') ?? '';
    simulator.acceptTransfer(packageInfo);
    return c.redirect(`/demo/wechat/accept?package=${encodeURIComponent(packageInfo)}`, 303);
  });

  return routes;
}
