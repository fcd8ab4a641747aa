import type { InviteState, PayoutState, RebateMethod, RebateState } from '@hili/contract';
import type { ColumnType, Generated } from 'kysely';

type Time = ColumnType<Date, Date, Date>;
type MaybeTime = ColumnType<Date | null, Date | null | undefined, Date | null>;

interface InviteCodeTable {
  userId: string;
  code: string;
  /** HMAC of the inviter's address in its normal form. */
  emailHash: Buffer | null;
  createdAt: Time;
}

/** Why an invite is looked at by an operator before anybody is rewarded. */
export type Suspicion = 'device' | 'network' | 'email' | 'payer' | 'burst' | 'refund';

interface InviteTable {
  id: Generated<string>;
  inviterId: string;
  inviteeId: string;
  /** What was promised when the friend joined: credits of each side, days they are good for, rewards of the inviter in 30 days. */
  inviterCredits: number;
  inviteeCredits: number;
  days: number;
  perMonth: number;
  suspicion: Suspicion | null;
  /** HMAC of the friend's address in its normal form. */
  emailHash: Buffer | null;
  boundAt: Time;
  state: Generated<InviteState>;
  /** The friend's first paid order. */
  orderId: string | null;
  qualifiedAt: MaybeTime;
  decidedBy: string | null;
  rewardedAt: MaybeTime;
  /** Credits that were granted. */
  inviterGot: Generated<number>;
  inviteeGot: Generated<number>;
  endedAt: MaybeTime;
}

interface RebateTable {
  id: Generated<string>;
  orderId: string;
  userId: string;
  /** The code of the package that was bought. */
  package: string;
  fen: number;
  state: Generated<RebateState>;
  accruedAt: Time;
  /** When it can be claimed. */
  dueAt: Time;
  /** Who is to be paid, sealed; there only until that is done. */
  payee: Buffer | null;
  /** HMAC of their WeChat ID. */
  payeeHash: Buffer | null;
  claimedAt: MaybeTime;
  approvedBy: string | null;
  approvedAt: MaybeTime;
  reason: string | null;
  /** How it is paid; from the claim on. */
  method: RebateMethod | null;
  receipt: string | null;
  paidBy: string | null;
  paidAt: MaybeTime;
  /** Counts changes, so that of two operators one acts. */
  version: Generated<number>;
}

interface RebateClaimTable {
  /** SHA-256 of the token. */
  tokenHash: Buffer;
  userId: string;
  rebateIds: string[];
  expiresAt: Time;
  /** Whether they are claimed by it, or one that waits in WeChat is accepted. */
  kind: 'claim' | 'accept';
  /** HMAC of what it was confirmed with; null until then. */
  answerHash: Generated<Buffer | null>;
}

interface PayoutTable {
  id: Generated<string>;
  /** Our number of it, by which WeChat knows it. */
  outBillNo: string;
  rebateId: string;
  fen: number;
  /** The service account under which the payee is known. */
  appid: string;
  state: Generated<PayoutState>;
  /** WeChat's number of it. */
  billNo: Generated<string | null>;
  /** What lets the payee accept it, while it waits for that. */
  packageInfo: Generated<string | null>;
  /** What WeChat has said against it, last. */
  trouble: Generated<string | null>;
  askedAt: Time;
  endedAt: MaybeTime;
  /** When WeChat is to be asked next; null once it has ended. */
  nextCheckAt: MaybeTime;
  checks: Generated<number>;
}

/** Who brought whom, and cash back. */
export interface InviteTables {
  inviteCode: InviteCodeTable;
  invite: InviteTable;
  rebate: RebateTable;
  rebateClaim: RebateClaimTable;
  payout: PayoutTable;
}
