import type { Photo } from './tables.ts';

/** Whose photos these are. */
export interface OwnerRef {
  readonly kind: 'partner' | 'visitor' | 'user';
  readonly id: string;
}

/** Who uploads and pays. */
export type Owner = { readonly kind: 'partner'; readonly id: string; readonly walletId: string } | Person;

/** Somebody at a page, signed in or not: has free photos. `address` is the HMAC of the address that the request came from. */
export interface Person {
  readonly kind: 'visitor' | 'user';
  readonly id: string;
  readonly walletId: string;
  readonly address: Buffer;
}

/** The column of a photo that names an owner of each kind. */
export const OWNER_COLUMN = { partner: 'partnerId', visitor: 'visitorId', user: 'userId' } as const;

/** What a photo says of its owner. */
export type Owned = Pick<Photo, 'partnerId' | 'visitorId' | 'userId'>;

/** The columns that make a photo somebody's. */
export function ownedBy({ kind, id }: OwnerRef): Owned {
  return { partnerId: null, visitorId: null, userId: null, [OWNER_COLUMN[kind]]: id };
}

export function isOwnedBy(photo: Owned, { kind, id }: OwnerRef): boolean {
  return photo[OWNER_COLUMN[kind]] === id;
}

/** The visitor or user whose pages show a photo; partners have none. */
export const personOf = (photo: Owned): string | null => photo.userId ?? photo.visitorId;
