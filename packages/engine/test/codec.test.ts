import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { encode as encodeBmp } from 'bmp-ts';
import readExif from 'exif-reader';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { decode, encode, inspect, preview } from '../src/codec.ts';
import type { PhotoError } from '../src/errors.ts';
import { sniff } from '../src/format.ts';
import { labelled } from '../src/labels.ts';
import { LIMITS } from '../src/limits.ts';
import { foreignProfile } from '../src/metadata.ts';
import { tiffOf } from '../src/tiff.ts';
import { difference, draw, fileOf, grey, NAGASAKI, pixelsOf, psnr, scene, toSharp, worst } from './pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'hili-codec-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
function stored(bytes: Uint8Array): string {
  const path = join(folder, String(count++));
  writeFileSync(path, bytes);
  return path;
}
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

const picture = scene(160, 120);
const rgba = Buffer.concat(
  [...Array(160 * 120).keys()].map((i) => Buffer.from([0, ...picture.data.subarray(3 * i, 3 * i + 3).toReversed()])),
);
const bmp = encodeBmp({ data: rgba, width: 160, height: 120, bitPP: 24 } as never).data as unknown as Buffer;
const heic = readFileSync(join(import.meta.dirname, 'fixtures', 'drawn.heic'));

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

const exif = {
  IFD0: { Make: 'Leica', Copyright: 'the family', Orientation: '6' },
  IFD2: { DateTimeOriginal: '1987:06:05 04:03:02', ISOSpeedRatings: '200' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 51/1 30/1', GPSLongitudeRef: 'E', GPSLongitude: '2/1 17/1 40/1' },
};
const xmp =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ' +
  'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" ' +
  'exif:GPSLatitude="48,51.5N" tiff:Orientation="6"><dc:creator>Grandfather</dc:creator><exif:GPSLongitude>2,17.6E</exif:GPSLongitude></rdf:Description></rdf:RDF></x:xmpmeta>';

it('copies EXIF and XMP with their dates, and drops the place unless it is asked to keep it', async () => {
  for (const [keep, format] of [
    [false, 'jpeg'],
    [true, 'jpeg'],
    [false, 'webp'],
    [false, 'png'],
    [false, 'avif'],
    [false, 'tiff'],
  ] as const) {
    const path = stored(await toSharp(picture).withExif(exif).withXmp(xmp).jpeg().toBuffer());
    const { raster, metadata } = await decode(path, keep);
    await encode(raster, metadata, format, `${path}.out`);
    const { exif: kept, xmp: packet } = (await decode(`${path}.out`, true)).metadata;
    if (format === 'tiff') {
      // TIFF takes no EXIF from libvips: its XMP says it.
      expect(packet).toContain('>Leica</tiff:Make>');
      expect(packet).toContain('>1987:06:05 04:03:02</exif:DateTimeOriginal>');
    } else {
      expect(kept.IFD0).toMatchObject({ Make: 'Leica', Copyright: 'the family' });
      expect(kept.IFD2).toMatchObject({ DateTimeOriginal: '1987:06:05 04:03:02' });
    }
    expect(kept.IFD3?.GPSLatitude).toBe(keep ? '48 51 30' : undefined);
    expect(packet).toContain('Grandfather');
    expect(/GPSL/.test(packet ?? '')).toBe(keep);
    expect(packet).not.toContain('Orientation');
    expect(readFileSync(`${path}.out`).includes('GPSLatitude')).toBe(keep);
  }
});

it('reads the EXIF of a TIFF file, without its place', async () => {
  const { metadata } = await decode(join(import.meta.dirname, 'fixtures', 'drawn.tiff'));
  expect(metadata.exif).toEqual({
    IFD0: { Make: 'Epson' },
    IFD2: expect.objectContaining({ DateTimeOriginal: '2003:04:05 06:07:08' }),
  });
});

it('keeps the pixels per inch', async () => {
  for (const density of [72, 300, 600]) {
    const path = stored(await toSharp(picture).withMetadata({ density }).jpeg().toBuffer());
    const { raster, metadata } = await decode(path);
    await encode(raster, metadata, 'jpeg', `${path}.out`);
    expect((await sharp(`${path}.out`).metadata()).density).toBe(density);
  }
});

it('says the pixels per inch in every format, also of a picture in a wide profile', async () => {
  const p3 = await toSharp(picture).withIccProfile('p3').withDensity(240).png().toBuffer();
  for (const file of [p3, await toSharp(picture).withDensity(240).png().toBuffer()]) {
    const { raster, metadata } = await decode(stored(file));
    expect(metadata.icc !== undefined).toBe(file === p3);
    for (const format of ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const) {
      await encode(raster, metadata, format, join(folder, 'printed'));
      const { density, exif } = await sharp(join(folder, 'printed')).metadata();
      // WebP and AVIF have no place for it but EXIF, where sharp does not look.
      expect(density ?? readExif(exif as Buffer).Image?.XResolution, format).toBe(240);
    }
  }
});

it('takes a density that no scanner has for none, also beside a profile', async () => {
  const png = await toSharp(picture).withIccProfile('p3').png().toBuffer();
  const at = png.indexOf('pHYs');
  expect(at).toBeGreaterThan(0);
  png.writeUInt32BE(0x7fffffff, at + 4);
  png.writeUInt32BE(0x7fffffff, at + 8);
  png.writeUInt32BE(crc32(png.subarray(at, at + 13)), at + 13);
  const decoded = await decode(stored(png));
  expect(decoded.metadata).toMatchObject({ icc: expect.any(Buffer) });
  await encode(decoded.raster, decoded.metadata, 'jpeg', join(folder, 'dense'));
  expect((await decode(join(folder, 'dense'))).header).toMatchObject({ width: 160, height: 120 });
});

it('spends no time on XMP that is made to cost it', async () => {
  const packet = (inside: string) => xmp.replace('<dc:creator>', `${inside}<dc:creator>`);
  const long = packet('<exif:GPSx>'.repeat(200_000));
  for (const hostile of [packet(' '.repeat(55_000)), packet('<exif:GPSx>'.repeat(5000)), long]) {
    const path = stored(await toSharp(picture).withXmp(hostile).png().toBuffer());
    const started = performance.now();
    const { raster, metadata } = await decode(path);
    expect(metadata.xmp === undefined).toBe(hostile === long);
    await encode(raster, { ...metadata, xmp: labelled(metadata.xmp) }, 'png', `${path}.out`);
    expect(performance.now() - started).toBeLessThan(5000);
  }
});

it('loses no photo for EXIF that has a tag without a value', async () => {
  const file = await toSharp(picture).withExif(exif).jpeg().toBuffer();
  const at = file.indexOf(Buffer.from([0x27, 0x88, 3, 0, 1, 0, 0, 0])); // ISO, SHORT, one value
  expect(at).toBeGreaterThan(0);
  file[at + 4] = 0;
  const { raster, metadata } = await decode(stored(file));
  expect(metadata.exif.IFD2).toEqual({ DateTimeOriginal: '1987:06:05 04:03:02' });
  await encode(raster, metadata, 'jpeg', join(folder, 'valueless'));
});

it('takes a damaged profile for none, and one with something behind it for what it is', async () => {
  const file = await toSharp(picture).withIccProfile('p3').jpeg().toBuffer();
  const { icc } = await sharp(file).metadata();
  const at = file.indexOf(icc as Buffer);
  const damages = { size: 1, signature: 36, class: 12, tags: 128, tag: 136 };
  for (const [name, offset] of Object.entries(damages)) {
    const bad = Buffer.from(file);
    bad[at + offset] = 0x7f;
    const { raster, metadata } = await decode(stored(bad));
    expect(metadata.icc, name).toBeUndefined();
    await encode(raster, metadata, 'png', join(folder, 'profile'));
  }
  const padded = Buffer.concat([icc as Buffer, Buffer.alloc(8)]);
  expect(foreignProfile(padded)).toEqual(icc);
});

it('reads a HEIC whose metadata sharp refuses', async () => {
  const file = Buffer.from(heic);
  const items = file.indexOf('iinf') + 8;
  file.writeUInt16BE(32_515, items); // more items than there are
  await expect(sharp(file).metadata()).rejects.toThrow();
  const { raster, metadata } = await decode(stored(file));
  expect([raster.width, raster.height, metadata]).toEqual([64, 48, { exif: {} }]);
});

it('keeps the metadata of a real photo', async () => {
  const { raster, metadata } = await decode(NAGASAKI);
  await encode(raster, metadata, 'jpeg', join(folder, 'real'));
  expect((await decode(join(folder, 'real'))).metadata.exif).toEqual(metadata.exif);
});

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
