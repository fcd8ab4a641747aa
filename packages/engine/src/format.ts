import { open, stat } from 'node:fs/promises';
import { PhotoError } from './errors.ts';
import { checkBytes, type Limits } from './limits.ts';
import type { Raster } from './raster.ts';
import { checkPages } from './tiff-pages.ts';

export const INPUT_FORMATS = ['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif', 'bmp', 'heic'] as const;
export const OUTPUT_FORMATS = ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const;

export type InputFormat = (typeof INPUT_FORMATS)[number];
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** HEIF brands whose pictures are HEVC-coded. */
const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];

/**
 * Tells the format by content alone.
 * @param head the first 64 bytes of the file (fewer when it is shorter).
 * @returns undefined for anything that is not one of the eight formats.
 */
export function sniff(head: Uint8Array): InputFormat | undefined {
  const bytes = Buffer.from(head);
  const text = (from: number, to: number) => bytes.toString('latin1', from, to);
  if (bytes.length < 12) return undefined;
  if (bytes.readUIntBE(0, 3) === 0xffd8ff) return 'jpeg';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp';
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(text(0, 4))) return 'tiff';
  if (['GIF87a', 'GIF89a'].includes(text(0, 6))) return 'gif';
  if (text(0, 2) === 'BM' && bytes.readUInt32LE(6) === 0) return 'bmp';
  if (text(4, 8) === 'ftyp') {
    const brands = [text(8, 12)];
    for (let at = 16; at + 4 <= Math.min(bytes.length, bytes.readUInt32BE(0)); at += 4) brands.push(text(at, at + 4));
    if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'avif';
    if (brands.some((brand) => HEIC_BRANDS.includes(brand))) return 'heic';
  }
  return undefined;
}

/**
 * Format and size of a file.
 * @throws PhotoError `empty`, `too_many_bytes`, `unsupported_type`.
 */
export async function formatOf(path: string, limits: Limits): Promise<{ format: InputFormat; bytes: number }> {
  const { size } = await stat(path);
  checkBytes(size, limits);
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    const format = sniff(buffer.subarray(0, bytesRead));
    if (!format)
      throw new PhotoError(
        'unsupported_type',
        'expected JPEG, PNG, WebP, AVIF, TIFF, GIF, BMP or HEIC for the file but received another type',
      );
    if (format === 'tiff') await checkPages(file, buffer.subarray(0, bytesRead));
    return { format, bytes: size };
  } finally {
    await file.close();
  }
}

/** What a side may be at most where the format has a limit below ours. */
const LONGEST: Partial<Record<OutputFormat, number>> = { webp: 16_383, avif: 16_384 };

/**
 * The format in which a result is written when nobody asks for another: the input's own where it can be written. An AVIF file may have
 * longer sides than we can write: such a picture becomes JPEG, or PNG where it is transparent.
 */
export function outputFormat(input: InputFormat, { width, height, alpha }: Raster): OutputFormat {
  if (input === 'gif' || input === 'bmp') return 'png';
  if (input === 'heic') return 'jpeg';
  if (Math.max(width, height) <= (LONGEST[input] ?? Number.POSITIVE_INFINITY)) return input;
  return alpha ? 'png' : 'jpeg';
}

/** @throws PhotoError `bad_option` when the format cannot hold sides as long as these. */
export function checkSides(format: OutputFormat, width: number, height: number): void {
  const longest = LONGEST[format] ?? Number.POSITIVE_INFINITY;
  if (Math.max(width, height) > longest)
    throw new PhotoError(
      'bad_option',
      `expected sides of at most ${longest} px for ${format} but received ${width} x ${height}`,
    );
}
