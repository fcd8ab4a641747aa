import type { ColumnType, Generated, JSONColumnType } from 'kysely';

type Time = ColumnType<Date, Date, Date>;

interface AuditTable {
  id: Generated<number>;
  at: Time;
  operator: string;
  origin: 'console' | 'cli';
  act: string;
  subject: string;
  before: JSONColumnType<object> | null;
  after: JSONColumnType<object> | null;
  reason: string | null;
  address: string | null;
  /** The same key is one act. */
  key: string | null;
}

interface TotpTable {
  authId: string;
  /** The secret, sealed. */
  sealed: Buffer;
  /** When a code of it was given for the first time: it counts from then on. */
  provenAt: ColumnType<Date | null, Date | null | undefined, Date | null>;
  /** The newest step of 30 s whose code was taken. */
  lastStep: Generated<number>;
}

interface RecoveryCodeTable {
  authId: string;
  /** HMAC of the code. */
  hash: Buffer;
}

interface StepUpTable {
  sessionId: string;
  at: Time;
}

interface SettingTable {
  key: string;
  value: string;
  changedBy: string;
  changedAt: Time;
}

/** What the operator's console keeps. */
export interface ConsoleTables {
  audit: AuditTable;
  totp: TotpTable;
  recoveryCode: RecoveryCodeTable;
  stepUp: StepUpTable;
  setting: SettingTable;
}
