import {
  AppError,
  type Challenge,
  CodeSignIn,
  MailRequest,
  type MeView,
  PasskeyAnswer,
  PasswordReset,
  PasswordSignIn,
  type ProviderAddress,
  ProviderSignIn,
  type ResetDone,
  type SignInWays,
} from '@hili/contract';
import { type Context, Hono } from 'hono';
import { canUsePasskeys } from '../auth.ts';
import { askAuth, readSignIn } from '../auth-requests.ts';
import { meView, signedIn, viewerOf } from '../callers.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { publish } from '../events.ts';
import { readShape } from '../json-body.ts';
import { post } from '../outbox.ts';
import { makeChallenge, spendProof } from '../proofs.ts';
import { hashedKey } from '../rate-limits.ts';
import { requestLanguage } from '../request-language.ts';
import { ownerOfResetToken, setPassword } from '../sign-ins.ts';
import type { MailKind } from '../tables.ts';
import { findUserOfSignIn } from '../users.ts';

type Call = Context<AppEnv>;

/** Signing in and out, under `/api/v1`. No answer, and no time that it takes, says whether an address has an account. */
export function signInRoutes(deps: AppDeps): Hono<AppEnv> {
  const { auth, db, keys, clock, config, publicUrl, rateLimits } = deps;
  const routes = new Hono<AppEnv>();
  const providers = {
    wechat: Boolean(config.WECHAT_APP_ID),
    oidc: Boolean(config.OIDC_ISSUER),
  };

  /** One try to sign in. `email` is whom it is about, where that is known. */
  async function countTry(c: Call, email?: string): Promise<void> {
    await rateLimits.take('signIn', c.var.address);
    if (email !== undefined) await rateLimits.take('guess', hashedKey(keys, email));
  }

  /** Signs in, and ends the session that this browser had before. */
  async function enter<T>(c: Call, ask: (headers: Headers) => Promise<{ headers: Headers; response: T }>) {
    const before = await readSignIn(c, auth);
    const response = await askAuth(c, 'SIGN_IN_FAILED', ask);
    if (before) await (await auth.$context).internalAdapter.deleteSession(before.sessionToken);
    return response;
  }
  /** Answers who they are now; what they had as a guest is theirs from here on. */
  const me = async (c: Call) => c.json<MeView>(await meView(deps, await viewerOf(c, deps)));

  /** Posts a mail to an address that anybody may have typed. What the address is, is looked at when the mail is written. */
  async function postTo(c: Call, kind: MailKind): Promise<Response> {
    const { email, proof } = await readShape(c, MailRequest);
    await rateLimits.take('mail', c.var.address);
    await spendProof(db, keys, proof, clock());
    for (const rule of ['mailTo', 'mailToDay'] as const) await rateLimits.take(rule, hashedKey(keys, email));
    await post(db, { kind, recipient: email, language: requestLanguage(c, 'en') }, clock());
    return c.body(null, 204);
  }

  routes.get('/sign-in-ways', (c) =>
    c.json<SignInWays>({
      code: true,
      password: true,
      passkey: canUsePasskeys(publicUrl),
      wechat: providers.wechat,
      oidc: providers.oidc ? { name: config.OIDC_NAME } : null,
      mail: Boolean(config.SMTP_URL),
    }),
  );
  routes.get('/proof', async (c) => c.json<Challenge>(await makeChallenge(keys, clock())));
  routes.post('/codes', (c) => postTo(c, 'code'));
  routes.post('/password/forgotten', (c) => postTo(c, 'reset'));

  routes.post('/sign-in/code', async (c) => {
    const { email, code, password } = await readShape(c, CodeSignIn);
    await countTry(c, email);
    const { user } = await enter(c, (headers) =>
      auth.api.signInEmailOTP({ body: { email, otp: code }, headers, returnHeaders: true }),
    );
    // The address is proven now; a password that was there before is replaced as by a reset.
    if (password !== undefined && (await setPassword(auth, user.id, password))) {
      await askAuth(c, 'INTERNAL', (headers) => auth.api.revokeOtherSessions({ headers, returnHeaders: true }));
      await post(db, { kind: 'password-changed', recipient: email, language: requestLanguage(c, 'en') }, clock());
    }
    return me(c);
  });

  routes.post('/sign-in/password', async (c) => {
    const { email, password } = await readShape(c, PasswordSignIn);
    await countTry(c, email);
    await enter(c, (headers) => auth.api.signInEmail({ body: { email, password }, headers, returnHeaders: true }));
    return me(c);
  });

  routes.post('/sign-in/passkey/options', async (c) => {
    await countTry(c);
    const options = await askAuth(c, 'SIGN_IN_FAILED', (headers) =>
      auth.api.generatePasskeyAuthenticationOptions({ headers, returnHeaders: true }),
    );
    return c.json(options);
  });

  routes.post('/sign-in/passkey', async (c) => {
    const { response } = await readShape(c, PasskeyAnswer);
    await countTry(c);
    // The plugin reads it as a stranger's, whatever its type says.
    await enter(c, (headers) =>
      auth.api.verifyPasskeyAuthentication({ body: { response: response as never }, headers, returnHeaders: true }),
    );
    return me(c);
  });

  for (const provider of ['wechat', 'oidc'] as const) {
    if (!providers[provider]) continue;
    routes.post(`/sign-in/${provider}`, async (c) => {
      const { returnTo } = await readShape(c, ProviderSignIn);
      await countTry(c);
      const { url } = await askAuth(c, 'SIGN_IN_FAILED', (headers) =>
        auth.api.signInSocial({
          body: { provider, callbackURL: returnTo, errorCallbackURL: '/sign-in', disableRedirect: true },
          headers,
          returnHeaders: true,
        }),
      );
      if (!url) throw new AppError('SIGN_IN_FAILED');
      return c.json<ProviderAddress>({ url });
    });
    routes.get(`/auth/callback/${provider}`, async (c) => {
      await countTry(c);
      return auth.handler(c.req.raw);
    });
  }

  routes.post('/password/reset', async (c) => {
    const { token, password } = await readShape(c, PasswordReset);
    await countTry(c);
    const owner = await ownerOfResetToken(auth, token);
    if (!owner) throw new AppError('LINK_EXPIRED');
    await askAuth(c, 'LINK_EXPIRED', (headers) =>
      auth.api.resetPassword({ body: { token, newPassword: password }, headers, returnHeaders: true }),
    );
    await post(db, { kind: 'password-changed', recipient: owner.email, language: requestLanguage(c, 'en') }, clock());
    const user = await findUserOfSignIn(db, owner.id);
    if (user) await publish(db, `owner:${user.id}`, { kind: 'moved' });
    return c.json<ResetDone>({ email: owner.email });
  });

  routes.post('/sign-out', async (c) => {
    const user = await signedIn(c, deps);
    await askAuth(c, 'INTERNAL', (headers) => auth.api.signOut({ headers, returnHeaders: true }));
    if (user) await publish(db, `owner:${user.id}`, { kind: 'moved' });
    return c.body(null, 204);
  });

  return routes;
}
