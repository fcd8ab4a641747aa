import { randomUUID } from 'node:crypto';
import { AppError, type InviteView, PACKAGES } from '@hili/contract';
import { z } from 'zod';
import type { Config } from './config.ts';
import { type Db, inTransaction, type Tx } from './database.ts';
import { publish } from './events.ts';
import {
  changeInvite,
  codeOf,
  countRewarded,
  hasLostReward,
  inviteOf,
  invitesOf,
  invitesToReclaim,
  invitesToReward,
  isPaidByKnown,
  type LockedInvite,
  lockInvite,
  takenBack,
} from './invite-rows.ts';
import type { Suspicion } from './invite-tables.ts';
import { grant, lockWallet, restore, revoke } from './wallets.ts';

const DAY = 86_400_000;

/** Fen that have to stay with us before an order rewards anybody: the price of the smallest package. */
export const KEPT_FEN = PACKAGES[0].fen;

/** How many photos of each package have to be used until so much stays. @example KEPT_PHOTOS['photos-10'] === 4 */
const KEPT_PHOTOS = Object.fromEntries(
  PACKAGES.map(({ code, photos, fen }) => [code, Math.min(photos, Math.ceil((KEPT_FEN * photos) / fen))]),
);

/**
 * Notes the order for which both sides of the invite by which a user came are to be rewarded, or lays it before an operator when something is
 * odd. Called in the transaction that marks the order as paid; only the first order does it, and only once. `rewardInvites` does the rest.
 */
export async function qualifyInvite(
  tx: Tx,
  { userId, orderId, now }: { readonly userId: string; readonly orderId: string; readonly now: Date },
): Promise<void> {
  const invite = await lockInvite(tx, 'inviteeId', userId);
  if (invite?.state !== 'bound') return;
  const order = { orderId, qualifiedAt: now };
  const suspicion = invite.suspicion ?? (await judgePayment(tx, invite, order));
  if (suspicion) await changeInvite(tx, invite.id, { ...order, suspicion, state: 'review' });
  else await changeInvite(tx, invite.id, { ...order, state: 'bought' });
  await tellBoth(tx, invite);
}

/**
 * Rewards both sides of invites whose friend has used enough of the order, or can no longer have it refunded.
 * @returns how many.
 */
export async function rewardInvites(db: Db, { REFUND_DAYS }: Pick<Config, 'REFUND_DAYS'>, now: Date): Promise<number> {
  const due = await invitesToReward(db, KEPT_PHOTOS, new Date(now.getTime() - REFUND_DAYS * DAY));
  for (const { id, orderId } of due)
    await db.transaction().execute(async (tx) => {
      const invite = await lockInvite(tx, 'id', id);
      // Its order may have been refunded meanwhile, and followed by another that is not due.
      if (invite?.state === 'bought' && invite.orderId === orderId) await reward(tx, invite, {}, now);
    });
  return due.length;
}

/** What is odd about a friend's first payment. */
async function judgePayment(
  tx: Tx,
  { inviterId }: LockedInvite,
  { orderId, qualifiedAt }: { readonly orderId: string; readonly qualifiedAt: Date },
): Promise<Suspicion | null> {
  if (await isPaidByKnown(tx, orderId)) return 'payer';
  // It happens to anybody once. Twice would be a way to photos that nobody pays for.
  return (await hasLostReward(tx, inviterId, new Date(qualifiedAt.getTime() - 30 * DAY))) ? 'refund' : null;
}

/**
 * Undoes what an order did for an invite when it is refunded, whole or in part. Called in the refund's transaction. A reward is taken back
 * as far as it is unused; an invite that has rewarded nobody yet waits for another order. `reinstateInvite` undoes it.
 */
export async function voidInvite(
  tx: Tx,
  { orderId, now }: { readonly orderId: string; readonly now: Date },
): Promise<void> {
  const invite = await lockInvite(tx, 'orderId', orderId);
  if (invite?.state === 'bought' || invite?.state === 'review')
    await changeInvite(tx, invite.id, { state: 'bound', orderId: null, qualifiedAt: null });
  if (invite?.state !== 'rewarded') return;
  await changeInvite(tx, invite.id, { state: 'clawed_back', endedAt: now });
  await takeBack(tx, invite, now);
}

/**
 * Does again what an order did for an invite, and `voidInvite` undid, when its money stays after all. Called in the transaction in which the
 * order is paid again. What was taken back comes back, once; an invite that had waited for another order has this one again.
 */
export async function reinstateInvite(
  tx: Tx,
  { userId, orderId, now }: { readonly userId: string; readonly orderId: string; readonly now: Date },
): Promise<void> {
  const invite = await lockInvite(tx, 'orderId', orderId);
  if (!invite) return qualifyInvite(tx, { userId, orderId, now });
  if (invite.state !== 'clawed_back') return;
  await changeInvite(tx, invite.id, { state: 'rewarded', endedAt: null });
  for (const key of await takenBack(tx, invite.id)) await restore(tx, key, `${key}:undone`, 'system', now);
  await tellBoth(tx, invite);
}

/** An operator who decides. */
export interface Decider {
  /** Their own user, when they have one: nobody decides about themselves. */
  readonly userId: string | undefined;
  /** How the books name them. */
  readonly name: string;
}

/** Rewards an invite that was in review. @throws AppError DATA_NOT_FOUND, BAD_REQUEST when it is the operator's own. */
export async function approveInvite(db: Db, id: string, by: Decider, now: Date): Promise<void> {
  await inTransaction(db, async (tx) => reward(tx, await inReview(tx, id, by), { decidedBy: by.name }, now));
}

/** Ends an invite that was in review without a reward. @throws AppError DATA_NOT_FOUND, BAD_REQUEST when it is the operator's own. */
export async function refuseInvite(db: Db, id: string, by: Decider, now: Date): Promise<void> {
  await inTransaction(db, async (tx) => {
    const invite = await inReview(tx, id, by);
    await changeInvite(tx, invite.id, { state: 'refused', decidedBy: by.name, endedAt: now });
  });
}

/** Takes back what has come back of jobs since their invites were undone. @returns how many invites it looked at. */
export async function reclaimInvites(db: Db, now: Date): Promise<number> {
  const ids = await invitesToReclaim(db);
  for (const id of ids)
    await db.transaction().execute(async (tx) => {
      const invite = await lockInvite(tx, 'id', id);
      if (invite?.state === 'clawed_back') await takeBack(tx, invite, now);
    });
  return ids.length;
}

/** What the invite page shows to a user. */
export async function ownInvites(
  db: Db,
  userId: string,
  code: string,
  publicUrl: string,
): Promise<Pick<InviteView, 'own' | 'invited'>> {
  const [friends, invited] = await Promise.all([invitesOf(db, userId), inviteOf(db, userId)]);
  return {
    own: {
      code,
      url: `${publicUrl}/i/${code}`,
      friends: friends.map(({ state, boundAt, qualifiedAt, inviterGot }) => ({
        state,
        joinedAt: boundAt.toISOString(),
        boughtAt: qualifiedAt?.toISOString() ?? null,
        photos: inviterGot,
      })),
    },
    invited: invited ? { state: invited.state, photos: invited.inviteeGot || invited.inviteeCredits } : null,
  };
}

/** Everything that is kept of a user's invites, but nobody's name: their code, their friends, and how they came themselves. */
export async function exportInvites(db: Db, userId: string): Promise<object> {
  const [code, friends, invited] = await Promise.all([codeOf(db, userId), invitesOf(db, userId), inviteOf(db, userId)]);
  return {
    code: code ?? null,
    friends: friends.map(({ state, boundAt, qualifiedAt, rewardedAt, endedAt, inviterGot }) => ({
      ...{ state, boundAt, qualifiedAt, rewardedAt, endedAt },
      credits: inviterGot,
    })),
    invited: invited && {
      state: invited.state,
      boundAt: invited.boundAt,
      qualifiedAt: invited.qualifiedAt,
      rewardedAt: invited.rewardedAt,
      credits: invited.inviteeGot,
    },
  };
}

async function inReview(tx: Tx, id: string, by: Decider): Promise<LockedInvite> {
  const invite = z.uuid().safeParse(id).success ? await lockInvite(tx, 'id', id) : undefined;
  if (invite?.state !== 'review')
    throw new AppError('DATA_NOT_FOUND', {
      detail: `expected an invite in review for id but received ${invite ? `one that is ${invite.state}` : id}`,
    });
  if (by.userId === invite.inviterId || by.userId === invite.inviteeId)
    throw new AppError('BAD_REQUEST', {
      detail: `expected an invite of others for id but received the operator's own`,
    });
  return invite;
}

const sides = ({ id }: LockedInvite) => ({ inviter: `invite:${id}:inviter`, invitee: `invite:${id}:invitee` });

/** Grants what was promised, the inviter's share only below the month's limit and while they are there. */
async function reward(
  tx: Tx,
  invite: LockedInvite,
  change: Parameters<typeof changeInvite>[2],
  now: Date,
): Promise<void> {
  // Friends who buy at once are counted one after the other.
  await lockWallet(tx, invite.inviterWallet);
  const rewarded = await countRewarded(tx, invite.inviterId, new Date(now.getTime() - 30 * DAY));
  const inviterGot = invite.inviterThere && rewarded < invite.perMonth ? invite.inviterCredits : 0;
  const inviteeGot = invite.inviteeCredits;
  await changeInvite(tx, invite.id, { ...change, state: 'rewarded', rewardedAt: now, inviterGot, inviteeGot });
  const keys = sides(invite);
  const lot = {
    source: 'invite',
    ref: `invite:${invite.id}`,
    // As what is bought: nothing that is given is larger.
    maxSide: PACKAGES[0].maxSide,
    expiresAt: new Date(now.getTime() + invite.days * DAY),
    actor: change.decidedBy ?? 'system',
  } as const;
  if (inviteeGot > 0)
    await grant(tx, { ...lot, walletId: invite.inviteeWallet, credits: inviteeGot, key: keys.invitee }, now);
  if (inviterGot > 0)
    await grant(tx, { ...lot, walletId: invite.inviterWallet, credits: inviterGot, key: keys.inviter }, now);
  await tellBoth(tx, invite);
}

async function takeBack(tx: Tx, invite: LockedInvite, now: Date): Promise<void> {
  const keys = sides(invite);
  // A key of its own each time: what a job gives back later is taken by the next call, and the invite's lock keeps calls apart.
  for (const key of [keys.invitee, keys.inviter]) await revoke(tx, key, `${key}:back:${randomUUID()}`, 'system', now);
  await tellBoth(tx, invite);
}

async function tellBoth(tx: Tx, { inviterId, inviteeId }: LockedInvite): Promise<void> {
  for (const id of [inviterId, inviteeId]) await publish(tx, `owner:${id}`, { kind: 'news' });
}
