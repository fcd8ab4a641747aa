import { AppError, PasskeyAnswer } from '@hili/contract';
import { type AdminAccess, FactorCode, RecoveryCode, type RecoveryCodes, type TotpSecret } from '@hili/contract/admin';
import { type Context, Hono } from 'hono';
import { recordAct } from '../../audit.ts';
import { FRESH_SECONDS } from '../../auth.ts';
import { askAuth } from '../../auth-requests.ts';
import type { Tx } from '../../database.ts';
import type { AppDeps, AppEnv } from '../../deps.ts';
import { readShape } from '../../json-body.ts';
import { hashedKey } from '../../rate-limits.ts';
import {
  beginTotp,
  endRecoveryCodes,
  endTotp,
  factorUntil,
  hasFactor,
  makeRecoveryCodes,
  noteFactor,
  ownFactors,
  takeRecoveryCode,
  takeTotp,
} from '../../second-factors.ts';
import { countPasskeys } from '../../sign-ins.ts';
import type { AdminCall, AdminEnv, Operator } from './operator.ts';

/** The bit of an authenticator's answer that says it has verified its user (Web Authentication, 6.1), and the byte that holds it. */
const USER_VERIFIED = 0b100;
const FLAGS_AT = 32;

/** Second factors of operators, under `/api/v1/admin/access`: the only part that needs none. */
export function accessRoutes(deps: AppDeps): Hono<AdminEnv> {
  const { auth, db, keys, clock, rateLimits } = deps;
  const routes = new Hono<AdminEnv>();

  async function view(c: AdminCall, shownAt: Date | null = c.var.operator.shownAt): Promise<Response> {
    const { authId, operator: email } = c.var.operator;
    const until = (use: 'console' | 'money') => factorUntil(shownAt, use, clock())?.toISOString() ?? null;
    return c.json<AdminAccess>({
      ...{ email, passkeys: await countPasskeys(auth, authId), ...(await ownFactors(db, authId)) },
      ...{ consoleUntil: until('console'), moneyUntil: until('money') },
    });
  }

  /** For who makes or ends a second factor: they show one they have, or, having none, have just signed in. */
  async function mayChange({ authId, shownAt, since }: Operator): Promise<void> {
    if (await hasFactor(deps, authId)) {
      if (!factorUntil(shownAt, 'money', clock())) throw new AppError('SECOND_FACTOR_NEEDED');
    } else if (clock().getTime() - since.getTime() > FRESH_SECONDS * 1000) throw new AppError('SIGN_IN_AGAIN');
  }

  /** Does something to an operator's factors, and writes it down. */
  const change = <T>(by: Operator, act: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
    db.transaction().execute(async (tx) => {
      const done = await work(tx);
      await recordAct(tx, by, { act, subject: `operator ${by.userId}` }, clock());
      return done;
    });

  routes.get('/', (c) => view(c));

  routes.post('/totp/new', async (c) => {
    const by = c.var.operator;
    await mayChange(by);
    return c.json<TotpSecret>(await beginTotp(db, keys, { authId: by.authId, email: by.operator }));
  });

  routes.put('/totp', async (c) => {
    const by = c.var.operator;
    const { code } = await readShape(c, FactorCode);
    await mayChange(by);
    await countTry(by);
    const codes = await change(by, 'operator.totp', async (tx) => {
      await takeTotp(tx, keys, by.authId, code, true, clock());
      await noteFactor(tx, by.sessionId, clock());
      return makeRecoveryCodes(tx, keys, by.authId);
    });
    return c.json<RecoveryCodes>({ codes });
  });

  routes.delete('/totp', async (c) => {
    const by = c.var.operator;
    await mayChange(by);
    const passkeys = await countPasskeys(auth, by.authId);
    await change(by, 'operator.totp-ended', async (tx) => {
      if (!(await endTotp(tx, by.authId))) throw new AppError('DATA_NOT_FOUND');
      if (passkeys === 0) await endRecoveryCodes(tx, by.authId);
    });
    return c.body(null, 204);
  });

  routes.post('/recovery/new', async (c) => {
    const by = c.var.operator;
    if (!factorUntil(by.shownAt, 'money', clock())) throw new AppError('SECOND_FACTOR_NEEDED');
    const codes = await change(by, 'operator.recovery-codes', (tx) => makeRecoveryCodes(tx, keys, by.authId));
    return c.json<RecoveryCodes>({ codes });
  });

  const countTry = ({ authId }: Operator) => rateLimits.take('guess', hashedKey(keys, `factor ${authId}`));
  /** Takes a factor that is shown; whatever `take` refuses leaves no trace but the count of tries. */
  async function show(c: AdminCall, act: string, take?: (tx: Tx, by: Operator) => Promise<void>): Promise<Response> {
    const by = c.var.operator;
    const now = clock();
    await change(by, act, async (tx) => {
      await take?.(tx, by);
      await noteFactor(tx, by.sessionId, now);
    });
    return view(c, now);
  }

  routes.post('/totp', async (c) => {
    const { code } = await readShape(c, FactorCode);
    await countTry(c.var.operator);
    return show(c, 'operator.shown-totp', (tx, { authId }) => takeTotp(tx, keys, authId, code, false, clock()));
  });

  routes.post('/recovery', async (c) => {
    const { code } = await readShape(c, RecoveryCode);
    await countTry(c.var.operator);
    return show(c, 'operator.shown-recovery-code', (tx, { authId }) => takeRecoveryCode(tx, keys, authId, code));
  });

  const call = (c: AdminCall) => c as unknown as Context<AppEnv>;

  routes.post('/passkey/options', async (c) => {
    const options = await askAuth(call(c), 'SIGN_IN_FAILED', (headers) =>
      auth.api.generatePasskeyAuthenticationOptions({ headers, returnHeaders: true }),
    );
    return c.json({ ...options, userVerification: 'required' });
  });

  routes.post('/passkey', async (c) => {
    const { response } = await readShape(c, PasskeyAnswer);
    await countTry(c.var.operator);
    await verifyPasskey(call(c), response, c.var.operator);
    return show(c, 'operator.shown-passkey');
  });

  /** better-auth signs in by a passkey; what it says who that was is looked at, and its session and cookies are thrown away. */
  async function verifyPasskey(c: Context<AppEnv>, response: object, by: Operator): Promise<void> {
    const { authenticatorData } = (response as { response?: { authenticatorData?: unknown } }).response ?? {};
    const flags = Buffer.from(String(authenticatorData), 'base64url').at(FLAGS_AT) ?? 0;
    const made = await auth.api
      .verifyPasskeyAuthentication({ body: { response: response as never }, headers: c.req.raw.headers })
      .catch((cause: unknown) => {
        throw new AppError('SIGN_IN_FAILED', { cause });
      });
    await (await auth.$context).internalAdapter.deleteSession(made.session.token);
    if (made.session.userId !== by.authId || !(flags & USER_VERIFIED)) throw new AppError('SIGN_IN_FAILED');
  }

  return routes;
}
