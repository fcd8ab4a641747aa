import type { Config } from './config.ts';
import type { Db } from './database.ts';
import type { Keys } from './secrets.ts';

/** Somebody with our cookie, without an account. */
export interface Visitor {
  readonly id: string;
  readonly walletId: string;
  /** HMAC of the address that this request came from. */
  readonly address: Buffer;
  /** The cookie's value, only when it was made just now and has to be set. */
  readonly newCookie: string | undefined;
}

export type FreeRules = Pick<Config, 'FREE_PER_DAY' | 'FREE_PER_ADDRESS' | 'TIME_ZONE'>;

/**
 * The visitor of a cookie; a missing or unknown cookie makes a new one. The free photos of a day become a lot when the first
 * of them is used, so that a page that is only looked at leaves nothing in the ledger.
 * @param address the client's IP address as text.
 */
export async function findOrCreateVisitor(
  _db: Db,
  _keys: Keys,
  _cookie: string | undefined,
  _address: string,
  _now: Date,
): Promise<Visitor> {
  throw new Error('not written yet');
}

/** The visitor of a cookie, for requests that must not make one. */
export async function findVisitor(
  _db: Db,
  _keys: Keys,
  _cookie: string | undefined,
  _address: string,
): Promise<Visitor | undefined> {
  throw new Error('not written yet');
}

/** Photos that a visitor has left now, and when the free ones are renewed. */
export async function photosLeft(
  _db: Db,
  _rules: FreeRules,
  _visitor: Visitor,
  _now: Date,
): Promise<{ left: number; renewsAt: Date }> {
  throw new Error('not written yet');
}
