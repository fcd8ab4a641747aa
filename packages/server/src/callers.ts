import { AppError, type MeView } from '@hili/contract';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { takeOver } from './adoption.ts';
import { readSignIn, type SignIn } from './auth-requests.ts';
import type { AppDeps, AppEnv } from './deps.ts';
import { hashAddress, photosLeft } from './free-photos.ts';
import { bindInvite } from './invite-binding.ts';
import { readInviteTrace } from './invite-cookie.ts';
import { networkOf } from './networks.ts';
import type { Person } from './owners.ts';
import { requestLanguage } from './request-language.ts';
import { findOrCreateUser, findUser, noteSeen, type UserRow } from './users.ts';
import { findOrCreateVisitor, findVisitor, glimpseVisitor, takenOverBy, type Visitor } from './visitors.ts';
import { allowBatch } from './wallets.ts';

type Call = Context<AppEnv>;

/** Somebody who is signed in. */
export interface SignedIn extends Person {
  readonly kind: 'user';
  readonly row: UserRow;
  readonly signIn: SignIn;
}

/** Who asks for a page. */
export type Caller = Visitor | SignedIn;

/** Seconds that browsers keep a cookie at most: 400 days. */
const MAX_AGE = 400 * 86_400;

const isSecure = (deps: AppDeps) => deps.publicUrl.startsWith('https:');
// A browser takes a __Host- cookie only from this very host, over https.
const nameOf = (deps: AppDeps) => (isSecure(deps) ? '__Host-hili' : 'hili');
const cookieOptions = (deps: AppDeps) =>
  ({ path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure(deps) }) as const;

/** Who is asking, of whom something is to be kept: somebody signed in, or the visitor of the cookie; somebody new gets a cookie. */
export const callerOf = (c: Call, deps: AppDeps): Promise<Caller> => userOrVisitor(c, deps, findOrCreateVisitor);

/** Who is looking: as `callerOf`, but nothing is kept of a visitor for that. */
export const viewerOf = (c: Call, deps: AppDeps): Promise<Caller> => userOrVisitor(c, deps, glimpseVisitor);

async function userOrVisitor(c: Call, deps: AppDeps, visitorOf: typeof glimpseVisitor): Promise<Caller> {
  const user = await signedIn(c, deps);
  if (user) return user;
  const name = nameOf(deps);
  const visitor = await visitorOf(deps.db, deps.keys, getCookie(c, name), c.var.address, deps.clock());
  if (visitor.newCookie !== undefined)
    setCookie(c, name, visitor.newCookie, { ...cookieOptions(deps), maxAge: MAX_AGE });
  return visitor;
}

/** Who is asking, when known already. */
export async function knownCaller(c: Call, deps: AppDeps): Promise<Caller | undefined> {
  return (await signedIn(c, deps)) ?? findVisitor(deps.db, deps.keys, getCookie(c, nameOf(deps)), c.var.address);
}

/** Who is signed in. What they had as a guest is theirs from the first request that shows both cookies. */
export async function signedIn(c: Call, deps: AppDeps): Promise<SignedIn | undefined> {
  const signIn = await readSignIn(c, deps.auth);
  if (!signIn) return undefined;
  const { db, keys, clock, config } = deps;
  const network = networkOf(keys, c.var.address);
  const row = await findOrCreateUser(db, signIn.authId, requestLanguage(c, 'en'), clock(), (tx, userId) => {
    const { code, ownerCode } = readInviteTrace(c, clock());
    return bindInvite(tx, keys, config, { userId, code, ownerCode, email: signIn.email, network }, clock());
  }).catch((error: unknown) => {
    // Of an account that is being deleted meanwhile: signed out, as the next request finds it.
    if (error instanceof AppError && error.code === 'SIGN_IN_REQUIRED') return undefined;
    throw error;
  });
  if (!row) return undefined;
  await noteSeen(db, row, network, clock());
  const cookie = getCookie(c, nameOf(deps));
  if (cookie !== undefined) {
    await takeOver(db, cookie, row.id, clock());
    deleteCookie(c, nameOf(deps), cookieOptions(deps));
  }
  const address = hashAddress(keys.addresses, c.var.address);
  return { kind: 'user', id: row.id, walletId: row.walletId, address, row, signIn };
}

/** Who is signed in. @throws AppError SIGN_IN_REQUIRED when nobody is. */
export async function requireUser(c: Call, deps: AppDeps): Promise<SignedIn> {
  const user = await signedIn(c, deps);
  if (!user) throw new AppError('SIGN_IN_REQUIRED');
  return user;
}

/** Somebody as they are now, for what lasts longer than a request; undefined when they are not that any more. */
export async function stillCaller({ db }: AppDeps, caller: Caller): Promise<Caller | undefined> {
  if (caller.kind === 'visitor') return (await takenOverBy(db, caller.id)) === null ? caller : undefined;
  const row = await findUser(db, caller.id);
  return row && { ...caller, row };
}

/** Whether somebody wants a mail for every photo that is ready. */
export const mailsAlways = (caller: Caller): boolean => caller.kind === 'user' && caller.row.mailWhenReady;

/** What somebody has left, and as whom. */
export async function meView({ db, config, clock }: AppDeps, caller: Caller): Promise<MeView> {
  const { left, renewsAt, lots } = await photosLeft(db, config, caller, clock());
  const sum = (amount: 'available' | 'held') => lots.reduce((total, lot) => total + lot[amount], 0);
  return {
    kind: caller.kind === 'user' ? 'user' : 'guest',
    photosLeft: left,
    renewsAt: renewsAt.toISOString(),
    freePerDay: config.FREE_PER_DAY,
    freeMaxSide: config.FREE_LONG_EDGE,
    batch: allowBatch(lots),
    credits: {
      available: sum('available'),
      held: sum('held'),
      lots: lots
        .filter(({ available }) => available > 0)
        .map(({ held: _held, expiresAt, ...lot }) => ({
          ...lot,
          expiresAt: expiresAt?.toISOString() ?? null,
        })),
    },
    account:
      caller.kind === 'user'
        ? {
            email: caller.signIn.email,
            name: caller.signIn.name,
            isOperator: caller.signIn.isOperator,
            mailWhenReady: mailsAlways(caller),
          }
        : null,
  };
}
