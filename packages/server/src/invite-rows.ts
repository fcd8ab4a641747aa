import { type Selectable, sql } from 'kysely';
import type { Db, Tx } from './database.ts';
import type { Tables } from './tables.ts';
import { lockWallet } from './wallets.ts';

/** The SQL of the tables `invite_code` and `invite`. */

export type InviteRow = Selectable<Tables['invite']>;

/** An invite with the wallets of its two sides, and whether the inviter still has an account. */
export interface LockedInvite extends InviteRow {
  readonly inviterWallet: string;
  readonly inviteeWallet: string;
  readonly inviterThere: boolean;
}

/** The code of a user, when there is one. */
export async function codeOf(db: Db, userId: string): Promise<string | undefined> {
  const row = await db.selectFrom('inviteCode').select('code').where('userId', '=', userId).executeTakeFirst();
  return row?.code;
}

/** Keeps a code for a user who has none. @returns false when somebody has this code, or the user has one already. */
export async function insertCode(
  db: Db,
  row: { readonly userId: string; readonly code: string; readonly emailHash: Buffer | null; readonly createdAt: Date },
): Promise<boolean> {
  const made = await db
    .insertInto('inviteCode')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('code')
    .executeTakeFirst();
  return made !== undefined;
}

/** Keeps the inviter's address as it is now, so that a friend with the same one is known. */
export async function setCodeEmail(db: Db, userId: string, emailHash: Buffer | null): Promise<void> {
  await db.updateTable('inviteCode').set({ emailHash }).where('userId', '=', userId).execute();
}

/** Who has a code, as far as a friend is compared with them; nobody who has left. */
export function ownerOfCode(db: Db, code: string) {
  return db
    .selectFrom('inviteCode as c')
    .innerJoin('user as u', 'u.id', 'c.userId')
    .select(['c.userId', 'c.emailHash', 'u.network', 'u.seenAt'])
    .where('c.code', '=', code)
    .where('u.deletedAt', 'is', null)
    .executeTakeFirst();
}

/** Whether somebody of this address has invited, or was invited, before. */
export async function isKnownEmail(db: Db, emailHash: Buffer): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`
    select exists (select 1 from invite_code where email_hash = ${emailHash})
      or exists (select 1 from invite where email_hash = ${emailHash}) as known`.execute(db);
  return rows[0]?.known === true;
}

/**
 * Whether an order was paid by somebody who has paid for another account too, as the provider knows them: the inviter, or a customer who
 * begins anew. In a demonstration nobody is known.
 */
export async function isPaidByKnown(db: Db, orderId: string): Promise<boolean> {
  const { rows } = await sql<{ same: boolean }>`
    select exists (select 1 from orders o join orders x on x.payer = o.payer
      where o.id = ${orderId} and not o.simulated and x.user_id <> o.user_id) as same`.execute(db);
  return rows[0]?.same === true;
}

/** Whether a reward for a friend of a user's could not be taken back whole since a moment: some was used before the order was refunded. */
export async function hasLostReward(db: Db, inviterId: string, since: Date): Promise<boolean> {
  const { rows } = await sql<{ lost: boolean }>`
    select exists (select 1 from invite i join lot l on l.source = 'invite' and l.ref = 'invite:' || i.id
        join posting p on p.lot_id = l.id and p.account = 'sys:consumed'
      where i.inviter_id = ${inviterId} and i.state = 'clawed_back' and i.ended_at > ${since}) as lost`.execute(db);
  return rows[0]?.lost === true;
}

/** Friends that came by a user since a moment. */
export async function countBound(db: Db, inviterId: string, since: Date): Promise<number> {
  const { count } = await db
    .selectFrom('invite')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('inviterId', '=', inviterId)
    .where('boundAt', '>', since)
    .executeTakeFirstOrThrow();
  return count;
}

/** Friends for whom a user was rewarded since a moment, those taken back included. */
export async function countRewarded(db: Db, inviterId: string, since: Date): Promise<number> {
  const { count } = await db
    .selectFrom('invite')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('inviterId', '=', inviterId)
    .where('rewardedAt', '>', since)
    .where('inviterGot', '>', 0)
    .executeTakeFirstOrThrow();
  return count;
}

export async function insertInvite(
  tx: Tx,
  row: Pick<
    InviteRow,
    | 'inviterId'
    | 'inviteeId'
    | 'inviterCredits'
    | 'inviteeCredits'
    | 'days'
    | 'perMonth'
    | 'suspicion'
    | 'emailHash'
    | 'boundAt'
  >,
): Promise<void> {
  await tx
    .insertInto('invite')
    .values({ ...row, orderId: null, decidedBy: null })
    .onConflict((conflict) => conflict.column('inviteeId').doNothing())
    .execute();
}

/** The invites of a user's friends, newest first. */
export function invitesOf(db: Db, inviterId: string): Promise<InviteRow[]> {
  return db.selectFrom('invite').selectAll().where('inviterId', '=', inviterId).orderBy('boundAt', 'desc').execute();
}

/** The invite by which a user came. */
export function inviteOf(db: Db, inviteeId: string): Promise<InviteRow | undefined> {
  return db.selectFrom('invite').selectAll().where('inviteeId', '=', inviteeId).executeTakeFirst();
}

/**
 * Locks an invite found by one of its columns. The friend's wallet comes before the invite, as when an order is paid, and the inviter's
 * after it: an inviter's account is always older than the friend's, so no two transactions wait for each other.
 */
export async function lockInvite(
  tx: Tx,
  by: 'id' | 'inviteeId' | 'orderId',
  value: string,
): Promise<LockedInvite | undefined> {
  const find = () =>
    tx
      .selectFrom('invite as i')
      .innerJoin('user as a', 'a.id', 'i.inviterId')
      .innerJoin('user as b', 'b.id', 'i.inviteeId')
      .selectAll('i')
      .select(['a.walletId as inviterWallet', 'b.walletId as inviteeWallet', 'a.deletedAt as inviterLeft'])
      .where(`i.${by}`, '=', value);
  const found = await find().executeTakeFirst();
  if (!found) return undefined;
  await lockWallet(tx, found.inviteeWallet);
  const locked = await find().forNoKeyUpdate('i').executeTakeFirst();
  if (!locked) return undefined;
  const { inviterLeft, ...invite } = locked;
  return { ...invite, inviterThere: inviterLeft === null };
}

export async function changeInvite(
  tx: Tx,
  id: string,
  change: Partial<
    Pick<
      InviteRow,
      | 'state'
      | 'orderId'
      | 'qualifiedAt'
      | 'suspicion'
      | 'decidedBy'
      | 'rewardedAt'
      | 'inviterGot'
      | 'inviteeGot'
      | 'endedAt'
    >
  >,
): Promise<void> {
  await tx.updateTable('invite').set(change).where('id', '=', id).execute();
}

/**
 * Invites whose order can no longer be given back for all of its money: some of its photos have been used, or it was paid too long ago.
 * @param photos how many have to be used of each package; of one that is not named, all.
 * @param before orders that were paid then, or earlier, are kept.
 */
export async function invitesToReward(
  db: Db,
  photos: Readonly<Record<string, number>>,
  before: Date,
): Promise<{ readonly id: string; readonly orderId: string }[]> {
  const { rows } = await sql<{ id: string; orderId: string }>`
    select i.id, i.order_id from invite i join orders o on o.id = i.order_id
      where i.state = 'bought' and o.state = 'paid' and (o.paid_at <= ${before} or coalesce(
        (select sum(p.amount) from lot l join posting p on p.lot_id = l.id and p.account = 'sys:consumed'
          where l.source = 'purchase' and l.ref = o.id::text), 0) >= coalesce((${JSON.stringify(photos)}::jsonb ->> o.package)::int, o.credits))
      order by i.qualified_at limit 100`.execute(db);
  return rows;
}

/** Invites whose reward was taken back while some of it was set aside for a job, and has come back since. */
export async function invitesToReclaim(db: Db): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct i.id from invite i join lot l on l.source = 'invite' and l.ref = 'invite:' || i.id
      where i.state = 'clawed_back' and l.avail > 0 limit 100`.execute(db);
  return rows.map(({ id }) => id);
}

/** The ledger's keys under which something of an invite's reward was taken back, the newest first. */
export async function takenBack(db: Db, id: string): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    select t.idem_key as key from lot l join posting p on p.lot_id = l.id and p.account = 'sys:revoked'
        join txn t on t.id = p.txn_id and t.kind = 'revoke'
      where l.source = 'invite' and l.ref = ${`invite:${id}`} and starts_with(t.idem_key, l.ref || ':') order by t.id desc`.execute(
    db,
  );
  return rows.map(({ key }) => key);
}

/** An invite as an operator sees it: with the addresses of both, null for an account that is gone or has none. */
export interface InviteCase extends InviteRow {
  readonly inviter: string | null;
  readonly invitee: string | null;
}

/** Invites for an operator, newest first. */
export async function listCases(db: Db, state: InviteRow['state'] | undefined): Promise<InviteCase[]> {
  const { rows } = await sql<InviteCase>`
    select i.*, x.email as inviter, y.email as invitee from invite i
      join "user" a on a.id = i.inviter_id left join auth."user" x on x.id = a.auth_id
      join "user" b on b.id = i.invitee_id left join auth."user" y on y.id = b.auth_id
      where ${state ?? null}::text is null or i.state = ${state ?? null} order by i.bound_at desc limit 500`.execute(
    db,
  );
  return rows;
}

/** Forgets what an invite knows of somebody who leaves; their code leads nowhere from here on. */
export async function forgetInvitesOf(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('inviteCode').where('userId', '=', userId).execute();
  await tx.updateTable('invite').set({ emailHash: null }).where('inviteeId', '=', userId).execute();
}
