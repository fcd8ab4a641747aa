import type { InviteView } from '@hili/contract';
import { Hono } from 'hono';
import { signedIn } from '../callers.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { inviteTerms, ownCode } from '../invite-binding.ts';
import { followInvite, markInviter } from '../invite-cookie.ts';
import { ownInvites } from '../invites.ts';

/** What the page of invites asks, under `/api/v1`. */
export function inviteRoutes(deps: AppDeps): Hono<AppEnv> {
  const { config, db, keys, clock, publicUrl } = deps;
  const routes = new Hono<AppEnv>();
  routes.get('/invites', async (c) => {
    const terms = inviteTerms(config);
    const user = await signedIn(c, deps);
    if (!user || !terms) return c.json<InviteView>({ terms, own: null, invited: null });
    const code = await ownCode(db, keys, { id: user.id, email: user.signIn.email }, clock());
    markInviter(c, deps, code);
    return c.json<InviteView>({ terms, ...(await ownInvites(db, user.id, code, publicUrl)) });
  });
  return routes;
}

/** The link that is passed on, `/i/CODE`. Every code is answered alike, whether somebody has it or not. */
export function inviteLinks(deps: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.get('/:code', (c) => {
    followInvite(c, deps, c.req.param('code').toUpperCase());
    c.header('cache-control', 'no-store');
    return c.redirect('/?invited', 302);
  });
  return routes;
}
