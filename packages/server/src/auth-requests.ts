import { AppError, type ErrorCode } from '@hili/contract';
import { isAPIError } from 'better-auth/api';
import { applySetCookies } from 'better-auth/cookies';
import type { Context } from 'hono';
import type { Auth } from './auth.ts';
import type { AppEnv } from './deps.ts';

type Call = Context<AppEnv>;

/** What better-auth says of whoever sent a request. */
export interface SignIn {
  readonly authId: string;
  readonly sessionId: string;
  readonly sessionToken: string;
  /** When this session began. */
  readonly since: Date;
  /** An address that has been proven; null for an account without one. */
  readonly email: string | null;
  readonly name: string;
  readonly isOperator: boolean;
}

/** What better-auth is given of a request: its headers, with the cookies that answers have set meanwhile. */
export const authHeaders = (c: Call): Headers => c.var.authHeaders ?? c.req.raw.headers;

/**
 * Asks better-auth something on behalf of a request, and passes its cookies on.
 * @param refusal the error that a refusal becomes, whatever its reason: the answer tells nobody which of their words was wrong.
 * @throws AppError `refusal`; SIGN_IN_REQUIRED without a session; SIGN_IN_AGAIN when it is too old; INTERNAL.
 */
export async function askAuth<T>(
  c: Call,
  refusal: ErrorCode,
  ask: (headers: Headers) => Promise<{ headers: Headers; response: T }>,
): Promise<T> {
  try {
    const { headers, response } = await ask(authHeaders(c));
    passCookies(c, headers);
    return response;
  } catch (cause) {
    if (!isAPIError(cause)) throw new AppError('INTERNAL', { cause });
    passCookies(c, new Headers(cause.headers));
    const code = String(cause.body?.code);
    if (code === 'UNAUTHORIZED') throw new AppError('SIGN_IN_REQUIRED');
    if (code === 'SESSION_NOT_FRESH') throw new AppError('SIGN_IN_AGAIN');
    // A malformed answer of an authenticator, which the plugin reports as its own failure.
    if (cause.statusCode >= 500 && code !== 'FAILED_TO_VERIFY_REGISTRATION') throw new AppError('INTERNAL', { cause });
    throw new AppError(refusal, { cause });
  }
}

function passCookies(c: Call, headers: Headers): void {
  const cookies = headers.getSetCookie();
  if (cookies.length === 0) return;
  const seen = new Headers(authHeaders(c));
  applySetCookies(seen, cookies);
  c.set('authHeaders', seen);
  for (const cookie of cookies) c.header('set-cookie', cookie, { append: true });
}

/** Who is signed in. Without a session's cookie this costs nothing. */
export async function readSignIn(c: Call, auth: Auth): Promise<SignIn | undefined> {
  const { name } = (await auth.$context).authCookies.sessionToken;
  if (!authHeaders(c).get('cookie')?.includes(`${name}=`)) return undefined;
  const found = await askAuth(c, 'SIGN_IN_REQUIRED', (headers) =>
    auth.api.getSession({ headers, returnHeaders: true }),
  );
  if (!found) return undefined;
  const { session, user } = found;
  return {
    authId: user.id,
    sessionId: session.id,
    sessionToken: session.token,
    since: new Date(session.createdAt),
    email: user.emailVerified ? user.email : null,
    name: user.name,
    isOperator: user.role === 'admin',
  };
}
