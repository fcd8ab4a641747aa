import type { Db } from './database.ts';
import type { Keys } from './secrets.ts';

/** A partner that may call now. */
export interface Partner {
  readonly id: string;
  readonly code: string;
  readonly walletId: string;
  /** Every secret that is valid now: two during a rotation. */
  readonly secrets: readonly string[];
}

/** The partner of a `third_code`. @returns undefined when unknown or disabled. */
export async function findPartner(_db: Db, _keys: Keys, _code: string, _now: Date): Promise<Partner | undefined> {
  throw new Error('not written yet');
}

/** Credits that a partner can spend now, holds subtracted. */
export async function creditsOf(_db: Db, _walletId: string, _now: Date): Promise<number> {
  throw new Error('not written yet');
}
