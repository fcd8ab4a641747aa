import { AppError, Email } from '@hili/contract';
import { type Actor, recordAct } from './audit.ts';
import { type Auth, openAuth } from './auth.ts';
import type { Config } from './config.ts';
import { type Db, openDatabase } from './database.ts';
import { publish } from './events.ts';
import type { Decider } from './invites.ts';
import { currentConfig } from './live-settings.ts';
import { openLog } from './log.ts';
import { resetLink } from './mail/drafts.ts';
import { publicUrl } from './public-url.ts';
import { endRecoveryCodes, endTotp } from './second-factors.ts';
import { openKeys } from './secret-mark.ts';
import type { Keys } from './secrets.ts';
import { endPasskeys, endSessions, findSignIn, makeResetToken } from './sign-ins.ts';
import { findOrCreateUser, findUserOfSignIn } from './users.ts';
import { type Grant, grant, oneYearAfter } from './wallets.ts';

/** Seconds that an operator's link is good for. */
const LINK_SECONDS = 86_400;

/** What an operator's commands on accounts work with. */
export interface OperatorDeps {
  readonly config: Config;
  readonly keys: Keys;
  readonly auth: Auth;
  readonly db: Db;
  /** The address that others see, without a slash at its end. */
  readonly publicUrl: string;
}

/** Runs a function with the accounts of this installation: joins the running database, or starts it for as long as the function takes. */
export async function withAccounts<T>(config: Config, work: (deps: OperatorDeps) => Promise<T>): Promise<T> {
  const log = openLog('warn', 'cli');
  const { db, pool, close } = await openDatabase(config, log);
  try {
    const current = await currentConfig(db, config);
    const at = {
      publicUrl: publicUrl(config, config.PORT),
      keys: await openKeys(db, config),
      config: current,
      pool,
      log,
    };
    return await work({ auth: openAuth(at), db, config: current, keys: at.keys, publicUrl: at.publicUrl });
  } finally {
    await close();
  }
}

/**
 * The operator of an address, as one who decides about others.
 * @throws AppError BAD_REQUEST; DATA_NOT_FOUND when this is no operator.
 */
export async function findDecider({ auth, db }: Pick<OperatorDeps, 'auth' | 'db'>, address: string): Promise<Decider> {
  const email = readEmail(address);
  // The column is the admin plugin's, and not in this type.
  const found: { id: string; role?: string | null } | undefined = await findSignIn(auth, email);
  if (found?.role !== 'admin')
    throw new AppError('DATA_NOT_FOUND', {
      detail: `expected the address of an operator but received ${JSON.stringify(email)}`,
    });
  return { userId: (await findUserOfSignIn(db, found.id))?.id, name: email };
}

/** @throws AppError BAD_REQUEST */
function readEmail(text: string): string {
  const parsed = Email.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new AppError('BAD_REQUEST', {
    field: 'email',
    detail: `expected an e-mail address for email but received ${JSON.stringify(text)}`,
  });
}

/**
 * Makes somebody an operator, with an account when they have none. There is no first password: the link sets one, once, within a day.
 * @returns `isNew` when the account was made now.
 * @throws AppError BAD_REQUEST
 * @example await withAccounts(loadConfig(), (deps) => createOperator(deps, 'me@example.com'));
 */
export async function createOperator(
  { auth, publicUrl }: Pick<OperatorDeps, 'auth' | 'publicUrl'>,
  address: string,
): Promise<{ email: string; isNew: boolean; link: string }> {
  const email = readEmail(address);
  const found = await findSignIn(auth, email);
  const id = found?.id ?? (await newOperator(auth, email));
  // Whoever reads the server's console vouches for the address.
  if (found) await (await auth.$context).internalAdapter.updateUser(id, { role: 'admin', emailVerified: true });
  return { email, isNew: !found, link: resetLink(publicUrl, await makeResetToken(auth, id, LINK_SECONDS)) };
}

async function newOperator(auth: Auth, email: string): Promise<string> {
  const data = { emailVerified: true };
  const { user } = await auth.api.createUser({ body: { email, name: '', role: 'admin', data } });
  return user.id;
}

/**
 * Grants credits to the user of an address, for a year unless `expiresAt` is given; null is for ever.
 * @returns false when this key had granted them before.
 * @throws AppError BAD_REQUEST; DATA_NOT_FOUND when nobody has signed in with this address yet.
 */
export async function grantToUser(
  { auth, db }: Pick<OperatorDeps, 'auth' | 'db'>,
  address: string,
  lot: Omit<Grant, 'walletId' | 'actor' | 'source' | 'expiresAt'> & { readonly expiresAt?: Date | null },
  now: Date,
  by: Actor = { operator: 'operator', origin: 'cli', address: null },
): Promise<boolean> {
  const email = readEmail(address);
  const found = await findSignIn(auth, email);
  if (!found)
    throw new AppError('DATA_NOT_FOUND', {
      detail: `expected the address of an account but received ${JSON.stringify(email)}`,
    });
  const { id, walletId } = await findOrCreateUser(db, found.id, 'en', now);
  const expiresAt = lot.expiresAt === undefined ? oneYearAfter(now) : lot.expiresAt;
  return db.transaction().execute(async (tx) => {
    const isNew = await grant(tx, { ...lot, expiresAt, walletId, source: 'goodwill', actor: by.operator }, now);
    const { credits, key } = lot;
    const act = { act: 'user.grant', subject: `user ${id}`, after: { credits, expiresAt }, key };
    if (isNew) await recordAct(tx, by, act, now);
    if (isNew) await publish(tx, `owner:${id}`, { kind: 'me' });
    return isNew;
  });
}

/**
 * Ends every second factor of an operator who has lost them, passkeys too, and every session: they set up new ones when they sign in next.
 * @throws AppError BAD_REQUEST; DATA_NOT_FOUND when this is no operator.
 */
export async function resetFactors(
  { auth, db }: Pick<OperatorDeps, 'auth' | 'db'>,
  address: string,
  by: Actor,
  now: Date,
): Promise<void> {
  const { name } = await findDecider({ auth, db }, address);
  const found = await findSignIn(auth, name);
  if (!found) return;
  await db.transaction().execute(async (tx) => {
    await endTotp(tx, found.id);
    await endRecoveryCodes(tx, found.id);
    await endPasskeys(tx, found.id);
    await endSessions(tx, found.id);
    await recordAct(tx, by, { act: 'operator.reset', subject: `operator ${name}` }, now);
  });
}
