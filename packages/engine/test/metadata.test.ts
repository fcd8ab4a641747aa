import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import readExif from 'exif-reader';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { decode, encode } from '../src/codec.ts';
import { labelled } from '../src/labels.ts';
import { foreignProfile } from '../src/metadata.ts';
import { folder, heic, picture, stored } from './files.ts';
import { NAGASAKI, toSharp } from './pictures.ts';

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
