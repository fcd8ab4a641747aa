import { readFile } from 'node:fs/promises';
import { decode as decodeBmp } from 'bmp-ts';
import heic from 'heic-decode';
import { PhotoError } from './errors.ts';
import { checkSize, type Limits } from './limits.ts';

/** R G B A interleaved, upright. */
interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Size of a BMP from its header: bytes 18 to 25, or 18 to 21 in the oldest form; a negative height means top row first. */
export function bmpSize(bytes: Buffer): { width: number; height: number } {
  if (bytes.length < 30)
    throw new PhotoError('damaged', `expected a BMP header for the file but received ${bytes.length} bytes`);
  if (bytes.readUInt32LE(14) === 12) return { width: bytes.readUInt16LE(18), height: bytes.readUInt16LE(20) };
  return { width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) };
}

function alphaUnused(data: Uint8Array): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 0) return false;
  return true;
}

/**
 * Decodes a BMP file.
 * @throws PhotoError `damaged`, `too_long_side`, `too_many_pixels`.
 */
export async function readBmp(path: string, limits: Limits): Promise<Rgba> {
  const bytes = await readFile(path);
  const { width, height } = bmpSize(bytes);
  checkSize(width, height, limits);
  const bits = bytes.readUInt16LE(28);
  const pixelBytes = bytes.length - bytes.readUInt32LE(10);
  // Uncompressed rows are padded to 4 bytes; compressed ones (field 30) have no size to check against.
  if (bytes.readUInt32LE(30) === 0 && pixelBytes < Math.ceil((width * bits) / 32) * 4 * height)
    throw new PhotoError(
      'damaged',
      `expected ${width} x ${height} pixels for the BMP but received ${pixelBytes} bytes`,
    );
  try {
    const { data } = decodeBmp(bytes, { toRGBA: true });
    // Files of 24 and of many 32 bits leave alpha at 0 everywhere: such a picture is meant to be opaque.
    if (alphaUnused(data)) for (let i = 3; i < data.length; i += 4) data[i] = 255;
    return { width, height, data };
  } catch (cause) {
    throw new PhotoError('damaged', 'expected a readable BMP for the file but received a damaged one', { cause });
  }
}

/**
 * Decodes the first picture of a HEIC file with libheif compiled to WebAssembly; its size is checked before its pixels are decoded.
 * @throws PhotoError `damaged`, `too_long_side`, `too_many_pixels`.
 */
export async function readHeic(path: string, limits: Limits): Promise<Rgba> {
  try {
    const pictures = await heic.all({ buffer: new Uint8Array(await readFile(path)) });
    const [first] = pictures;
    if (!first) throw new PhotoError('damaged', 'expected a picture for the HEIC file but received none');
    checkSize(first.width, first.height, limits);
    const { width, height, data } = await first.decode();
    return { width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  } catch (cause) {
    if (cause instanceof PhotoError) throw cause;
    throw new PhotoError('damaged', 'expected a readable HEIC for the file but received a damaged one', { cause });
  }
}
