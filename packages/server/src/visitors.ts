import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { type Db, inTransaction, type Tx } from './database.ts';
import { hashAddress } from './free-photos.ts';
import type { Person } from './owners.ts';
import type { Keys } from './secrets.ts';
import { createWallet } from './wallets.ts';

/** Somebody with our cookie, without an account. */
export interface Visitor extends Person {
  readonly kind: 'visitor';
  /** The cookie's value, only when it was made just now and has to be set. */
  readonly newCookie: string | undefined;
}

/** `seen_at` is written at most so often, in milliseconds. */
const SEEN_MS = 3_600_000;

/** A cookie of 256 random bits needs no salt: its plain hash tells nothing. */
const hashCookie = (cookie: string) => createHash('sha256').update(cookie, 'utf8').digest();

/**
 * The visitor of a cookie; a missing or unknown cookie makes a new one. The free photos of a day become a lot when the first
 * of them is used, so that a page that is only looked at leaves nothing in the ledger.
 * @param address the client's IP address as text.
 */
export async function findOrCreateVisitor(
  db: Db,
  keys: Keys,
  cookie: string | undefined,
  address: string,
  now: Date,
): Promise<Visitor> {
  const found = await visitorOfCookie(db, cookie);
  if (found) {
    if (now.getTime() - found.seenAt.getTime() > SEEN_MS)
      await db.updateTable('visitor').set({ seenAt: now }).where('id', '=', found.id).execute();
    return {
      kind: 'visitor',
      id: found.id,
      walletId: found.walletId,
      address: hashAddress(keys.addresses, address),
      newCookie: undefined,
    };
  }
  const newCookie = randomBytes(32).toString('base64url');
  const { id, walletId } = await inTransaction(db, async (tx) => {
    const row = {
      cookie: hashCookie(newCookie),
      walletId: await createWallet(tx, 'guest', now),
      createdAt: now,
      seenAt: now,
    };
    return tx.insertInto('visitor').values(row).returning(['id', 'walletId']).executeTakeFirstOrThrow();
  });
  return { kind: 'visitor', id, walletId, address: hashAddress(keys.addresses, address), newCookie };
}

/** The visitor of a cookie, for requests that must not make one. */
export async function findVisitor(
  db: Db,
  keys: Keys,
  cookie: string | undefined,
  address: string,
): Promise<Visitor | undefined> {
  const found = await visitorOfCookie(db, cookie);
  if (!found) return undefined;
  return {
    kind: 'visitor',
    id: found.id,
    walletId: found.walletId,
    address: hashAddress(keys.addresses, address),
    newCookie: undefined,
  };
}

/**
 * Forgets visitors that have not come since a moment and never used anything, with their empty wallets.
 * @returns how many.
 */
export async function forgetVisitors(db: Db, before: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    with gone as (
      delete from visitor v where v.seen_at < ${before}
        and not exists (select 1 from photo p where p.visitor_id = v.id)
        and not exists (select 1 from txn t where t.wallet_id = v.wallet_id)
      returning v.wallet_id)
    delete from wallet where id in (select wallet_id from gone)`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/** A cookie whose visitor has become a user is nobody's any more. */
async function visitorOfCookie(db: Db, cookie: string | undefined) {
  if (!cookie) return undefined;
  return db
    .selectFrom('visitor')
    .select(['id', 'walletId', 'seenAt'])
    .where('cookie', '=', hashCookie(cookie))
    .where('userId', 'is', null)
    .executeTakeFirst();
}

/** The user who took a visitor over, or null; in a transaction it stays so until its end. */
export async function takenOverBy(db: Db, visitorId: string): Promise<string | null> {
  const row = await db.selectFrom('visitor').select('userId').where('id', '=', visitorId).forShare().executeTakeFirst();
  return row?.userId ?? null;
}

/** Locks the visitor of a cookie, one who was taken over too. */
export async function lockVisitor(tx: Tx, cookie: string) {
  return tx
    .selectFrom('visitor')
    .select(['id', 'walletId', 'userId'])
    .where('cookie', '=', hashCookie(cookie))
    .forNoKeyUpdate()
    .executeTakeFirst();
}

export async function setTakenOver(tx: Tx, visitorId: string, userId: string): Promise<void> {
  await tx.updateTable('visitor').set({ userId }).where('id', '=', visitorId).execute();
}
