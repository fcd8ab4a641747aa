import { createHmac, randomInt } from 'node:crypto';
import { INVITE_CODE_LENGTH, INVITE_LETTERS, type InviteTerms } from '@hili/contract';
import type { Config } from './config.ts';
import type { Db, Tx } from './database.ts';
import { publish } from './events.ts';
import {
  codeOf,
  countBound,
  insertCode,
  insertInvite,
  isKnownEmail,
  ownerOfCode,
  setCodeEmail,
} from './invite-rows.ts';
import type { Suspicion } from './invite-tables.ts';
import { KEPT_FEN } from './invites.ts';
import type { Keys } from './secrets.ts';

export type InviteRules = Pick<
  Config,
  'INVITE_CREDITS_INVITER' | 'INVITE_CREDITS_INVITEE' | 'INVITE_DAYS' | 'INVITES_PER_MONTH' | 'REFUND_DAYS'
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
  return {
    ...{ inviter, invitee, days: rules.INVITE_DAYS, perMonth: rules.INVITES_PER_MONTH },
    ...{ usedFen: KEPT_FEN, latestDays: rules.REFUND_DAYS },
  };
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
 * happens then or never, and lets every open page of the inviter look. An unknown code, and an inviter who is the newcomer, bind nothing;
 * nobody is told.
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
  await publish(tx, `owner:${inviter.userId}`, { kind: 'news' });
}
