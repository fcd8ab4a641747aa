import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Config } from './config.ts';
import type { Db, Tx } from './database.ts';
import { countFreeJobs } from './job-rows.ts';
import type { Person } from './owners.ts';
import { grant, type LotRow, listLots, lockWallet } from './wallets.ts';

export type FreeRules = Pick<Config, 'FREE_PER_DAY' | 'FREE_PER_ADDRESS' | 'TIME_ZONE'>;

/** One day of free photos: from midnight to midnight of the configured time zone. */
export interface FreeDay {
  /** Its date, `YYYY-MM-DD`. */
  readonly date: string;
  readonly begins: Date;
  readonly ends: Date;
}

/** Milliseconds by which a time zone is ahead of UTC at a moment. */
function offset(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const [year = 0, month = 0, day = 0, hour, minute, second] = (
    ['year', 'month', 'day', 'hour', 'minute', 'second'] as const
  ).map((type) => Number(parts.find((part) => part.type === type)?.value));
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at.getTime() / 1000) * 1000;
}

/** The moment of a midnight that is written as if it were UTC. Twice, since the offset may change on that very day. */
function midnight(asUtc: number, timeZone: string): Date {
  const near = asUtc - offset(new Date(asUtc), timeZone);
  return new Date(asUtc - offset(new Date(near), timeZone));
}

/** The day that a moment belongs to. Days of a clock change have 23 or 25 hours. */
export function freeDay(now: Date, timeZone: string): FreeDay {
  const date = new Date(now.getTime() + offset(now, timeZone)).toISOString().slice(0, 10);
  const begins = Date.parse(`${date}T00:00:00Z`);
  return { date, begins: midnight(begins, timeZone), ends: midnight(begins + 86_400_000, timeZone) };
}

/** What counts as one address: an IPv4 address, also where it is written as an IPv6 one (::ffff:0:0/96), or the /64 of an IPv6 one, which is what one subscriber has. */
export function addressGroup(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase();
  if (!isIPv6(plain)) return plain;
  // The last 32 bits may be written as an IPv4 address.
  const whole = plain.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [head = '', tail] = whole.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const groups =
    tail === undefined ? left : [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  const numbers = groups.map((group) => Number.parseInt(group, 16));
  if (numbers.slice(0, 6).join() === '0,0,0,0,0,65535')
    return numbers
      .slice(6)
      .flatMap((number) => [number >> 8, number & 255])
      .join('.');
  return `${numbers
    .slice(0, 4)
    .map((number) => number.toString(16))
    .join(':')}::/64`;
}

/** An address as it is stored: HMAC-SHA256, so that the same one is known again and none can be read. */
export function hashAddress(key: Buffer, address: string): Buffer {
  return createHmac('sha256', key).update(addressGroup(address)).digest();
}

/**
 * Grants a person the free photos of a day, once; they lapse at its end. Who signed in with what was left of a guest's has had them.
 */
export async function grantFreePhotos(
  tx: Tx,
  rules: FreeRules,
  { id, walletId }: { readonly id: string; readonly walletId: string },
  day: FreeDay,
  now: Date,
): Promise<void> {
  if (rules.FREE_PER_DAY === 0) return;
  await lockWallet(tx, walletId);
  if ((await listLots(tx, walletId, now)).some(({ source }) => source === 'free')) return;
  await grant(
    tx,
    {
      walletId,
      credits: rules.FREE_PER_DAY,
      source: 'free',
      expiresAt: day.ends,
      key: `free:${id}:${day.date}`,
      actor: 'system',
    },
    now,
  );
}

/** What a person can still have restored. */
export interface Left {
  /** Bought photos and free ones, these as far as the address allows. */
  readonly left: number;
  /** When the free ones are renewed. */
  readonly renewsAt: Date;
  readonly lots: readonly LotRow[];
}

/** Photos that a person has left now. */
export async function photosLeft(db: Db, rules: FreeRules, { walletId, address }: Person, now: Date): Promise<Left> {
  const day = freeDay(now, rules.TIME_ZONE);
  const lots = await listLots(db, walletId, now);
  const count = (some: readonly LotRow[]) => some.reduce((sum, { available }) => sum + available, 0);
  const free = lots.filter(({ source }) => source === 'free');
  const ofAddress = Math.max(0, rules.FREE_PER_ADDRESS - (await countFreeJobs(db, address, day.begins)));
  // The lot is granted with the first of the day.
  const freeLeft = Math.min(free.length > 0 ? count(free) : rules.FREE_PER_DAY, ofAddress);
  return { left: count(lots) - count(free) + freeLeft, renewsAt: day.ends, lots };
}
