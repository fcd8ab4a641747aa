import sharp from 'sharp';
import { expect, it } from 'vitest';
import { decode, inspect } from '../src/codec.ts';
import type { PhotoError } from '../src/errors.ts';
import { sniff } from '../src/format.ts';
import { LIMITS } from '../src/limits.ts';
import { tiffOf } from '../src/tiff.ts';
import { bmp, heic, picture, stored } from './files.ts';
import { fileOf } from './pictures.ts';

const refusal = async (bytes: Uint8Array, limits = LIMITS) => {
  const outcomes = await Promise.all(
    [inspect(stored(bytes), limits), decode(stored(bytes), false, limits)].map((run) =>
      run.then(
        () => 'accepted',
        (error: PhotoError) => error.reason,
      ),
    ),
  );
  return outcomes[0] === outcomes[1] ? outcomes[0] : outcomes.join(' and ');
};

it('refuses what is not a picture it reads', async () => {
  expect(await refusal(new Uint8Array(0))).toBe('empty');
  expect(await refusal(Buffer.from('These are words and not a picture, whatever the name says.'))).toBe(
    'unsupported_type',
  );
  expect(await refusal(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'))).toBe(
    'unsupported_type',
  );
  expect(await refusal(Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj <</Type /Catalog>> endobj'))).toBe('unsupported_type');
});

it('refuses damaged and truncated files of every format', async () => {
  const files = [bmp, heic, await fileOf(picture, 'jpeg'), await fileOf(picture, 'png'), await fileOf(picture, 'webp')];
  files.push(await fileOf(picture, 'avif'), await fileOf(picture, 'tiff'), await fileOf(picture, 'gif'));
  for (const file of files) {
    expect(await refusal(file)).toBe('accepted');
    expect(await refusal(file.subarray(0, Math.floor(file.length * 0.6)))).toBe('damaged');
    expect(await refusal(file.subarray(0, 40))).toBe('damaged');
  }
});

it('refuses a TIFF whose last strip is cut off', async () => {
  const raw = { raw: { width: 160, height: 120, channels: 3 } } as const;
  for (const compression of ['none', 'lzw', 'jpeg', 'deflate'] as const) {
    const file = await sharp(picture.data, raw).tiff({ compression }).toBuffer();
    expect(await refusal(file)).toBe('accepted');
    for (const share of [0.7, 0.8, 0.9])
      expect(await refusal(file.subarray(0, Math.floor(file.length * share)))).toBe('damaged');
  }
});

it('refuses a TIFF of very many pages, or of pages in a circle, without counting them all', async () => {
  const page = tiffOf(16, 16, new Uint8Array(3 * 16 * 16), Buffer.alloc(0), 300);
  const next = 8 + 2 + 12 * 14;
  const circle = Buffer.from(page);
  circle.writeUInt32LE(8, next);
  const chain = Buffer.alloc(6 * 1_000_000); // pages without a field
  const many = Buffer.concat([page, chain]);
  many.writeUInt32LE(page.length, next);
  for (let at = page.length; at + 6 < many.length; at += 6) many.writeUInt32LE(at + 6, at + 2);
  const started = performance.now();
  for (const file of [circle, many]) expect(await refusal(file)).toBe('damaged');
  expect(performance.now() - started).toBeLessThan(5000);
  expect(await refusal(page)).toBe('accepted');
});

it('refuses what is over the limits, before it decodes a pixel', async () => {
  const jpeg = await fileOf(picture, 'jpeg');
  expect(await refusal(jpeg, { ...LIMITS, bytes: jpeg.length - 1 })).toBe('too_many_bytes');
  for (const file of [jpeg, bmp, await fileOf(picture, 'png')]) {
    expect(await refusal(file, { ...LIMITS, side: 159 })).toBe('too_long_side');
    expect(await refusal(file, { ...LIMITS, pixels: 160 * 120 - 1 })).toBe('too_many_pixels');
    expect(await refusal(file, { ...LIMITS, side: 160, pixels: 160 * 120 })).toBe('accepted');
  }
  expect(await refusal(heic, { ...LIMITS, side: 63 })).toBe('too_long_side');
  // 30,000 x 30,000 in 96 kB.
  const bomb = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#000' } })
    .png()
    .toBuffer();
  bomb.writeUInt32BE(30_000, 16);
  bomb.writeUInt32BE(30_000, 20);
  const started = performance.now();
  expect(['too_long_side', 'damaged']).toContain(await refusal(bomb));
  expect(performance.now() - started).toBeLessThan(2000);
});

it('tells a format from the first bytes alone', () => {
  expect(sniff(Buffer.from(`GIF89a${'x'.repeat(20)}`))).toBe('gif');
  expect(sniff(Buffer.from('\0\0\0\x18ftypmif1\0\0\0\0mif1avif', 'latin1'))).toBe('avif');
  expect(sniff(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'))).toBe('heic');
  expect(sniff(Buffer.from('\0\0\0\x14ftypisom\0\0\0\0isom', 'latin1'))).toBeUndefined();
  expect(sniff(Buffer.from('BM'))).toBeUndefined();
});
