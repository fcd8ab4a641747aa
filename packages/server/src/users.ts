import { AppError, type Language } from '@hili/contract';
import type { Selectable } from 'kysely';
import { type Db, inTransaction, type Tx } from './database.ts';
import type { Tables } from './tables.ts';
import { createWallet } from './wallets.ts';

export type UserRow = Selectable<Tables['user']>;

/**
 * The user of a sign-in; made with an empty wallet when it is the first time. Wallets hang on our own row and not on the sign-in's, so
 * that the ledger outlives the account.
 * @param language in which mails are written until the user says otherwise.
 * @param welcome what else belongs to a new account; in the transaction that makes it.
 * @throws AppError SIGN_IN_REQUIRED when the sign-in is no more.
 */
export async function findOrCreateUser(
  db: Db,
  authId: string,
  language: Language,
  now: Date,
  welcome?: (tx: Tx, userId: string) => Promise<void>,
): Promise<UserRow> {
  const found = await findUserOfSignIn(db, authId);
  if (found) return found;
  await inTransaction(db, async (tx) => {
    // Two first requests at once: the second finds the first one's row, and its own wallet goes with the transaction.
    const walletId = await createWallet(tx, 'user', now);
    const row = { authId, walletId, language, createdAt: now };
    const made = await tx
      .insertInto('user')
      .values(row)
      .onConflict((conflict) => conflict.column('authId').doNothing())
      .returning('id')
      .executeTakeFirst()
      .catch((cause: { readonly code?: string }) => {
        // The sign-in was deleted, with its account, since it was read.
        throw cause.code === '23503' ? new AppError('SIGN_IN_REQUIRED', { cause }) : cause;
      });
    if (!made) await tx.deleteFrom('wallet').where('id', '=', walletId).execute();
    else await welcome?.(tx, made.id);
  });
  const user = await findUserOfSignIn(db, authId);
  if (!user) throw new AppError('SIGN_IN_REQUIRED');
  return user;
}

export function findUserOfSignIn(db: Db, authId: string): Promise<UserRow | undefined> {
  return db.selectFrom('user').selectAll().where('authId', '=', authId).executeTakeFirst();
}

/** @returns undefined when unknown or deleted. */
export function findUser(db: Db, id: string): Promise<UserRow | undefined> {
  return db.selectFrom('user').selectAll().where('id', '=', id).where('deletedAt', 'is', null).executeTakeFirst();
}

/** The users of wallets, by wallet; those who are deleted are left out. */
export async function usersOfWallets(db: Db, walletIds: readonly string[]): Promise<Map<string, UserRow>> {
  if (walletIds.length === 0) return new Map();
  const users = db.selectFrom('user').selectAll().where('walletId', 'in', walletIds).where('deletedAt', 'is', null);
  return new Map((await users.execute()).map((user) => [user.walletId, user]));
}

/** A user who is not deleted and stays so until the transaction ends. */
export function holdUser(tx: Tx, id: string): Promise<UserRow | undefined> {
  return tx
    .selectFrom('user')
    .selectAll()
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .forShare()
    .executeTakeFirst();
}

/** Locks a user for the transaction. Rows that refer to it can still be written, so that jobs under way end as usual. */
export function lockUser(tx: Tx, id: string): Promise<UserRow | undefined> {
  return tx.selectFrom('user').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst();
}

export async function changeUser(
  db: Db,
  id: string,
  change: { readonly language?: Language | undefined; readonly mailWhenReady?: boolean | undefined },
): Promise<void> {
  if (Object.values(change).every((value) => value === undefined)) return;
  await db.updateTable('user').set(change).where('id', '=', id).execute();
}

/** `seen_at` is written at most so often at one network, in milliseconds. */
const SEEN_MS = 3_600_000;

/** Keeps where a user was last seen, and when. */
export async function noteSeen(db: Db, user: UserRow, network: Buffer | null, now: Date): Promise<void> {
  const isSame = network === null ? user.network === null : user.network?.equals(network) === true;
  if (isSame && user.seenAt && now.getTime() - user.seenAt.getTime() < SEEN_MS) return;
  await db
    .updateTable('user')
    .set({ network, seenAt: now })
    .where('id', '=', user.id)
    .where('deletedAt', 'is', null)
    .execute();
}

/** Cuts a user's row from the person: what stays says only that somebody had this wallet. */
export async function forgetPerson(tx: Tx, id: string, now: Date): Promise<void> {
  await tx
    .updateTable('user')
    .set({ authId: null, mailWhenReady: false, network: null, seenAt: null, deletedAt: now })
    .where('id', '=', id)
    .execute();
}
