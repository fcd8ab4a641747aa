import type { MeView } from '@hili/contract';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { AppDeps, AppEnv } from './deps.ts';
import { findOrCreateVisitor, findVisitor, photosLeft, type Visitor } from './visitors.ts';

/** Seconds that browsers keep a cookie at most: 400 days. */
const MAX_AGE = 400 * 86_400;

const isSecure = (deps: AppDeps) => deps.publicUrl.startsWith('https:');
// A browser takes a __Host- cookie only from this very host, over https.
const nameOf = (deps: AppDeps) => (isSecure(deps) ? '__Host-hili' : 'hili');

/** Who is asking; somebody new gets a cookie. */
export async function visitorOf(c: Context<AppEnv>, deps: AppDeps): Promise<Visitor> {
  const name = nameOf(deps);
  const visitor = await findOrCreateVisitor(deps.db, deps.keys, getCookie(c, name), c.var.address, deps.clock());
  if (visitor.newCookie !== undefined)
    setCookie(c, name, visitor.newCookie, {
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
      secure: isSecure(deps),
      maxAge: MAX_AGE,
    });
  return visitor;
}

/** Who is asking, when known already. */
export const knownVisitor = (c: Context<AppEnv>, deps: AppDeps): Promise<Visitor | undefined> =>
  findVisitor(deps.db, deps.keys, getCookie(c, nameOf(deps)), c.var.address);

/** What a visitor has left. */
export async function meView(deps: AppDeps, visitor: Visitor): Promise<MeView> {
  const { left, renewsAt } = await photosLeft(deps.db, deps.config, visitor, deps.clock());
  return {
    kind: 'guest',
    photosLeft: left,
    renewsAt: renewsAt.toISOString(),
    freePerDay: deps.config.FREE_PER_DAY,
  };
}
