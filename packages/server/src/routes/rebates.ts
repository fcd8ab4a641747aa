import { ClaimAnswer, type ClaimLink, type ClaimView, type RebateView } from '@hili/contract';
import { type Context, Hono } from 'hono';
import { requireUser } from '../callers.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { readShape } from '../json-body.ts';
import { confirmClaim, openClaim, ownRebates, readClaim } from '../rebates.ts';
import { readSignInUser } from '../sign-ins.ts';
import { findUser } from '../users.ts';

type Call = Context<AppEnv>;

/** `grandmother@example.com` -> `g***@example.com`: enough to know one's own, too little to learn another's. */
const masked = (email: string) => email.replace(/^(.)[^@]*/u, '$1***');

/** Rebates, under `/api/v1`: a user's own, and the claim that a phone makes with nothing but a token. */
export function rebateRoutes(deps: AppDeps): Hono<AppEnv> {
  const { auth, db, keys, clock, publicUrl, rateLimits } = deps;
  const routes = new Hono<AppEnv>();

  routes.get('/rebates', async (c) => c.json<RebateView[]>(await ownRebates(db, (await requireUser(c, deps)).id)));

  routes.post('/rebates/claims', async (c) => {
    const { id } = await requireUser(c, deps);
    await rateLimits.take('claim', id);
    const { token, expiresAt } = await openClaim(db, id, clock());
    return c.json<ClaimLink>({ url: `${publicUrl}/r/${token}`, expiresAt: expiresAt.toISOString() }, 201);
  });

  const tokenOf = (c: Call) => String(c.req.param('token'));
  routes.get('/claims/:token', async (c) => {
    const { userId, fen, expiresAt } = await readClaim(db, tokenOf(c), clock());
    const user = await findUser(db, userId);
    const signIn = user?.authId ? await readSignInUser(auth, user.authId) : undefined;
    const account = signIn?.emailVerified ? masked(signIn.email) : (signIn?.name ?? '');
    return c.json<ClaimView>({ fen, account, expiresAt: expiresAt.toISOString() });
  });

  routes.post('/claims/:token', async (c) => {
    await confirmClaim(db, keys, tokenOf(c), await readShape(c, ClaimAnswer), clock());
    return c.body(null, 204);
  });

  return routes;
}
