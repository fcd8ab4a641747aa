import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { AppError, INVITE_LETTERS } from '@hili/contract';
import { FACTOR_SECONDS } from '@hili/contract/admin';
import type { Auth } from './auth.ts';
import { type Db, inTransaction, type Tx } from './database.ts';
import { type Keys, seal, unseal } from './secrets.ts';
import { countPasskeys } from './sign-ins.ts';
import { base32, matchingStep, totpUri } from './totp.ts';

/** The SQL of the tables `totp`, `recovery_code` and `step_up`. */

type FactorKeys = Pick<Keys, 'seal' | 'codes'>;

/** Recovery codes that are made at once; of 27 letters, 10 hold 47 bits each, and 20 may be tried in an hour. */
const RECOVERY = { codes: 10, letters: 10 };
const SECRET_BYTES = 20;

const about = (authId: string) => `totp/${authId}`;

/** What of this an operator has; passkeys are better-auth's. */
export async function ownFactors(db: Db, authId: string): Promise<{ totp: boolean; recoveryCodesLeft: number }> {
  const totp = await db.selectFrom('totp').select('provenAt').where('authId', '=', authId).executeTakeFirst();
  const { codes } = await db
    .selectFrom('recoveryCode')
    .select((e) => e.fn.countAll<number>().as('codes'))
    .where('authId', '=', authId)
    .executeTakeFirstOrThrow();
  return { totp: totp?.provenAt != null, recoveryCodesLeft: codes };
}

/**
 * Makes a secret for an authenticator app, in place of one that was never proven.
 * @throws AppError BAD_REQUEST when there is one that counts: it has to be ended first.
 */
export async function beginTotp(
  db: Db,
  keys: FactorKeys,
  { authId, email }: { readonly authId: string; readonly email: string },
): Promise<{ secret: string; uri: string }> {
  const secret = randomBytes(SECRET_BYTES);
  const sealed = seal(keys.seal, secret.toString('base64'), about(authId));
  const made = await db
    .insertInto('totp')
    .values({ authId, sealed })
    .onConflict((conflict) => conflict.column('authId').doUpdateSet({ sealed }).where('totp.provenAt', 'is', null))
    .returning('authId')
    .executeTakeFirst();
  if (!made)
    throw new AppError('BAD_REQUEST', { detail: 'expected no authenticator app before this one but received one' });
  const text = base32(secret);
  return { secret: text, uri: totpUri(text, email) };
}

/**
 * Takes a code of an authenticator app, each once, and none older than one that was taken.
 * @param isNew whether it is to prove a new secret, or one that counts.
 * @throws AppError SIGN_IN_FAILED
 */
export async function takeTotp(
  tx: Tx,
  keys: FactorKeys,
  authId: string,
  code: string,
  isNew: boolean,
  now: Date,
): Promise<void> {
  const totp = await tx.selectFrom('totp').selectAll().where('authId', '=', authId).forUpdate().executeTakeFirst();
  if (!totp || (totp.provenAt === null) !== isNew) throw new AppError('SIGN_IN_FAILED');
  const secret = Buffer.from(unseal(keys.seal, totp.sealed, about(authId)), 'base64');
  const step = matchingStep(secret, code, now);
  if (step === undefined || step <= totp.lastStep) throw new AppError('SIGN_IN_FAILED');
  await tx
    .updateTable('totp')
    .set({ lastStep: step, provenAt: totp.provenAt ?? now })
    .where('authId', '=', authId)
    .execute();
}

const normal = (code: string) => code.toUpperCase().replace(/[^A-Z0-9]/g, '');
const hashCode = (keys: FactorKeys, authId: string, code: string) =>
  createHmac('sha256', keys.codes)
    .update(`recovery ${authId} ${normal(code)}`)
    .digest();

/** Makes recovery codes in place of all before. @returns them, such as `BCDFG-HJKMN`; nothing but their HMACs is kept. */
export async function makeRecoveryCodes(db: Db, keys: FactorKeys, authId: string): Promise<string[]> {
  const letter = () => INVITE_LETTERS[randomInt(INVITE_LETTERS.length)];
  const codes = Array.from({ length: RECOVERY.codes }, () =>
    Array.from({ length: RECOVERY.letters }, letter).join('').replace(/.{5}/, '$&-'),
  );
  await inTransaction(db, async (tx) => {
    await tx.deleteFrom('recoveryCode').where('authId', '=', authId).execute();
    const rows = codes.map((code) => ({ authId, hash: hashCode(keys, authId, code) }));
    await tx.insertInto('recoveryCode').values(rows).execute();
  });
  return codes;
}

/** Takes a recovery code, once. @throws AppError SIGN_IN_FAILED */
export async function takeRecoveryCode(tx: Tx, keys: FactorKeys, authId: string, code: string): Promise<void> {
  const hash = hashCode(keys, authId, code);
  const { numDeletedRows } = await tx
    .deleteFrom('recoveryCode')
    .where('authId', '=', authId)
    .where('hash', '=', hash)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new AppError('SIGN_IN_FAILED');
}

/** Ends the authenticator app. @returns whether there was one. */
export async function endTotp(tx: Tx, authId: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('totp').where('authId', '=', authId).executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function endRecoveryCodes(tx: Tx, authId: string): Promise<void> {
  await tx.deleteFrom('recoveryCode').where('authId', '=', authId).execute();
}

/** Notes that a session has shown a second factor. */
export async function noteFactor(db: Db, sessionId: string, now: Date): Promise<void> {
  await db
    .insertInto('stepUp')
    .values({ sessionId, at: now })
    .onConflict((conflict) => conflict.column('sessionId').doUpdateSet({ at: now }))
    .execute();
}

/** When a session has last shown a second factor. */
export async function factorShownAt(db: Db, sessionId: string): Promise<Date | null> {
  const row = await db.selectFrom('stepUp').select('at').where('sessionId', '=', sessionId).executeTakeFirst();
  return row?.at ?? null;
}

/** Whether an operator has any second factor. */
export async function hasFactor(
  { db, auth }: { readonly db: Db; readonly auth: Auth },
  authId: string,
): Promise<boolean> {
  return (await countPasskeys(auth, authId)) > 0 || (await ownFactors(db, authId)).totp;
}

/** Until when a second factor that was shown then counts; null when it does not. */
export function factorUntil(shownAt: Date | null, use: keyof typeof FACTOR_SECONDS, now: Date): Date | null {
  const until = shownAt && new Date(shownAt.getTime() + FACTOR_SECONDS[use] * 1000);
  return until && until > now ? until : null;
}
