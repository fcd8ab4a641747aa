import { createHmac, randomInt, randomUUID } from 'node:crypto';
import { AppError, INVITE_CODE_LENGTH, INVITE_LETTERS, type InviteTerms, type InviteView } from '@hili/contract';
import { z } from 'zod';
import type { Config } from './config.ts';
import type { Db, Tx } from './database.ts';
import { publish } from './events.ts';
import {
  changeInvite,
  codeOf,
  countBound,
  countRewarded,
  insertCode,
  insertInvite,
  inviteOf,
  invitesOf,
  invitesToReclaim,
  isKnownEmail,
  isPaidByInviter,
  type LockedInvite,
  lockInvite,
  ownerOfCode,
  setCodeEmail,
} from './invite-rows.ts';
import type { Suspicion } from './invite-tables.ts';
import type { Keys } from './secrets.ts';
import { grant, lockWallet, revoke } from './wallets.ts';

export type InviteRules = Pick<
  Config,
  'INVITE_CREDITS_INVITER' | 'INVITE_CREDITS_INVITEE' | 'INVITE_DAYS' | 'INVITES_PER_MONTH'
>;

const DAY = 86_400_000;
/** Friends that may join by one inviter in a day before an operator looks at the next. */
const BURST = 5;
/** Providers whose addresses mean the same with and without dots. */
const DOTLESS = new Set(['gmail.com', 'googlemail.com']);

/** What is promised now; null where invites are not rewarded. */
export function inviteTerms(rules: InviteRules): InviteTerms | null {
  const { INVITE_CREDITS_INVITER: inviter, INVITE_CREDITS_INVITEE: invitee } = rules;
  if (inviter + invitee === 0) return null;
  return { inviter, invitee, days: rules.INVITE_DAYS, perMonth: rules.INVITES_PER_MONTH };
}

/**
 * An address without what its owner may add to it: `a.b+photos@googlemail.com` reaches the same person as `ab@gmail.com`.
 * @param email in small letters.
 */
export function normalEmail(email: string): string {
  const [name = '', domain = ''] = email.split('@');
  const plain = name.replace(/\+.*$/, '');
  return DOTLESS.has(domain) ? `${plain.replaceAll('.', '')}@gmail.com` : `${plain}@${domain}`;
}

const hashEmail = (keys: Pick<Keys, 'addresses'>, email: string | null): Buffer | null =>
  email === null
    ? null
    : createHmac('sha256', keys.addresses)
        .update(`email ${normalEmail(email)}`)
        .digest();

/** The user's code, made when it is asked for the first time. */
export async function ownCode(
  db: Db,
  keys: Pick<Keys, 'addresses'>,
  user: { readonly id: string; readonly email: string | null },
  now: Date,
): Promise<string> {
  const emailHash = hashEmail(keys, user.email);
  for (;;) {
    const found = await codeOf(db, user.id);
    if (found !== undefined) {
      await setCodeEmail(db, user.id, emailHash);
      return found;
    }
    const letters = Array.from({ length: INVITE_CODE_LENGTH }, () => INVITE_LETTERS[randomInt(INVITE_LETTERS.length)]);
    await insertCode(db, { userId: user.id, code: letters.join(''), emailHash, createdAt: now });
  }
}

/** Somebody whose account is made now, as their request says. */
export interface Newcomer {
  readonly userId: string;
  /** The code of the first invite link that this browser followed in the last 30 days. */
  readonly code: string | undefined;
  /** The code of whoever looked at their own invites in this browser. */
  readonly ownerCode: string | undefined;
  readonly email: string | null;
  /** HMAC of the network; null for one that says nothing. */
  readonly network: Buffer | null;
}

/**
 * Binds a new account to who invited it, on the terms of this moment, for good. Called in the transaction that makes the account, so that it
 * happens then or never. An unknown code, and an inviter who is the newcomer, bind nothing; nobody is told.
 */
export async function bindInvite(
  tx: Tx,
  keys: Pick<Keys, 'addresses'>,
  rules: InviteRules,
  newcomer: Newcomer,
  now: Date,
): Promise<void> {
  const terms = inviteTerms(rules);
  if (!terms || newcomer.code === undefined) return;
  const inviter = await ownerOfCode(tx, newcomer.code);
  if (!inviter || inviter.userId === newcomer.userId) return;
  const emailHash = hashEmail(keys, newcomer.email);
  if (emailHash && inviter.emailHash?.equals(emailHash)) return;
  const yesterday = new Date(now.getTime() - DAY);
  const isNear =
    newcomer.network && inviter.seenAt && inviter.seenAt > yesterday && inviter.network?.equals(newcomer.network);
  let suspicion: Suspicion | null = null;
  if (newcomer.ownerCode === newcomer.code) suspicion = 'device';
  else if (isNear) suspicion = 'network';
  else if (emailHash && (await isKnownEmail(tx, emailHash))) suspicion = 'email';
  else if ((await countBound(tx, inviter.userId, yesterday)) >= BURST) suspicion = 'burst';
  await insertInvite(tx, {
    inviterId: inviter.userId,
    inviteeId: newcomer.userId,
    inviterCredits: terms.inviter,
    inviteeCredits: terms.invitee,
    days: terms.days,
    perMonth: terms.perMonth,
    suspicion,
    emailHash,
    boundAt: now,
  });
}

/**
 * Rewards both sides of the invite by which a user came, or lays it before an operator when something is odd. Called in the transaction that
 * marks their order as paid; only the first order does it, and only once.
 */
export async function qualifyInvite(
  tx: Tx,
  { userId, orderId, now }: { readonly userId: string; readonly orderId: string; readonly now: Date },
): Promise<void> {
  const invite = await lockInvite(tx, 'inviteeId', userId);
  if (invite?.state !== 'bound') return;
  const order = { orderId, qualifiedAt: now };
  const suspicion = invite.suspicion ?? ((await isPaidByInviter(tx, invite, orderId)) ? 'payer' : null);
  if (suspicion) await changeInvite(tx, invite.id, { ...order, suspicion, state: 'review' });
  else await reward(tx, invite, order, now);
}

/**
 * Undoes what an order did for an invite when it is refunded, whole or in part. Called in the refund's transaction. A reward is taken back
 * as far as it is unused, for good; an invite that nobody has decided on waits for another order.
 */
export async function voidInvite(
  tx: Tx,
  { orderId, now }: { readonly orderId: string; readonly now: Date },
): Promise<void> {
  const invite = await lockInvite(tx, 'orderId', orderId);
  if (invite?.state === 'review')
    await changeInvite(tx, invite.id, { state: 'bound', orderId: null, qualifiedAt: null });
  if (invite?.state !== 'rewarded') return;
  await changeInvite(tx, invite.id, { state: 'clawed_back', endedAt: now });
  await takeBack(tx, invite, now);
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
  await db.transaction().execute(async (tx) => reward(tx, await inReview(tx, id, by), { decidedBy: by.name }, now));
}

/** Ends an invite that was in review without a reward. @throws AppError DATA_NOT_FOUND, BAD_REQUEST when it is the operator's own. */
export async function refuseInvite(db: Db, id: string, by: Decider, now: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
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
  for (const id of [inviterId, inviteeId]) await publish(tx, `owner:${id}`, { kind: 'me' });
}
