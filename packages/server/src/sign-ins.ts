import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Auth } from './auth.ts';
import type { Tx } from './database.ts';

/** better-auth's user of an address. */
export async function findSignIn(auth: Auth, email: string) {
  const found = await (await auth.$context).internalAdapter.findUserByEmail(email);
  return found?.user;
}

/** better-auth's user by their own id. */
export async function readSignInUser(auth: Auth, authId: string) {
  return (await auth.$context).internalAdapter.findUserById(authId);
}

/** A code with which whoever reads the mails of an address signs in. */
export function makeCode(auth: Auth, email: string): Promise<string> {
  return auth.api.createVerificationOTP({ body: { email, type: 'sign-in' } });
}

/** A code with which a user proves that a new address is theirs. better-auth looks for it under both. */
export function makeEmailCode(auth: Auth, authId: string, email: string): Promise<string> {
  return auth.api.createVerificationOTP({ body: { email: `${authId}:${email}`, type: 'change-email' } });
}

/** A token that sets a new password, once. */
export async function makeResetToken(auth: Auth, authId: string, seconds: number): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await (await auth.$context).internalAdapter.createVerificationValue({
    identifier: `reset-password:${token}`,
    value: authId,
    expiresAt: new Date(Date.now() + seconds * 1000),
  });
  return token;
}

/** Whose password a token sets. @returns undefined when it is unknown, used or too old. */
export async function ownerOfResetToken(auth: Auth, token: string) {
  const { internalAdapter } = await auth.$context;
  const found = await internalAdapter.findVerificationValue(`reset-password:${token}`);
  if (!found || found.expiresAt < new Date()) return undefined;
  return (await internalAdapter.findUserById(found.value)) ?? undefined;
}

/** Sets a password. @returns whether there was another one before. */
export async function setPassword(auth: Auth, authId: string, password: string): Promise<boolean> {
  const { internalAdapter, password: scrypt } = await auth.$context;
  const hash = await scrypt.hash(password);
  const before = await internalAdapter.findCredentialAccount(authId);
  if (before) await internalAdapter.updatePassword(authId, hash);
  else
    await internalAdapter.createAccount({
      userId: authId,
      providerId: 'credential',
      accountId: authId,
      password: hash,
    });
  return before !== null;
}

/** How many passkeys a user has. */
export async function countPasskeys(auth: Auth, authId: string): Promise<number> {
  const where = [{ field: 'userId', value: authId }];
  return (await auth.$context).adapter.count({ model: 'passkey', where });
}

/** How many places a user is signed in at now. */
export async function countSessions(auth: Auth, authId: string): Promise<number> {
  return (await (await auth.$context).internalAdapter.listSessions(authId, { onlyActiveSessions: true })).length;
}

/** Lets somebody sign in, or refuses every further try of theirs, with why. Open sessions are ended by `endSessions`. */
export async function setSignInAllowed(tx: Tx, authId: string, refusal: string | null): Promise<void> {
  await sql`update auth."user" set banned = ${refusal !== null}, "banReason" = ${refusal}, "banExpires" = null, "updatedAt" = now()
    where id = ${authId}::uuid`.execute(tx);
}

export async function endPasskeys(tx: Tx, authId: string): Promise<void> {
  await sql`delete from auth."passkey" where "userId" = ${authId}::uuid`.execute(tx);
}

/** Signs somebody out everywhere. @returns of how many places. */
export async function endSessions(tx: Tx, authId: string): Promise<number> {
  const { numAffectedRows = 0n } = await sql`delete from auth."session" where "userId" = ${authId}::uuid`.execute(tx);
  return Number(numAffectedRows);
}

/** Deletes everything that better-auth knows of a user: address, password, passkeys, providers, sessions, open codes and links. */
export async function removeSignIn(tx: Tx, authId: string): Promise<void> {
  await sql`delete from auth.verification where position(${authId} in value) > 0`.execute(tx);
  await sql`delete from auth."user" where id = ${authId}::uuid`.execute(tx);
}
