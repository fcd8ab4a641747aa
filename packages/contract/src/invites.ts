import { z } from 'zod';

/** The way to an inviter's page: `/i/CODE`. Letters and digits that nobody confuses, and no vowels, so that no word appears. */
export const INVITE_LETTERS = 'BCDFGHJKMNPQRSTVWXZ23456789';
export const INVITE_CODE_LENGTH = 8;

/**
 * What becomes of an invite; `bound` is a friend with an account who has bought nothing yet, `bought` one whose order could still be given
 * back for all of its money.
 */
export const INVITE_STATES = ['bound', 'bought', 'review', 'rewarded', 'refused', 'clawed_back'] as const;
export type InviteState = (typeof INVITE_STATES)[number];

/** What both sides get for the friend's first paid order. */
export const InviteTerms = z.object({
  /** Photos for who invites, and for the friend. */
  inviter: z.number().int(),
  invitee: z.number().int(),
  /** Days for which they are good. */
  days: z.number().int(),
  /** Friends in 30 days for whom the inviter is rewarded at most. */
  perMonth: z.number().int(),
  /** They come once so much of the order, in fen, has been used up, or so many days after it at the latest. */
  usedFen: z.number().int(),
  latestDays: z.number().int(),
});
export type InviteTerms = z.infer<typeof InviteTerms>;

/** One friend, of whom nothing is said but what became of the invite. Times are ISO 8601 in UTC. */
export const FriendView = z.object({
  state: z.enum(INVITE_STATES),
  joinedAt: z.string(),
  /** When the friend had bought for the first time. */
  boughtAt: z.string().nullable(),
  /** Photos that the inviter got for it. */
  photos: z.number().int(),
});
export type FriendView = z.infer<typeof FriendView>;

/** `GET /api/v1/invites`. Guests read the terms only; the code of a user is made when it is first asked for. */
export const InviteView = z.object({
  /** Null where this installation rewards no invites. */
  terms: InviteTerms.nullable(),
  own: z.object({ code: z.string(), url: z.string(), friends: z.array(FriendView) }).nullable(),
  /** The invite by which this user came themselves. */
  invited: z.object({ state: z.enum(INVITE_STATES), photos: z.number().int() }).nullable(),
});
export type InviteView = z.infer<typeof InviteView>;

/**
 * A rebate waits until its order can hardly be refunded any more, is claimed, looked at by an operator, and paid: by hand once it is
 * `approved`, or by WeChat, with a payout, while it is `sent`.
 */
export const REBATE_STATES = [
  'accrued',
  'eligible',
  'claimed',
  'approved',
  'sent',
  'rejected',
  'paid',
  'void',
] as const;
export type RebateState = (typeof REBATE_STATES)[number];

/** How a rebate is paid: by hand, to the WeChat ID that was typed in; or by WeChat's merchant transfer, to who opened the claim in WeChat. */
export const REBATE_METHODS = ['manual', 'transfer'] as const;
export type RebateMethod = (typeof REBATE_METHODS)[number];

/**
 * One try to send the money of a rebate by WeChat: asked by us, accepted, `waiting` for who is paid to say yes, `sending`, `done`. It ends
 * otherwise as `failed`, or, not accepted within 24 hours, by `closing` as `lapsed`; the rebate can be claimed again then.
 */
export const PAYOUT_STATES = [
  'asked',
  'accepted',
  'waiting',
  'sending',
  'closing',
  'done',
  'failed',
  'lapsed',
] as const;
export type PayoutState = (typeof PAYOUT_STATES)[number];

/** Cash back on one order. Money is whole fen. */
export const RebateView = z.object({
  id: z.string(),
  package: z.string(),
  fen: z.number().int(),
  state: z.enum(REBATE_STATES),
  accruedAt: z.string(),
  /** When it can be claimed. */
  dueAt: z.string(),
  paidAt: z.string().nullable(),
  /** The number of the payment in WeChat, once it is paid. */
  receipt: z.string().nullable(),
  /** Why it was refused or given back, in the operator's words. */
  reason: z.string().nullable(),
  /** Null until it is claimed. */
  method: z.enum(REBATE_METHODS).nullable(),
  /** The latest try to send it by WeChat. `until` is when it lapses unless it is accepted. */
  payout: z.object({ state: z.enum(PAYOUT_STATES), until: z.string() }).nullable(),
});
export type RebateView = z.infer<typeof RebateView>;

/** `GET /api/v1/rebates`: the user's own, newest first. */
export const RebateViews = z.array(RebateView);

/**
 * `POST /api/v1/rebates/claims`, and `POST /api/v1/rebates/:id/claims` for a rebate whose money waits in WeChat: an address for the phone,
 * for ten minutes.
 */
export const ClaimLink = z.object({ url: z.string(), expiresAt: z.string() });
export type ClaimLink = z.infer<typeof ClaimLink>;

/** `GET /api/v1/claims/:token`: what whoever opened the address is about to claim, or to accept. */
export const ClaimView = z.object({
  fen: z.number().int(),
  /** Whose it is, so that nobody claims for somebody else: an address with most of it hidden, or a name. */
  account: z.string(),
  expiresAt: z.string(),
  /**
   * Whether WeChat can pay this: not here (`off`); not so `small` an amount; once WeChat has been asked who opened the page, at
   * `GET /api/v1/claims/:token/wechat` (`ask`); or now, since that is `known`. Where it cannot, a WeChat ID is typed in.
   */
  wechat: z.enum(['off', 'small', 'ask', 'known']),
  /** Money that waits in WeChat to be accepted: what `requestMerchantTransfer` takes. Null for a claim. */
  accept: z
    .object({
      state: z.enum(PAYOUT_STATES),
      mchId: z.string(),
      appId: z.string(),
      /** Null while there is nothing to accept. */
      package: z.string().nullable(),
    })
    .nullable(),
  /** Where a demonstration goes on in place of WeChat; null elsewhere. */
  demoUrl: z.string().nullable(),
});
export type ClaimView = z.infer<typeof ClaimView>;

/** The least that WeChat sends, in fen. */
export const LEAST_PAYOUT_FEN = 10;

/** `POST /api/v1/claims/:token`: to whom the operator pays. Answers 204, as does `POST /api/v1/claims/:token/wechat` for who is `known`. */
export const ClaimAnswer = z.object({
  wechat: z
    .string()
    .trim()
    .regex(/^(?:[A-Za-z][\w-]{5,19}|1\d{10})$/, 'expected a WeChat ID or a mobile number'),
  name: z.string().trim().min(1).max(60),
});
export type ClaimAnswer = z.infer<typeof ClaimAnswer>;
