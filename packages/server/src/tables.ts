import type { Crop, ErrorCode, Fault, IdCheck, Language, RecipeName, RunOptions, StepNote } from '@hili/contract';
import type { ColumnType, Generated, JSONColumnType, Selectable } from 'kysely';
import type { ConsoleTables } from './console-tables.ts';
import type { InviteTables } from './invite-tables.ts';
import type { OrderTables } from './order-tables.ts';
import type { SalesTables } from './sales-tables.ts';

/** What a finished run says of itself: the engine's report without its sizes. */
export interface JobReport {
  readonly changed: boolean;
  readonly ms: number;
  readonly steps: readonly { name: string; ms: number; model: string | null; changed: boolean; note?: StepNote }[];
  /** Where faces are in the result; absent once the photo is gone, and from runs of before anybody looked for them. */
  readonly faces?: readonly Crop[];
  /** How it would do as an ID photo; absent as `faces`. */
  readonly checks?: readonly IdCheck[];
}

/** What a result is: its place in storage and what a header says of it. */
export interface JobResult {
  readonly key: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

/** What a mail is for; `mail/letters` has the words of each. */
export type MailKind =
  | 'code'
  | 'reset'
  | 'email-code'
  | 'email-changed'
  | 'password-changed'
  | 'photo-ready'
  | 'complaint'
  | 'complaint-answered'
  | 'credits-expiring'
  | 'fapiao'
  | 'fapiao-ended'
  | 'refunded'
  | 'account-deleted';

type Time = ColumnType<Date, Date, Date>;
type MaybeTime = ColumnType<Date | null, Date | null | undefined, Date | null>;

interface WalletTable {
  id: Generated<string>;
  kind: 'guest' | 'user' | 'partner';
  mergedInto: string | null;
  createdAt: Time;
}

interface PartnerTable {
  id: Generated<string>;
  code: string;
  name: string;
  walletId: string;
  createdAt: Time;
  disabledAt: MaybeTime;
  /** Addresses and networks that it may call from; none for any. */
  addresses: Generated<string[]>;
}

interface PartnerSecretTable {
  id: Generated<string>;
  partnerId: string;
  sealed: Buffer;
  createdAt: Time;
  /** When a rotated secret stops working; null for the newest. */
  endsAt: MaybeTime;
}

interface VisitorTable {
  id: Generated<string>;
  /** SHA-256 of the cookie. */
  cookie: Buffer;
  walletId: string;
  createdAt: Time;
  seenAt: Time;
  /** Who signed in with this cookie and took over what the visitor had; null for a guest. */
  userId: Generated<string | null>;
}

interface UserTable {
  id: Generated<string>;
  /** better-auth's own user; null once the account is deleted. */
  authId: string | null;
  walletId: string;
  language: Language;
  /** Whether a mail says that a photo is ready, unless the photo says otherwise. */
  mailWhenReady: Generated<boolean>;
  createdAt: Time;
  deletedAt: MaybeTime;
  /** HMAC of the network that they were last seen at; null for one that says nothing. */
  network: Generated<Buffer | null>;
  seenAt: MaybeTime;
}

interface PhotoTable {
  /** 32 hex digits; the partner wire's `mdf`. */
  id: string;
  partnerId: string | null;
  visitorId: string | null;
  userId: string | null;
  name: string;
  format: string;
  width: number;
  height: number;
  bytes: number;
  sha256: string;
  /** Storage key of the uploaded picture; null once it is removed. */
  uploadKey: string | null;
  /** Storage key of a JPEG that any browser shows; null until a worker has made it, and once it is removed. */
  previewKey: string | null;
  createdAt: Time;
  /** When both pictures go; null while a job is under way. */
  expiresAt: MaybeTime;
  /** When both pictures went. */
  removedAt: MaybeTime;
  /** Runs at no cost that are left; null until it has been paid for. */
  rerunsLeft: Generated<number | null>;
  /** Whether a mail says that it is ready; null for what the user's account says. */
  mailWhenReady: Generated<boolean | null>;
}

interface MailTable {
  id: Generated<string>;
  /** The same key is one mail. */
  key: string;
  kind: MailKind;
  /** Null for a user's own address, and once the mail has ended. */
  recipient: string | null;
  userId: string | null;
  /** What it is about: the job that is done, the complaint, the refund, or the sign-in whose address changes. */
  about: string | null;
  language: Language;
  createdAt: Time;
  /** When it is to be tried next. */
  dueAt: Time;
  attempts: Generated<number>;
  endedAt: MaybeTime;
  outcome: Generated<'sent' | 'dropped' | null>;
}

interface ComplaintTable {
  id: Generated<string>;
  photoId: string;
  /** The run whose result it is about. */
  jobId: string;
  fault: Fault;
  text: string;
  /** Whether the operator may look at the pictures, for as long as they are kept. */
  mayLook: boolean;
  /** In which the owner reads. */
  language: Language;
  state: Generated<'open' | 'answered'>;
  answer: Generated<string | null>;
  createdAt: Time;
  /** When its present words came. */
  writtenAt: Time;
  answeredAt: MaybeTime;
}

interface SpentProofTable {
  signature: string;
  expiresAt: Time;
}

interface JobTable {
  id: string;
  photoId: string;
  recipe: RecipeName;
  options: JSONColumnType<RunOptions>;
  state: 'queued' | 'running' | 'done' | 'failed';
  /** Held by free credits only. */
  free: boolean;
  /** HMAC of the visitor's address; null for partners. */
  address: Buffer | null;
  /** Runs begun; 2 at most. */
  attempt: Generated<number>;
  /** Who may settle: a new value for each run. */
  lease: string | null;
  leaseUntil: MaybeTime;
  /** Higher goes first; see `priority` in queue.ts. */
  priority: number;
  /** The queue's message that is to wake a worker. */
  messageId: string;
  progress: Generated<number>;
  step: string | null;
  error: ErrorCode | null;
  result: JSONColumnType<JobResult> | null;
  report: JSONColumnType<JobReport> | null;
  /** One of the two at no cost: it has no hold. */
  rerun: Generated<boolean>;
  /** Pixels of the longest side that its credit allows the result; null for no such limit. */
  maxSide: Generated<number | null>;
  /** Storage key of the input as it was turned and cut; null when it was neither. */
  beforeKey: Generated<string | null>;
  /** Storage key of the result in small; null when it is small itself. */
  previewKey: Generated<string | null>;
  /** Storage key of the tiles of a large result; null until somebody has looked closely. */
  tilesKey: Generated<string | null>;
  createdAt: Time;
  deadline: Time;
  startedAt: MaybeTime;
  endedAt: MaybeTime;
}

interface SecretMarkTable {
  one: Generated<boolean>;
  mark: Buffer;
  setAt: Time;
}

/** The tables that are read or written through Kysely; the ledger's others are touched by its SQL functions only. */
export interface Tables extends ConsoleTables, InviteTables, OrderTables, SalesTables {
  wallet: WalletTable;
  partner: PartnerTable;
  partnerSecret: PartnerSecretTable;
  visitor: VisitorTable;
  user: UserTable;
  photo: PhotoTable;
  job: JobTable;
  mail: MailTable;
  complaint: ComplaintTable;
  spentProof: SpentProofTable;
  secretMark: SecretMarkTable;
}

export type Job = Selectable<JobTable>;
/** An uploaded picture with its newest job, the newest that is done, and what its owner told the operator about it. */
export type Photo = Selectable<PhotoTable> & {
  readonly job: Job;
  readonly doneJob: Job | undefined;
  readonly complaint: Selectable<ComplaintTable> | undefined;
};
