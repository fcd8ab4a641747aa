import { randomBytes } from 'node:crypto';
import { AppError } from '@hili/contract';
import { sql } from 'kysely';
import { type Db, inTransaction, type Tx } from './database.ts';
import { readNetwork } from './networks.ts';
import { type Keys, seal, unseal } from './secrets.ts';
import { available, createWallet, grant, oneYearAfter } from './wallets.ts';

/** A partner that may call now. */
export interface Partner {
  readonly id: string;
  readonly code: string;
  readonly walletId: string;
  /** Every secret that is valid now: two during a rotation. */
  readonly secrets: readonly string[];
  /** Addresses and networks that it may call from; none for any. */
  readonly addresses: readonly string[];
}

/** What an operator sees of a partner: never a secret. */
export interface PartnerRow {
  readonly code: string;
  readonly name: string;
  readonly credits: number;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

const CODE = /^[\w.-]{1,64}$/;
/** 128 bits, as 32 letters and digits that survive any form or shell. */
const newSecret = () => randomBytes(16).toString('hex');
/** Sealed in place of unsealing a secret, so that the time of an answer does not tell which codes there are. As long as a secret. */
const DECOY = 'no-partner-has-this-as-a-secret.';
const about = (partnerId: string) => `partner/${partnerId}`;

/**
 * Makes a partner with an empty wallet. The secret is shown here only; the database has it sealed.
 * @throws AppError BAD_REQUEST when the code is empty, has blanks, or is taken.
 */
export async function createPartner(
  db: Db,
  keys: Keys,
  { code, name }: { code: string; name: string },
  now: Date,
): Promise<{ code: string; secretKey: string }> {
  if (!CODE.test(code))
    throw bad(
      'code',
      `expected 1 to 64 letters, digits, ".", "_" or "-" for code but received ${JSON.stringify(code)}`,
    );
  const secretKey = newSecret();
  await inTransaction(db, async (tx) => {
    const walletId = await createWallet(tx, 'partner', now);
    const partner = await tx
      .insertInto('partner')
      .values({ code, name, walletId, createdAt: now })
      .onConflict((conflict) => conflict.column('code').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!partner) throw bad('code', `expected a new code but received ${JSON.stringify(code)}, which is taken`);
    await addSecret(tx, keys, partner.id, secretKey, now);
  });
  return { code, secretKey };
}

/** Every partner with the credits that it can spend now, by code. */
export async function listPartners(db: Db, now: Date): Promise<PartnerRow[]> {
  const rows = await db.selectFrom('partner').selectAll().orderBy('code').execute();
  return Promise.all(
    rows.map(async ({ code, name, walletId, createdAt, disabledAt }) => ({
      code,
      name,
      credits: await available(db, walletId, now),
      createdAt,
      disabledAt,
    })),
  );
}

/** Refuses every further call of a partner; jobs under way end as usual. @throws AppError DATA_NOT_FOUND */
export async function disablePartner(db: Db, code: string, now: Date): Promise<void> {
  const { id } = await partnerByCode(db, code);
  await db
    .updateTable('partner')
    .set({ disabledAt: now })
    .where('id', '=', id)
    .where('disabledAt', 'is', null)
    .execute();
}

/** Lets a partner call again. @throws AppError DATA_NOT_FOUND */
export async function enablePartner(db: Db, code: string): Promise<void> {
  const { id } = await partnerByCode(db, code);
  await db.updateTable('partner').set({ disabledAt: null }).where('id', '=', id).execute();
}

/**
 * Sets from where a partner may call; none for anywhere.
 * @returns what was set before, and now.
 * @throws AppError DATA_NOT_FOUND; BAD_REQUEST when one is no address or network.
 */
export async function setAddresses(
  tx: Tx,
  code: string,
  addresses: readonly string[],
): Promise<{ before: string[]; after: string[] }> {
  const after = [...new Set(addresses.map(readNetwork))];
  const { id } = await partnerByCode(tx, code);
  const { addresses: before } = await tx
    .selectFrom('partner')
    .select('addresses')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  await tx.updateTable('partner').set({ addresses: after }).where('id', '=', id).execute();
  return { before, after };
}

/** Secrets of a partner that work now: when they were made, and when they stop. */
export function secretsOf(db: Db, partnerId: string, now: Date): Promise<{ createdAt: Date; endsAt: Date | null }[]> {
  return db
    .selectFrom('partnerSecret')
    .select(['createdAt', 'endsAt'])
    .where('partnerId', '=', partnerId)
    .where((e) => e.or([e('endsAt', 'is', null), e('endsAt', '>', now)]))
    .orderBy('createdAt', 'desc')
    .execute();
}

/**
 * Gives a partner a new secret; the old one works on for `overlapSeconds`.
 * @throws AppError DATA_NOT_FOUND
 */
export async function rotatePartner(
  db: Db,
  keys: Keys,
  code: string,
  overlapSeconds: number,
  now: Date,
): Promise<{ code: string; secretKey: string }> {
  const secretKey = newSecret();
  await inTransaction(db, async (tx) => {
    const { id } = await partnerByCode(tx, code);
    // The partner's lock puts two rotations in order; a secret that ends sooner already keeps its own end.
    await tx.selectFrom('partner').select('id').where('id', '=', id).forUpdate().execute();
    const endsAt = new Date(now.getTime() + overlapSeconds * 1000);
    await tx
      .updateTable('partnerSecret')
      .set({ endsAt: sql<Date>`least(ends_at, ${endsAt})` })
      .where('partnerId', '=', id)
      .execute();
    await addSecret(tx, keys, id, secretKey, now);
  });
  return { code, secretKey };
}

/**
 * Grants credits to a partner.
 * @param expiresAt null for never; absent for one year from now.
 * @param key the same key grants once.
 * @returns false when this key had granted them before.
 * @throws AppError DATA_NOT_FOUND, BAD_REQUEST when the number is not a positive integer
 */
export async function grantToPartner(
  db: Db,
  code: string,
  credits: number,
  { expiresAt }: { expiresAt?: Date | null },
  key: string,
  now: Date,
  actor = 'operator',
): Promise<boolean> {
  if (!Number.isInteger(credits) || credits < 1 || credits > 1_000_000_000)
    throw bad('credits', `expected a number of 1 to 1,000,000,000 for credits but received ${credits}`);
  const { walletId } = await partnerByCode(db, code);
  const lapse = expiresAt === undefined ? oneYearAfter(now) : expiresAt;
  return grant(db, { walletId, credits, source: 'partner', expiresAt: lapse, key, actor }, now);
}

/** The partner of a `third_code`. @returns undefined when unknown or disabled. */
export async function findPartner(db: Db, keys: Keys, code: string, now: Date): Promise<Partner | undefined> {
  // One that cannot be anybody's is looked for all the same: see DECOY.
  const asked = CODE.test(code) ? code : '';
  const rows = await db
    .selectFrom('partner')
    .innerJoin('partnerSecret', 'partnerSecret.partnerId', 'partner.id')
    .select(['partner.id', 'partner.code', 'partner.walletId', 'partner.addresses', 'partnerSecret.sealed'])
    .where('partner.code', '=', asked)
    .where('partner.disabledAt', 'is', null)
    .where((e) => e.or([e('partnerSecret.endsAt', 'is', null), e('partnerSecret.endsAt', '>', now)]))
    .execute();
  const [first] = rows;
  if (!first) {
    seal(keys.seal, DECOY, about(DECOY));
    return undefined;
  }
  const secrets = rows.map(({ sealed }) => unseal(keys.seal, sealed, about(first.id)));
  return { id: first.id, code: first.code, walletId: first.walletId, addresses: first.addresses, secrets };
}

/** Credits that a wallet can spend now, holds subtracted. */
export function creditsOf(db: Db, walletId: string, now: Date): Promise<number> {
  return available(db, walletId, now);
}

/** @throws AppError DATA_NOT_FOUND */
export async function partnerByCode(db: Db, code: string): Promise<{ id: string; walletId: string }> {
  const row = await db.selectFrom('partner').select(['id', 'walletId']).where('code', '=', code).executeTakeFirst();
  if (!row)
    throw new AppError('DATA_NOT_FOUND', { detail: `expected a partner's code but received ${JSON.stringify(code)}` });
  return row;
}

async function addSecret(db: Db, keys: Keys, partnerId: string, secret: string, now: Date): Promise<void> {
  const sealed = seal(keys.seal, secret, about(partnerId));
  await db.insertInto('partnerSecret').values({ partnerId, sealed, createdAt: now }).execute();
}

function bad(field: string, detail: string): AppError {
  return new AppError('BAD_REQUEST', { field, detail });
}
