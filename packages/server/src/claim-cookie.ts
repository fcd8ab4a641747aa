import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { API } from '@hili/contract';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { CLAIM_SECONDS, type OpenIdPayee } from './claims.ts';
import type { AppDeps, AppEnv } from './deps.ts';
import { seal, unseal } from './secrets.ts';

type Call = Context<AppEnv>;
type Deps = Pick<AppDeps, 'keys' | 'publicUrl'>;

/** What the browser keeps between two steps of a claim: the way to WeChat that it began, then whom WeChat has named. */
const WAY = 'hili_claim_way';
const WHO = 'hili_claim_who';

const optionsFor = ({ publicUrl }: Deps, token: string) =>
  ({
    path: `${API}/claims/${token}`,
    httpOnly: true,
    sameSite: 'Lax',
    secure: publicUrl.startsWith('https:'),
    maxAge: CLAIM_SECONDS,
  }) as const;

/** The `state` of a way to WeChat: letters and digits, good for one token in one browser. */
const stateOf = ({ keys }: Deps, token: string, way: string) =>
  createHmac('sha256', keys.codes).update(`claim ${token} ${way}`).digest('hex');

/** Begins a way to WeChat. @returns the `state` that must come back. */
export function beginWay(c: Call, deps: Deps, token: string): string {
  const way = randomBytes(16).toString('base64url');
  setCookie(c, WAY, way, optionsFor(deps, token));
  return stateOf(deps, token, way);
}

/** Whether a `state` is the one of this browser's way for this token; it is that once. */
export function endWay(c: Call, deps: Deps, token: string, state: string): boolean {
  const way = getCookie(c, WAY);
  deleteCookie(c, WAY, optionsFor(deps, token));
  if (way === undefined) return false;
  const [expected, received] = [Buffer.from(stateOf(deps, token, way)), Buffer.from(state)];
  return expected.length === received.length && timingSafeEqual(expected, received);
}

const about = (token: string) => `payee of claim ${token}`;

/** Keeps whom WeChat has named in that browser, sealed and for this token alone: of several who open a link, each claims for themselves. */
export function keepPayee(c: Call, deps: Deps, token: string, payee: OpenIdPayee): void {
  const sealed = seal(deps.keys.seal, JSON.stringify(payee), about(token));
  setCookie(c, WHO, sealed.toString('base64url'), optionsFor(deps, token));
}

/** Whom WeChat has named in this browser for this token; undefined when it has not, or somebody made it up. */
export function readKeptPayee(c: Call, deps: Deps, token: string): OpenIdPayee | undefined {
  const cookie = getCookie(c, WHO);
  if (cookie === undefined) return undefined;
  try {
    return JSON.parse(unseal(deps.keys.seal, Buffer.from(cookie, 'base64url'), about(token))) as OpenIdPayee;
  } catch {
    return undefined;
  }
}
