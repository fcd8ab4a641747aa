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

/** What our cookies look like: 256 random bits. */
const COOKIE = /^[\w-]{43}$/;

/** A cookie of 256 random bits needs no salt: its plain hash tells nothing. */
const hashCookie = (cookie: string) => createHash('sha256').update(cookie, 'utf8').digest();

/**
 * The id of a cookie's visitor and of their wallet, known before either is kept, so that a page can listen for what will happen to them.
 * Of another hash than the one that is stored: a UUID of version 8 (RFC 9562).
 */
function idOf(cookie: string): string {
  const bytes = createHash('sha256').update(`visitor ${cookie}`, 'utf8').digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Who a cookie stands for, or, when it stands for nobody, a new one; and whether anything is kept of them yet. */
async function lookUp(db: Db, keys: Keys, given: string | undefined, address: string, now: Date) {
  const found = given === undefined ? undefined : await visitorOfCookie(db, given);
  if (found && now.getTime() - found.seenAt.getTime() > SEEN_MS)
    await db.updateTable('visitor').set({ seenAt: now }).where('id', '=', found.id).execute();
  // A cookie whose visitor has become a user is nobody's any more.
  const isGood = given !== undefined && (found ? found.userId === null : COOKIE.test(given));
  const cookie = isGood ? given : randomBytes(32).toString('base64url');
  const { id, walletId } = (isGood && found) || { id: idOf(cookie), walletId: idOf(cookie) };
  const visitor: Visitor = {
    ...{ kind: 'visitor', id, walletId, address: hashAddress(keys.addresses, address) },
    newCookie: isGood ? undefined : cookie,
  };
  return { visitor, cookie, isKept: isGood && found !== undefined };
}

/**
 * The visitor of a cookie, who only looks: somebody new gets a cookie, and the ids that they will have, but no row. So a page that is only
 * looked at, by a robot too, leaves nothing.
 * @param address the client's IP address as text.
 */
export async function glimpseVisitor(
  db: Db,
  keys: Keys,
  cookie: string | undefined,
  address: string,
  now: Date,
): Promise<Visitor> {
  return (await lookUp(db, keys, cookie, address, now)).visitor;
}

/**
 * The visitor of a cookie, of whom something is about to be kept; whoever has no row yet gets one. The free photos of a day become a lot
 * when the first of them is used.
 * @param address the client's IP address as text.
 */
export async function findOrCreateVisitor(
  db: Db,
  keys: Keys,
  given: string | undefined,
  address: string,
  now: Date,
): Promise<Visitor> {
  const { visitor, cookie, isKept } = await lookUp(db, keys, given, address, now);
  if (!isKept) await keepVisitor(db, cookie, now);
  return visitor;
}

/** Makes the row of a cookie's visitor, and their wallet; does nothing when another request of theirs was faster. */
async function keepVisitor(db: Db, cookie: string, now: Date): Promise<void> {
  const id = idOf(cookie);
  await inTransaction(db, async (tx) => {
    await createWallet(tx, 'guest', now, id);
    const row = { id, cookie: hashCookie(cookie), walletId: id, createdAt: now, seenAt: now };
    await tx
      .insertInto('visitor')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
}

/** The visitor of a cookie, for requests that must not make one; undefined too while nothing is kept of them. */
export async function findVisitor(
  db: Db,
  keys: Keys,
  cookie: string | undefined,
  address: string,
): Promise<Visitor | undefined> {
  const found = cookie ? await visitorOfCookie(db, cookie) : undefined;
  if (!found || found.userId !== null) return undefined;
  const { id, walletId } = found;
  return { kind: 'visitor', id, walletId, address: hashAddress(keys.addresses, address), newCookie: undefined };
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

/** What is kept of a cookie's visitor; of one who has become a user too. */
async function visitorOfCookie(db: Db, cookie: string) {
  return db
    .selectFrom('visitor')
    .select(['id', 'walletId', 'userId', 'seenAt'])
    .where('cookie', '=', hashCookie(cookie))
    .executeTakeFirst();
}

/** The user who took a visitor over, or null; in a transaction it stays so until its end. */
export async function takenOverBy(db: Db, visitorId: string): Promise<string | null> {
  const row = await db.selectFrom('visitor').select('userId').where('id', '=', visitorId).forShare().executeTakeFirst();
  return row?.userId ?? null;
}

/**
 * Locks the visitor of a cookie, one who was taken over too. Whoever has no row yet gets one: an upload of theirs may be on its way, and a
 * page of theirs be open, and both have to find out.
 */
export async function lockVisitor(tx: Tx, cookie: string, now: Date) {
  if (COOKIE.test(cookie) && !(await visitorOfCookie(tx, cookie))) await keepVisitor(tx, cookie, now);
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
