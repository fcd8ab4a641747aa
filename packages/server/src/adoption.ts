import { AppError } from '@hili/contract';
import type { Db, Tx } from './database.ts';
import { publish } from './events.ts';
import type { Owner } from './owners.ts';
import { movePhotos } from './photos.ts';
import { holdUser } from './users.ts';
import { lockVisitor, setTakenOver, takenOverBy } from './visitors.ts';
import { mergeWallet } from './wallets.ts';

/**
 * Makes a guest's photos, jobs and credits those of the user who signed in with their cookie. One transaction: killed anywhere, either
 * nothing has moved, and the next request moves it, or all has. Called as often as one likes, by as many at once, it happens once.
 * @returns whether it happened now.
 */
export async function takeOver(db: Db, cookie: string, userId: string, now: Date): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const visitor = await lockVisitor(tx, cookie, now);
    if (!visitor || visitor.userId !== null) return false;
    const user = await holdUser(tx, userId);
    if (!user) return false;
    // Photos before wallets, as everywhere.
    await movePhotos(tx, visitor.id, userId);
    await mergeWallet(tx, visitor.walletId, user.walletId, now);
    await setTakenOver(tx, visitor.id, userId);
    // Pages still open as the guest's come back as the user's; those of the user look again.
    await publish(tx, `owner:${visitor.id}`, { kind: 'moved' });
    await publish(tx, `owner:${userId}`, { kind: 'me' });
    return true;
  });
}

/**
 * An owner as they are in this transaction, and stay until its end: a visitor who signed in while a file was on its way is a user now.
 * Comes before the lock on a photo, as in `takeOver`.
 * @throws AppError SIGN_IN_REQUIRED when the account has been deleted meanwhile.
 */
export async function presentOwner(tx: Tx, owner: Owner): Promise<Owner> {
  if (owner.kind === 'partner') return owner;
  const userId = owner.kind === 'user' ? owner.id : await takenOverBy(tx, owner.id);
  if (userId === null) return owner;
  const user = await holdUser(tx, userId);
  if (!user) throw new AppError('SIGN_IN_REQUIRED');
  return { kind: 'user', id: userId, walletId: user.walletId, address: owner.address };
}
