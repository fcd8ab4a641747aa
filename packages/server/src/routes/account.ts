import {
  AccountChange,
  AccountDeletion,
  type AccountView,
  AppError,
  EmailChange,
  EmailWish,
  PasskeyAnswer,
  type PasskeyView,
  PasswordChange,
} from '@hili/contract';
import { type Context, Hono } from 'hono';
import { deleteAccount } from '../account-deletion.ts';
import { exportAccount } from '../account-export.ts';
import { accountView } from '../account-view.ts';
import { FRESH_SECONDS } from '../auth.ts';
import { askAuth } from '../auth-requests.ts';
import { requireUser, type SignedIn } from '../callers.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { publish } from '../events.ts';
import { readShape } from '../json-body.ts';
import { post } from '../outbox.ts';
import { hashedKey } from '../rate-limits.ts';
import { factorShownAt, factorUntil, hasFactor } from '../second-factors.ts';
import { setPassword } from '../sign-ins.ts';
import type { UploadFiles } from '../upload-files.ts';
import { changeUser } from '../users.ts';
import { isUuid } from '../uuid.ts';
import { contentDisposition } from './files.ts';

type Call = Context<AppEnv>;

/** What somebody who is signed in does with their account, under `/api/v1/account`. */
export function accountRoutes(deps: AppDeps, files: UploadFiles): Hono<AppEnv> {
  const { auth, db, keys, clock, rateLimits } = deps;
  const routes = new Hono<AppEnv>();

  const user = (c: Call) => requireUser(c, deps);
  const isFresh = ({ signIn }: SignedIn) => clock().getTime() - signIn.since.getTime() < FRESH_SECONDS * 1000;
  /** For what a thief of an open session must not be able to do. @throws AppError SIGN_IN_REQUIRED, SIGN_IN_AGAIN */
  async function freshUser(c: Call): Promise<SignedIn> {
    const found = await user(c);
    if (!isFresh(found)) throw new AppError('SIGN_IN_AGAIN');
    return found;
  }
  /**
   * For who makes or removes a passkey: what opens the console to an operator is not changed by who has only their password.
   * @throws AppError of `freshUser`; SECOND_FACTOR_NEEDED
   */
  async function passkeyUser(c: Call): Promise<SignedIn> {
    const found = await freshUser(c);
    const { authId, sessionId, isOperator } = found.signIn;
    if (
      isOperator &&
      (await hasFactor(deps, authId)) &&
      !factorUntil(await factorShownAt(db, sessionId), 'money', clock())
    )
      throw new AppError('SECOND_FACTOR_NEEDED');
    return found;
  }
  /** Lets every open page of the user look anew at who they are. */
  const changed = ({ id }: SignedIn) => publish(db, `owner:${id}`, { kind: 'moved' });
  /**
   * For who changes their address. That of an operator stays, since the books know operators by it: under another, one could be two.
   * @throws AppError of `freshUser`; BAD_REQUEST
   */
  async function movingUser(c: Call): Promise<SignedIn> {
    const found = await freshUser(c);
    if (!found.signIn.isOperator) return found;
    const detail = 'expected the account of no operator: another operator is made at the command line';
    throw new AppError('BAD_REQUEST', { field: 'email', detail });
  }
  const view = async (c: Call) => c.json<AccountView>(await accountView(deps, await user(c)));

  routes.get('/', view);

  routes.patch('/', async (c) => {
    const change = await readShape(c, AccountChange);
    const caller = await user(c);
    await changeUser(db, caller.id, change);
    await publish(db, `owner:${caller.id}`, { kind: 'me' });
    return view(c);
  });

  routes.post('/email', async (c) => {
    const { email } = await readShape(c, EmailWish);
    const { signIn, row } = await movingUser(c);
    await rateLimits.take('mail', c.var.address);
    for (const rule of ['mailTo', 'mailToDay'] as const) await rateLimits.take(rule, hashedKey(keys, email));
    if (email === signIn.email) throw new AppError('BAD_REQUEST', { field: 'email' });
    const wish = { kind: 'email-code', recipient: email, about: signIn.authId, language: row.language } as const;
    await post(db, wish, clock());
    return c.body(null, 204);
  });

  routes.put('/email', async (c) => {
    const { email, code } = await readShape(c, EmailChange);
    const caller = await movingUser(c);
    await rateLimits.take('guess', hashedKey(keys, email));
    await askAuth(c, 'SIGN_IN_FAILED', (headers) =>
      auth.api.changeEmailEmailOTP({ body: { newEmail: email, otp: code }, headers, returnHeaders: true }),
    );
    const { signIn, row } = caller;
    if (signIn.email !== null)
      await post(db, { kind: 'email-changed', recipient: signIn.email, language: row.language }, clock());
    await changed(caller);
    return view(c);
  });

  routes.put('/password', async (c) => {
    const { password, current } = await readShape(c, PasswordChange);
    const caller = await user(c);
    const { signIn, row } = caller;
    if (current !== undefined) {
      await rateLimits.take('guess', hashedKey(keys, signIn.authId));
      await askAuth(c, 'SIGN_IN_FAILED', (headers) =>
        auth.api.verifyPassword({ body: { password: current }, headers, returnHeaders: true }),
      );
    } else if (!isFresh(caller)) throw new AppError('SIGN_IN_AGAIN');
    await setPassword(auth, signIn.authId, password);
    await askAuth(c, 'INTERNAL', (headers) => auth.api.revokeOtherSessions({ headers, returnHeaders: true }));
    if (signIn.email !== null)
      await post(db, { kind: 'password-changed', recipient: signIn.email, language: row.language }, clock());
    await changed(caller);
    return c.body(null, 204);
  });

  routes.post('/passkeys/options', async (c) => {
    await passkeyUser(c);
    const options = await askAuth(c, 'SIGN_IN_AGAIN', (headers) =>
      auth.api.generatePasskeyRegistrationOptions({ headers, returnHeaders: true }),
    );
    return c.json(options);
  });

  routes.post('/passkeys', async (c) => {
    const { response, name } = await readShape(c, PasskeyAnswer);
    await passkeyUser(c);
    const made = await askAuth(c, 'BAD_REQUEST', (headers) =>
      auth.api.verifyPasskeyRegistration({ body: { response, name }, headers, returnHeaders: true }),
    );
    return c.json<PasskeyView>({ id: made.id, name: made.name ?? '', createdAt: clock().toISOString() }, 201);
  });

  routes.delete('/passkeys/:id', async (c) => {
    await passkeyUser(c);
    const id = c.req.param('id');
    if (!isUuid(id)) throw new AppError('DATA_NOT_FOUND');
    await askAuth(c, 'DATA_NOT_FOUND', (headers) =>
      auth.api.deletePasskey({ body: { id }, headers, returnHeaders: true }),
    );
    return c.body(null, 204);
  });

  routes.delete('/sessions', async (c) => {
    const caller = await user(c);
    await askAuth(c, 'INTERNAL', (headers) => auth.api.revokeOtherSessions({ headers, returnHeaders: true }));
    await changed(caller);
    return c.body(null, 204);
  });

  routes.delete('/sessions/:id', async (c) => {
    const caller = await user(c);
    const { internalAdapter } = await auth.$context;
    const sessions = await internalAdapter.listSessions(caller.signIn.authId);
    const session = sessions.find(({ id }) => id === c.req.param('id'));
    if (!session) throw new AppError('DATA_NOT_FOUND');
    await internalAdapter.deleteSession(session.token);
    await changed(caller);
    return c.body(null, 204);
  });

  routes.get('/export', async (c) => {
    const caller = await user(c);
    await rateLimits.take('exports', caller.id);
    c.header('content-type', 'application/zip');
    const day = clock().toISOString().slice(0, 10);
    c.header('content-disposition', contentDisposition('attachment', `hili-photoenhance-${day}.zip`));
    return c.body(await exportAccount(deps, caller));
  });

  routes.delete('/', async (c) => {
    await readShape(c, AccountDeletion);
    const caller = await freshUser(c);
    await deleteAccount(deps, caller.id, caller.signIn.email);
    await files.removeAll(caller);
    await askAuth(c, 'INTERNAL', (headers) => auth.api.signOut({ headers, returnHeaders: true }));
    return c.body(null, 204);
  });

  return routes;
}
