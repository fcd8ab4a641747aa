import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Config } from './config.ts';
import type { Tx } from './database.ts';
import { grant } from './wallets.ts';

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

/** What counts as one address: an IPv4 address, or the /64 of an IPv6 one, which is what one subscriber has. */
export function addressGroup(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain);
  if (mapped) return mapped[1] as string;
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const groups =
    tail === undefined ? left : [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** An address as it is stored: HMAC-SHA256, so that the same one is known again and none can be read. */
export function hashAddress(key: Buffer, address: string): Buffer {
  return createHmac('sha256', key).update(addressGroup(address)).digest();
}

/** The key under which a visitor's free lot of a day is granted, once. */
export const freeLotKey = (visitorId: string, day: FreeDay): string => `free:${visitorId}:${day.date}`;

/** Grants a visitor the free photos of a day, once; they lapse at its end. */
export async function grantFreePhotos(
  tx: Tx,
  rules: FreeRules,
  visitor: { readonly id: string; readonly walletId: string },
  day: FreeDay,
  now: Date,
): Promise<void> {
  if (rules.FREE_PER_DAY === 0) return;
  await grant(
    tx,
    {
      walletId: visitor.walletId,
      credits: rules.FREE_PER_DAY,
      source: 'free',
      expiresAt: day.ends,
      key: freeLotKey(visitor.id, day),
      actor: 'system',
    },
    now,
  );
}
