import { AppError } from '@hili/contract';
import type { FACTOR_SECONDS } from '@hili/contract/admin';
import type { Context, MiddlewareHandler } from 'hono';
import type { Actor } from '../../audit.ts';
import { readSignIn } from '../../auth-requests.ts';
import { signedIn } from '../../callers.ts';
import type { AppDeps, AppEnv } from '../../deps.ts';
import type { Decider } from '../../invites.ts';
import { factorShownAt, factorUntil } from '../../second-factors.ts';

/** An operator at the console. */
export interface Operator extends Actor, Decider {
  readonly userId: string;
  /** better-auth's user, and its session. */
  readonly authId: string;
  readonly sessionId: string;
  readonly sessionToken: string;
  /** When this session began. */
  readonly since: Date;
  /** When it last showed a second factor. */
  readonly shownAt: Date | null;
}

export interface AdminEnv extends AppEnv {
  Variables: AppEnv['Variables'] & { operator: Operator };
}
export type AdminCall = Context<AdminEnv>;

/** Lets operators pass. For everybody else there is nothing here: they are answered as at any address without a page. */
export function onlyOperators(deps: AppDeps): MiddlewareHandler<AdminEnv> {
  return async (c, next) => {
    const signIn = await readSignIn(c as unknown as Context<AppEnv>, deps.auth).catch(() => undefined);
    if (!signIn?.isOperator || signIn.email === null) throw new AppError('NOT_FOUND');
    const user = await signedIn(c as unknown as Context<AppEnv>, deps);
    if (!user) throw new AppError('NOT_FOUND');
    const { authId, sessionId, sessionToken, since, email } = signIn;
    c.set('operator', {
      ...{ authId, sessionId, sessionToken, since, userId: user.id },
      ...{ operator: email, name: email, origin: 'console', address: c.var.address },
      shownAt: await factorShownAt(deps.db, sessionId),
    });
    await next();
  };
}

/** Lets an operator pass whose session has shown a second factor lately; sooner for money, secrets and settings. */
export function needFactor({ clock }: AppDeps, use: keyof typeof FACTOR_SECONDS): MiddlewareHandler<AdminEnv> {
  return async (c, next) => {
    if (!factorUntil(c.var.operator.shownAt, use, clock())) throw new AppError('SECOND_FACTOR_NEEDED');
    await next();
  };
}
