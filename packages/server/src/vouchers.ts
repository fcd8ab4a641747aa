import { createHmac } from 'node:crypto';
import { AppError, type VoucherAnswer } from '@hili/contract';
import { type Db, inTransaction } from './database.ts';
import { publish } from './events.ts';
import type { Decider } from './invites.ts';
import type { Keys } from './secrets.ts';
import { holdUser } from './users.ts';
import { newVoucherCode, readVoucherCode, writeVoucherCode } from './voucher-code.ts';
import { endVouchers, insertBatch, insertVouchers, redeemedBy, takeVoucher } from './voucher-rows.ts';
import { grant } from './wallets.ts';

/** Codes of one batch at most. */
const MOST = 1000;
const DAY_MS = 86_400_000;

/** What each code of a batch is worth, and until when. */
export interface VoucherWish {
  /** Codes, 1 to 1000. */
  readonly count: number;
  /** Photos of each. */
  readonly credits: number;
  /** The code of the package whose place they take. */
  readonly package?: string;
  /** Whether they let several photos be under way at once. */
  readonly batch?: boolean;
  /** Pixels of the longest side of a result that they pay for; as large as the engine makes them unless given. */
  readonly maxSide?: number;
  /** Days for which the photos are good once a code is redeemed. */
  readonly days: number;
  /** When the codes can no longer be redeemed; null for never. */
  readonly expiresAt: Date | null;
  readonly note: string;
}

const hashOf = (keys: Pick<Keys, 'vouchers'>, code: string): Buffer =>
  createHmac('sha256', keys.vouchers).update(code).digest();

const bad = (field: string, detail: string) => new AppError('BAD_REQUEST', { field, detail });

/**
 * Makes codes. They are shown here only: the database has their HMAC.
 * @returns the id of the batch, and its codes as people read them.
 * @throws AppError BAD_REQUEST for numbers out of range.
 */
export async function createVouchers(
  db: Db,
  keys: Pick<Keys, 'vouchers'>,
  { count, ...wish }: VoucherWish,
  by: Decider,
  now: Date,
): Promise<{ id: string; codes: string[] }> {
  const { credits, days, note, expiresAt, batch = false, maxSide = null } = wish;
  const ranges = { count: [count, MOST], credits: [credits, 1_000_000], days: [days, 3650] } as const;
  for (const [field, [value, most]] of Object.entries(ranges))
    if (!Number.isInteger(value) || value < 1 || value > most)
      throw bad(field, `expected a number of 1 to ${most} for ${field} but received ${value}`);
  if (note.length > 500) throw bad('note', `expected up to 500 characters for note but received ${note.length}`);
  if (expiresAt && expiresAt <= now)
    throw bad('expires', 'expected a time to come for expires but received one that is over');
  const codes = Array.from({ length: count }, newVoucherCode);
  const id = await inTransaction(db, async (tx) => {
    const row = { credits, days, note, expiresAt, batch, maxSide, package: wish.package ?? null };
    const made = await insertBatch(tx, { ...row, createdBy: by.name, createdAt: now });
    await insertVouchers(
      tx,
      made.id,
      codes.map((code) => hashOf(keys, code)),
    );
    return made.id;
  });
  return { id, codes: codes.map(writeVoucherCode) };
}

/**
 * Turns a code into photos, once. The same user with the same code again is told the same, so that a lost answer does no harm; everybody
 * else is told no more than of a code that never was.
 * @throws AppError BAD_REQUEST for a slip of the pen; VOUCHER_INVALID when it is unknown, used, ended or too old; SIGN_IN_REQUIRED.
 */
export async function redeemVoucher(
  db: Db,
  keys: Pick<Keys, 'vouchers'>,
  userId: string,
  typed: string,
  now: Date,
): Promise<VoucherAnswer> {
  const code = readVoucherCode(typed);
  if (code === undefined)
    throw bad('code', 'expected a code of 16 letters and digits for code but received one with a slip');
  const hash = hashOf(keys, code);
  return inTransaction(db, async (tx) => {
    const user = await holdUser(tx, userId);
    if (!user) throw new AppError('SIGN_IN_REQUIRED');
    const isNew = (await takeVoucher(tx, hash, userId, now)) !== undefined;
    const voucher = await redeemedBy(tx, hash, userId);
    if (!voucher) throw new AppError('VOUCHER_INVALID');
    const { id, credits, batch, maxSide, redeemedAt } = voucher;
    const expiresAt = new Date(redeemedAt.getTime() + voucher.days * DAY_MS);
    if (isNew) {
      const rights = {
        batch,
        ...(voucher.package && { package: voucher.package }),
        ...(maxSide !== null && { maxSide }),
      };
      const lot = { walletId: user.walletId, credits, source: 'voucher', ref: id, expiresAt } as const;
      await grant(tx, { ...lot, ...rights, key: `voucher:${id}`, actor: userId }, now);
      await publish(tx, `owner:${userId}`, { kind: 'me' });
    }
    return { photos: credits, batch, maxSide, expiresAt: expiresAt.toISOString() };
  });
}

/**
 * Ends the codes of a batch that nobody has redeemed; what was redeemed stays.
 * @returns how many.
 * @throws AppError DATA_NOT_FOUND; BAD_REQUEST without a reason.
 */
export async function revokeVouchers(db: Db, batchId: string, reason: string, by: Decider, now: Date): Promise<number> {
  const words = reason.trim();
  if (words === '' || words.length > 500)
    throw bad('reason', `expected 1 to 500 characters for reason but received ${words.length}`);
  const ended = await inTransaction(db, (tx) =>
    endVouchers(tx, batchId, { revokedBy: by.name, revokedAt: now, reason: words }),
  );
  if (ended === undefined)
    throw new AppError('DATA_NOT_FOUND', {
      detail: `expected the id of a batch but received ${JSON.stringify(batchId)}`,
    });
  return ended;
}
