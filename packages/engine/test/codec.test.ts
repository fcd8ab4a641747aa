import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { decode, encode, inspect, preview } from '../src/codec.ts';
import { tiffOf } from '../src/tiff.ts';
import { bmp, folder, heic, picture, stored } from './files.ts';
import { difference, draw, fileOf, grey, pixelsOf, psnr, toSharp, worst } from './pictures.ts';

it('reads every format by its content, whatever the file is called', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const) {
    const path = stored(await fileOf(picture, format, format === 'webp' ? { quality: 95 } : {}));
    expect(await inspect(path)).toMatchObject({ format, width: 160, height: 120 });
    const { raster, header } = await decode(path);
    expect(header.format).toBe(format);
    expect(psnr(raster, picture)).toBeGreaterThan(format === 'gif' ? 24 : 28);
  }
});

it('reads BMP and HEIC, which sharp does not', async () => {
  expect(await inspect(stored(bmp))).toEqual({ format: 'bmp', width: 160, height: 120, bytes: bmp.length });
  expect(psnr((await decode(stored(bmp))).raster, picture)).toBeGreaterThan(60);
  expect(await inspect(stored(heic))).toEqual({ format: 'heic', width: 64, height: 48, bytes: heic.length });
  const { raster, metadata } = await decode(stored(heic));
  expect(
    psnr(
      raster,
      draw(64, 48, (x, y) => [(x * 4) % 256, (y * 5) % 256, 128]),
    ),
  ).toBeGreaterThan(35);
  expect(metadata.exif.IFD0?.Make).toBe('Test');
  expect(JSON.stringify(metadata)).not.toContain('GPS');
});

it('takes the first page of a TIFF and the first frame of a GIF', async () => {
  const pages = Buffer.concat([picture.data, draw(160, 120, () => [0, 0, 0]).data]);
  const raw = { raw: { width: 160, height: 240, channels: 3 as const, pageHeight: 120 } };
  for (const file of [await sharp(pages, raw).tiff().toBuffer(), await sharp(pages, raw).gif().toBuffer()]) {
    const { raster } = await decode(stored(file));
    expect([raster.width, raster.height]).toEqual([160, 120]);
    expect(psnr(raster, picture)).toBeGreaterThan(24);
  }
});

it('reads 16 bits a channel, CMYK and grey in their right colours', async () => {
  const sixteen = await toSharp(picture).toColourspace('rgb16').png().toBuffer();
  expect((await sharp(sixteen).metadata()).depth).toBe('ushort');
  expect(worst((await decode(stored(sixteen))).raster.data, picture.data)).toBeLessThanOrEqual(1);
  const sixteenTiff = await toSharp(picture).toColourspace('rgb16').tiff({ compression: 'lzw' }).toBuffer();
  expect(worst((await decode(stored(sixteenTiff))).raster.data, picture.data)).toBeLessThanOrEqual(1);
  const cmyk = await toSharp(picture).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
  expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
  // By eye the same; ink holds fewer colours than the screen.
  expect(difference((await decode(stored(cmyk))).raster.data, picture.data)).toBeLessThan(12);
  const one = await toSharp(grey(picture)).toColourspace('b-w').png().toBuffer();
  expect((await sharp(one).metadata()).channels).toBe(1);
  expect(worst((await decode(stored(one))).raster.data, grey(picture).data)).toBeLessThanOrEqual(1);
});

it('turns a photo upright by its EXIF orientation, and writes it without', async () => {
  for (let orientation = 1; orientation <= 8; orientation++) {
    const path = stored(await toSharp(picture).withMetadata({ orientation }).png().toBuffer());
    const expected = await pixelsOf(path);
    const decoded = await decode(path);
    expect(await inspect(path)).toMatchObject({ width: expected.width, height: expected.height });
    expect(worst(decoded.raster.data, expected.data)).toBe(0);
    await encode(decoded.raster, decoded.metadata, 'png', `${path}.out`);
    expect((await sharp(`${path}.out`).metadata()).orientation ?? 1).toBe(1);
  }
});

it('keeps the numbers and the profile of a Display-P3 photo, so that no colour shifts, the widest included', async () => {
  const icc = (await sharp(await toSharp(picture).withIccProfile('p3').png().toBuffer()).metadata()).icc as Buffer;
  const wide = draw(160, 120, (x, y) => [x < 80 ? 255 : 3 * (x - 80), y < 60 ? 0 : 255, x + y]);
  const p3 = await sharp(tiffOf(160, 120, wide.data, icc, 300), { ignoreIcc: true })
    .keepIccProfile()
    .png()
    .toBuffer();
  const decoded = await decode(stored(p3));
  for (const format of ['png', 'jpeg', 'webp', 'avif', 'tiff'] as const) {
    const path = join(folder, `p3.${format}`);
    await encode(decoded.raster, decoded.metadata, format, path, 100);
    expect((await sharp(path).metadata()).icc?.equals(icc)).toBe(true);
    const numbers = await sharp(path, { ignoreIcc: true }).removeAlpha().raw().toBuffer();
    if (format === 'png' || format === 'tiff') expect(worst(numbers, wide.data)).toBe(0);
    else expect(difference(numbers, wide.data)).toBeLessThan(4);
  }
  await preview(decoded, 100, join(folder, 'p3-preview'));
  const shown = await sharp(p3).resize(100, 100, { fit: 'inside' }).raw().toBuffer();
  expect(difference((await pixelsOf(join(folder, 'p3-preview'))).data, shown)).toBeLessThan(6);
});

it('writes an sRGB photo back with the same numbers, tagged sRGB', async () => {
  const path = join(folder, 'srgb');
  await encode(picture, { exif: {} }, 'png', path);
  expect(worst((await pixelsOf(path)).data, picture.data)).toBe(0);
  expect((await sharp(path).metadata()).icc?.toString('latin1').replaceAll('\0', '')).toContain('sRGB');
});

it('keeps alpha in formats that have it and puts white under it in JPEG', async () => {
  const alpha = Uint8Array.from({ length: 160 * 120 }, (_, i) => (i % 160 < 80 ? 0 : 200));
  const png = await toSharp(picture)
    .joinChannel(Buffer.from(alpha), { raw: { width: 160, height: 120, channels: 1 } })
    .png()
    .toBuffer();
  const decoded = await decode(stored(png));
  expect(decoded.raster.alpha).toEqual(alpha);
  for (const format of ['png', 'webp', 'avif', 'tiff'] as const) {
    const path = join(folder, `alpha.${format}`);
    await encode(decoded.raster, decoded.metadata, format, path);
    expect(difference(await sharp(path).extractChannel(3).raw().toBuffer(), alpha)).toBeLessThan(2);
  }
  await encode(decoded.raster, decoded.metadata, 'jpeg', join(folder, 'alpha.jpeg'));
  const { data } = await pixelsOf(join(folder, 'alpha.jpeg'));
  expect([...data.subarray(0, 3)].every((v) => v > 250)).toBe(true);
});

it('writes JPEG at quality 92 with full colour resolution', async () => {
  const path = join(folder, 'quality');
  await encode(picture, { exif: {} }, 'jpeg', path);
  expect((await sharp(path).metadata()).chromaSubsampling).toBe('4:4:4');
  const quantisation = (file: Buffer) => file.subarray(file.indexOf('\xff\xdb', 0, 'latin1')).subarray(0, 69);
  const [at91, at92] = [await fileOf(picture, 'jpeg', { quality: 91 }), await fileOf(picture, 'jpeg', { quality: 92 })];
  expect(quantisation(readFileSync(path))).toEqual(quantisation(at92));
  expect(quantisation(readFileSync(path))).not.toEqual(quantisation(at91));
});
