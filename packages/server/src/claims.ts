import { createHash, createHmac, randomBytes } from 'node:crypto';
import { AppError, type ClaimAnswer, LEAST_PAYOUT_FEN } from '@hili/contract';
import type { Db } from './database.ts';
import { latestPayouts, type PayoutRow } from './payout-rows.ts';
import {
  type ClaimRow,
  claimOf,
  findRebate,
  insertClaim,
  isConfirmed,
  moveRebate,
  type RebateRow,
  rebatesOf,
  rebatesOfIds,
  takeClaim,
} from './rebate-rows.ts';
import { type Keys, seal, unseal } from './secrets.ts';

/** Seconds that a claim's address is good for. */
export const CLAIM_SECONDS = 600;

/** Whom WeChat pays: an id under one service account. */
export interface OpenIdPayee {
  readonly appid: string;
  readonly openid: string;
}
export type Payee = ClaimAnswer | OpenIdPayee;

export const isOpenIdPayee = (payee: Payee): payee is OpenIdPayee => 'openid' in payee;

const hashToken = (token: string) => createHash('sha256').update(token).digest();

const payeeOf = (rebateId: string) => `payee of rebate ${rebateId}`;

/** Stores a token of 128 bits by its hash. @returns it, and when it ends. */
async function makeToken(
  db: Db,
  claim: Pick<ClaimRow, 'userId' | 'rebateIds' | 'kind'>,
  now: Date,
): Promise<{ token: string; expiresAt: Date }> {
  const token = randomBytes(16).toString('base64url');
  const expiresAt = new Date(now.getTime() + CLAIM_SECONDS * 1000);
  await insertClaim(db, { ...claim, tokenHash: hashToken(token), expiresAt });
  return { token, expiresAt };
}

/**
 * Makes a token with which a phone claims all that this user can claim now. It binds nothing yet.
 * @throws AppError DATA_NOT_FOUND when there is nothing to claim.
 */
export async function openClaim(db: Db, userId: string, now: Date): Promise<{ token: string; expiresAt: Date }> {
  const eligible = (await rebatesOf(db, userId)).filter(({ state }) => state === 'eligible');
  if (eligible.length === 0)
    throw new AppError('DATA_NOT_FOUND', { detail: 'expected a rebate that can be claimed but received none' });
  return makeToken(db, { kind: 'claim', userId, rebateIds: eligible.map(({ id }) => id) }, now);
}

/**
 * Makes a token with which a phone accepts the money of a rebate that waits in WeChat. Whoever else opens it cannot: WeChat pays one person.
 * @throws AppError DATA_NOT_FOUND when it is not this user's, or nothing waits.
 */
export async function openAcceptance(
  db: Db,
  userId: string,
  rebateId: string,
  now: Date,
): Promise<{ token: string; expiresAt: Date }> {
  const rebate = await findRebate(db, rebateId);
  const payout = rebate?.userId === userId ? (await latestPayouts(db, [rebate.id])).get(rebate.id) : undefined;
  if (payout?.state !== 'waiting')
    throw new AppError('DATA_NOT_FOUND', { detail: 'expected a rebate that waits in WeChat but received another' });
  return makeToken(db, { kind: 'accept', userId, rebateIds: [payout.rebateId] }, now);
}

/** What a token is for. */
export interface Claim {
  readonly userId: string;
  readonly fen: number;
  readonly expiresAt: Date;
  /** Whether each of its rebates is one that WeChat can pay. */
  readonly isPayable: boolean;
  /** What waits in WeChat, or has; for a token that accepts it. */
  readonly payout: PayoutRow | undefined;
}

/** What a token claims, or accepts. @throws AppError LINK_EXPIRED when it is unknown, used or too old. */
export async function readClaim(db: Db, token: string, now: Date): Promise<Claim> {
  const claim = await claimOf(db, hashToken(token), now);
  if (!claim) throw new AppError('LINK_EXPIRED');
  const { userId, expiresAt, rebateIds } = claim;
  if (claim.kind === 'accept') {
    const [payout] = (await latestPayouts(db, rebateIds)).values();
    if (!payout) throw new AppError('LINK_EXPIRED');
    return { userId, expiresAt, fen: payout.fen, isPayable: true, payout };
  }
  const rebates = await rebatesOfIds(db, rebateIds, 'eligible');
  if (rebates.length === 0) throw new AppError('LINK_EXPIRED');
  const fen = rebates.reduce((sum, each) => sum + each.fen, 0);
  return { userId, expiresAt, fen, isPayable: rebates.every(isPayable), payout: undefined };
}

const isPayable = ({ fen }: Pick<RebateRow, 'fen'>) => fen >= LEAST_PAYOUT_FEN;

/** An HMAC by which the same payee is known again. */
function hashPayee(keys: Pick<Keys, 'addresses'>, payee: Payee): Buffer {
  const name = isOpenIdPayee(payee) ? `openid ${payee.appid} ${payee.openid}` : `wechat ${payee.wechat.toLowerCase()}`;
  return createHmac('sha256', keys.addresses).update(name).digest();
}

/** An HMAC by which what confirmed a token is known again, to the letter: a stranger who holds the token could guess at less. */
const hashAnswer = (keys: Pick<Keys, 'addresses'>, token: string, answer: Payee): Buffer =>
  createHmac('sha256', keys.addresses)
    .update(JSON.stringify([token, answer]))
    .digest();

/**
 * Says to whom a token's rebates are to be paid, once: all of them or none. By hand, or by WeChat to an id that it has named. Who says the
 * same again, as by a second click, hears the same for as long as the token is good.
 * @throws AppError LINK_EXPIRED when it is unknown, used otherwise or too old, or one of its rebates can no longer be claimed; BAD_REQUEST when one is
 * less than WeChat pays.
 */
export async function confirmClaim(
  db: Db,
  keys: Pick<Keys, 'seal' | 'addresses'>,
  token: string,
  answer: Payee,
  now: Date,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const [tokenHash, answerHash] = [hashToken(token), hashAnswer(keys, token, answer)];
    // Whoever changes the row has the token to themselves.
    const claim = await takeClaim(tx, tokenHash, answerHash, now);
    if (!claim && (await isConfirmed(tx, tokenHash, answerHash, now))) return;
    const rebates = claim ? await rebatesOfIds(tx, claim.rebateIds, 'eligible') : [];
    if (!claim || rebates.length !== claim.rebateIds.length) throw new AppError('LINK_EXPIRED');
    const method = isOpenIdPayee(answer) ? 'transfer' : 'manual';
    const small = method === 'transfer' ? rebates.find((each) => !isPayable(each)) : undefined;
    if (small)
      throw new AppError('BAD_REQUEST', {
        detail: `expected at least ${LEAST_PAYOUT_FEN} fen for a payment by WeChat but received ${small.fen}: claim it to be paid by hand`,
      });
    const payeeHash = hashPayee(keys, answer);
    for (const rebate of rebates) {
      const payee = seal(keys.seal, JSON.stringify(answer), payeeOf(rebate.id));
      const moved = await moveRebate(tx, rebate, 'claimed', {
        ...{ payee, payeeHash, method, claimedAt: now, reason: null },
      });
      if (!moved) throw new AppError('LINK_EXPIRED');
    }
  });
}

/** To whom a rebate is to be paid; undefined when nobody waits for it. */
export function readPayee(keys: Pick<Keys, 'seal'>, { id, payee }: Pick<RebateRow, 'id' | 'payee'>): Payee | undefined {
  return payee ? JSON.parse(unseal(keys.seal, payee, payeeOf(id))) : undefined;
}

/** A payee as an operator reads it: of an id of WeChat, which says nothing to anybody, its end. */
export function payeeWords(payee: Payee | undefined): ClaimAnswer | null {
  if (!payee) return null;
  return isOpenIdPayee(payee) ? { wechat: `…${payee.openid.slice(-6)}`, name: 'WeChat' } : payee;
}
