import { AppError } from '@hili/contract';
import type { AdminMoved } from '@hili/contract/admin';
import { sql } from 'kysely';
import { type Actor, recordAct } from './audit.ts';
import type { Clock, Db, Tx } from './database.ts';
import { publish } from './events.ts';
import type { Decider } from './invites.ts';
import { endSessions, setSignInAllowed } from './sign-ins.ts';
import { lockUser, type UserRow } from './users.ts';
import { grant, revoke } from './wallets.ts';

export interface ActDeps {
  readonly db: Db;
  readonly clock: Clock;
}

/** A wish of an operator's that moves credits, once. */
interface Wish {
  readonly key: string;
  readonly reason: string;
}

const DAY_MS = 86_400_000;

/** The key under which the ledger and the audit know a wish. */
export const actKey = (key: string) => `operator:${key}`;

/** When credits that are granted now for so many days lapse; null for never. */
export const lapseAfter = (days: number | null, now: Date): Date | null =>
  days === null ? null : new Date(now.getTime() + days * DAY_MS);

/** Says that a key was used for another wish, which the ledger refuses. */
export async function once<T>(work: Promise<T>): Promise<T> {
  return work.catch((cause: unknown) => {
    const { code, message } = cause as { code?: string; message?: string };
    if (code !== '23505' || !message?.startsWith('idempotency key')) throw cause;
    throw new AppError('BAD_REQUEST', {
      field: 'key',
      detail: 'expected a new key for another wish but received one that was used',
      cause,
    });
  });
}

/** A user who is there, locked. @throws AppError DATA_NOT_FOUND */
async function userOf(tx: Tx, id: string): Promise<UserRow & { authId: string }> {
  const user = await lockUser(tx, id);
  if (!user?.authId) throw new AppError('DATA_NOT_FOUND', { detail: 'expected the id of a user who has an account' });
  return { ...user, authId: user.authId };
}

/** Grants a user credits. @throws AppError DATA_NOT_FOUND; BAD_REQUEST for a key of another wish, or the operator's own account. */
export async function grantCredits(
  { db, clock }: ActDeps,
  by: Actor & Partial<Decider>,
  userId: string,
  { key, reason, credits, days }: Wish & { readonly credits: number; readonly days: number | null },
): Promise<AdminMoved> {
  refuseOwn(by, userId);
  const now = clock();
  const lot = {
    credits,
    source: 'goodwill',
    expiresAt: lapseAfter(days, now),
    key: actKey(key),
    actor: by.operator,
  } as const;
  const work = db.transaction().execute(async (tx) => {
    const { walletId } = await userOf(tx, userId);
    const isNew = await grant(tx, { ...lot, walletId }, now);
    if (isNew) {
      await recordAct(
        tx,
        by,
        { act: 'user.grant', subject: `user ${userId}`, after: { credits, days }, reason, key: lot.key },
        now,
      );
      await publish(tx, `owner:${userId}`, { kind: 'me' });
    }
    return { credits, isNew };
  });
  return once(work);
}

/** The key that granted a lot, and whose it is. */
async function findLot(
  db: Db,
  lotId: number,
): Promise<{ key: string; owner: string; userId: string | null } | undefined> {
  const { rows } = await sql<{ key: string; owner: string; userId: string | null }>`
    select t.idem_key as key, u.id as user_id, coalesce('user ' || u.id, 'partner ' || p.id, 'visitor ' || v.id, 'wallet ' || l.wallet_id) as owner
      from lot l join posting g on g.lot_id = l.id and g.account = 'sys:issued' join txn t on t.id = g.txn_id and t.kind = 'grant'
        left join "user" u on u.wallet_id = l.wallet_id left join partner p on p.wallet_id = l.wallet_id
        left join visitor v on v.wallet_id = l.wallet_id
      where l.id = ${lotId}`.execute(db);
  return rows[0];
}

/** Takes back what is unused of a lot; what is held for jobs stays. @throws AppError DATA_NOT_FOUND; BAD_REQUEST for a key of another wish. */
export async function revokeLot(
  { db, clock }: ActDeps,
  by: Actor,
  lotId: number,
  { key, reason }: Wish,
): Promise<AdminMoved> {
  const now = clock();
  const work = db.transaction().execute(async (tx) => {
    const lot = await findLot(tx, lotId);
    const credits = lot && (await revoke(tx, lot.key, actKey(key), by.operator, now));
    if (!lot || credits == null)
      throw new AppError('DATA_NOT_FOUND', { detail: 'expected the id of a lot of credits' });
    const after = { lot: lotId, credits: -credits };
    const isNew = await recordAct(
      tx,
      by,
      { act: 'credits.revoke', subject: lot.owner, after, reason, key: actKey(key) },
      now,
    );
    if (isNew && lot.userId) await publish(tx, `owner:${lot.userId}`, { kind: 'me' });
    return { credits, isNew };
  });
  return once(work);
}

/** Whether an operator's act would be about themselves. @throws AppError BAD_REQUEST when it is. */
function refuseOwn(by: Partial<Decider>, userId: string): void {
  if (by.userId === userId)
    throw new AppError('BAD_REQUEST', { detail: "expected another user for id but received the operator's own" });
}

/** Refuses every further sign-in of a user and ends their sessions, or lets them in again. @throws AppError DATA_NOT_FOUND, BAD_REQUEST */
export async function setDisabled(
  { db, clock }: ActDeps,
  by: Actor & Partial<Decider>,
  userId: string,
  disabled: boolean,
  reason: string,
): Promise<void> {
  refuseOwn(by, userId);
  await db.transaction().execute(async (tx) => {
    const { authId } = await userOf(tx, userId);
    await setSignInAllowed(tx, authId, disabled ? reason : null);
    const sessions = disabled ? await endSessions(tx, authId) : 0;
    const act = { act: disabled ? 'user.disable' : 'user.enable', subject: `user ${userId}`, reason };
    await recordAct(tx, by, disabled ? { ...act, after: { sessionsEnded: sessions } } : act, clock());
    await publish(tx, `owner:${userId}`, { kind: 'moved' });
  });
}

/** Signs a user out everywhere. @throws AppError DATA_NOT_FOUND, BAD_REQUEST */
export async function signOutUser(
  { db, clock }: ActDeps,
  by: Actor & Partial<Decider>,
  userId: string,
  reason: string,
): Promise<void> {
  refuseOwn(by, userId);
  await db.transaction().execute(async (tx) => {
    const { authId } = await userOf(tx, userId);
    const after = { sessionsEnded: await endSessions(tx, authId) };
    await recordAct(tx, by, { act: 'user.sign-out', subject: `user ${userId}`, after, reason }, clock());
    await publish(tx, `owner:${userId}`, { kind: 'moved' });
  });
}
