import { API, AppError, ClaimAnswer, type ClaimLink, type ClaimView, type RebateView } from '@hili/contract';
import { type Context, Hono } from 'hono';
import { requireUser } from '../callers.ts';
import { beginWay, endWay, keepPayee, readKeptPayee } from '../claim-cookie.ts';
import { type Claim, confirmClaim, openAcceptance, openClaim, readClaim } from '../claims.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { readShape } from '../json-body.ts';
import type { Payouts } from '../payments/payouts.ts';
import { PaymentRefused } from '../payments/provider.ts';
import { ownRebates } from '../rebates.ts';
import { readSignInUser } from '../sign-ins.ts';
import { findUser } from '../users.ts';

type Call = Context<AppEnv>;

/** `grandmother@example.com` -> `g***@example.com`: enough to know one's own, too little to learn another's. */
const masked = (email: string) => email.replace(/^(.)[^@]*/u, '$1***');

/** Rebates, under `/api/v1`: a user's own, and the claim that a phone makes with nothing but a token. */
export function rebateRoutes(deps: AppDeps): Hono<AppEnv> {
  const { auth, db, keys, clock, publicUrl, rateLimits, payouts, log } = deps;
  const routes = new Hono<AppEnv>();

  routes.get('/rebates', async (c) => c.json<RebateView[]>(await ownRebates(db, (await requireUser(c, deps)).id)));

  async function link(c: Call, open: (userId: string) => ReturnType<typeof openClaim>): Promise<Response> {
    const { id } = await requireUser(c, deps);
    await rateLimits.take('claim', id);
    const { token, expiresAt } = await open(id);
    return c.json<ClaimLink>({ url: `${publicUrl}/r/${token}`, expiresAt: expiresAt.toISOString() }, 201);
  }
  routes.post('/rebates/claims', (c) => link(c, (userId) => openClaim(db, userId, clock())));
  routes.post('/rebates/:id/claims', (c) =>
    link(c, (userId) => openAcceptance(db, userId, String(c.req.param('id')), clock())),
  );

  const tokenOf = (c: Call) => String(c.req.param('token'));
  /** How far WeChat can pay what a token claims. */
  function wechatOf(c: Call, { isPayable }: Claim): ClaimView['wechat'] {
    if (!payouts) return 'off';
    if (!isPayable) return 'small';
    return readKeptPayee(c, deps, tokenOf(c))?.appid === payouts.appid ? 'known' : 'ask';
  }
  routes.get('/claims/:token', async (c) => {
    const claim = await readClaim(db, tokenOf(c), clock());
    const user = await findUser(db, claim.userId);
    const signIn = user?.authId ? await readSignInUser(auth, user.authId) : undefined;
    const account = signIn?.emailVerified ? masked(signIn.email) : (signIn?.name ?? '');
    const { fen, expiresAt } = claim;
    const wechat = wechatOf(c, claim);
    return c.json<ClaimView>({ fen, account, expiresAt: expiresAt.toISOString(), wechat, ...wayOn(claim, wechat) });
  });

  /** What is to be accepted in WeChat, and where a demonstration goes on in place of it. */
  function wayOn({ payout }: Claim, wechat: ClaimView['wechat']): Pick<ClaimView, 'accept' | 'demoUrl'> {
    const demo = payouts?.acceptUrl ? payouts : undefined;
    if (!payout || !payouts) return { accept: null, demoUrl: demo && wechat === 'ask' ? 'wechat' : null };
    const { state, packageInfo } = payout;
    const accept = { state, mchId: payouts.mchid, appId: payout.appid, package: packageInfo };
    return { accept, demoUrl: (packageInfo !== null && demo?.acceptUrl?.(packageInfo)) || null };
  }

  routes.post('/claims/:token', async (c) => {
    await confirmClaim(db, keys, tokenOf(c), await readShape(c, ClaimAnswer), clock());
    return c.body(null, 204);
  });

  /** @throws AppError NOT_FOUND where rebates are paid by hand. */
  function sender(): Payouts {
    if (!payouts) throw new AppError('NOT_FOUND');
    return payouts;
  }
  routes.get('/claims/:token/wechat', async (c) => {
    const [token, wechat] = [tokenOf(c), sender()];
    await readClaim(db, token, clock());
    const state = beginWay(c, deps, token);
    return c.redirect(wechat.whoUrl(`${publicUrl}${API}/claims/${token}/wechat/back`, state), 302);
  });

  // WeChat leads back here. Nothing is bound by that: the page shows what is claimed, and asks.
  routes.get('/claims/:token/wechat/back', async (c) => {
    const [token, wechat] = [tokenOf(c), sender()];
    await readClaim(db, token, clock());
    const { code = '', state = '' } = c.req.query();
    const problem = (why: string) => c.redirect(`/r/${encodeURIComponent(token)}?wechat=${why}`, 302);
    if (!endWay(c, deps, token, state)) return problem('other');
    if (code === '') return problem('refused');
    try {
      keepPayee(c, deps, token, { appid: wechat.appid, openid: await wechat.whoIs(code) });
    } catch (error) {
      log.warn({ error, requestId: c.var.requestId }, 'WeChat did not say who opened a claim');
      return problem(error instanceof PaymentRefused ? 'refused' : 'silent');
    }
    return c.redirect(`/r/${encodeURIComponent(token)}`, 302);
  });

  routes.post('/claims/:token/wechat', async (c) => {
    const payee = readKeptPayee(c, deps, tokenOf(c));
    if (payee?.appid !== sender().appid)
      throw new AppError('BAD_REQUEST', {
        detail: 'expected a claim that was opened in WeChat but received one that was not: open it there again',
      });
    await confirmClaim(db, keys, tokenOf(c), payee, clock());
    return c.body(null, 204);
  });

  return routes;
}
