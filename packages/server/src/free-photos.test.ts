import { expect, it } from 'vitest';
import { addressGroup, freeDay, hashAddress } from './free-photos.ts';

const day = (time: string, zone: string) => {
  const { date, begins, ends } = freeDay(new Date(time), zone);
  return [date, begins.toISOString(), ends.toISOString()];
};

it('ends a day at midnight of the configured time zone', () => {
  expect(day('2026-03-01T15:59:59.999Z', 'Asia/Shanghai')).toEqual([
    '2026-03-01',
    '2026-02-28T16:00:00.000Z',
    '2026-03-01T16:00:00.000Z',
  ]);
  expect(day('2026-03-01T16:00:00Z', 'Asia/Shanghai')[0]).toBe('2026-03-02');
  expect(day('2026-03-01T00:00:00Z', 'UTC')).toEqual([
    '2026-03-01',
    '2026-03-01T00:00:00.000Z',
    '2026-03-02T00:00:00.000Z',
  ]);
});

it('knows that a day of a clock change has 23 or 25 hours', () => {
  const hours = (time: string, zone: string) => {
    const { begins, ends } = freeDay(new Date(time), zone);
    return (ends.getTime() - begins.getTime()) / 3_600_000;
  };
  expect(hours('2026-03-29T10:00:00Z', 'Europe/Paris')).toBe(23);
  expect(hours('2026-10-25T10:00:00Z', 'Europe/Paris')).toBe(25);
  expect(hours('2026-10-26T10:00:00Z', 'Europe/Paris')).toBe(24);
  expect(hours('2026-11-01T12:00:00Z', 'America/New_York')).toBe(25);
});

it('counts an IPv6 /64 as one address, however it is written', () => {
  const one = '2001:db8:1:2::/64';
  for (const text of ['2001:db8:1:2::1', '2001:0DB8:0001:0002:ffff::', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::1%eth0'])
    expect(addressGroup(text)).toBe(one);
  expect(addressGroup('2001:db8:1:3::1')).not.toBe(one);
  expect(addressGroup('::1')).toBe('0:0:0:0::/64');
  for (const text of ['::ffff:192.0.2.7', '::FFFF:C000:0207', '0:0:0:0:0:ffff:192.0.2.7', '0::ffff:c000:207'])
    expect(addressGroup(text), text).toBe('192.0.2.7');
  expect(addressGroup('192.0.2.7')).toBe('192.0.2.7');
});

it('stores no address in the clear', () => {
  const key = Buffer.alloc(32, 1);
  expect(hashAddress(key, '192.0.2.7')).toEqual(hashAddress(key, '::ffff:192.0.2.7'));
  expect(hashAddress(key, '192.0.2.7').toString('latin1')).not.toContain('192.0.2.7');
  expect(hashAddress(Buffer.alloc(32, 2), '192.0.2.7')).not.toEqual(hashAddress(key, '192.0.2.7'));
});
