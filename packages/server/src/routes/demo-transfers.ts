import { API, AppError, writeMoney } from '@hili/contract';
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { AppDeps, AppEnv } from '../deps.ts';
import type { Simulator } from '../payments/simulator/simulator.ts';
import { demoForm, demoPage } from './demo-page.ts';
import { ACCEPT, ACCEPT_STATES, ACCEPT_TITLE, ENDED, TO_ACCOUNT } from './demo-words.ts';

/** Who holds the phone of a demonstration, as WeChat knows them. */
const PHONE = 'oSIM-phone-of-the-demonstration';

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
    return demoPage(
      c,
      ACCEPT_TITLE,
      found !== undefined,
      (language) => html`
${found && html`<p><strong>${writeMoney(language, found.fen, 'CNY')}</strong>${found.billNo}</p>`}
<p role="status">${(ACCEPT_STATES[found?.state ?? ''] ?? ENDED)[language]}</p>
${
  found?.state === 'WAIT_USER_CONFIRM' &&
  html`<form method="post" action="/demo/wechat/accept"><input type="hidden" name="package" value="${packageInfo}">
<button name="act" value="pay">${ACCEPT[language]}</button></form>`
}
<p><a href="/account">${TO_ACCOUNT[language]}</a></p>`,
    );
  });

  routes.post('/accept', async (c) => {
    const packageInfo = (await demoForm(c)).get('package') ?? '';
    simulator.acceptTransfer(packageInfo);
    return c.redirect(`/demo/wechat/accept?package=${encodeURIComponent(packageInfo)}`, 303);
  });

  return routes;
}
