import { PhotoError } from './errors.ts';

/** What a photo may be at most; checked from its header, before any pixel is decoded. */
export interface Limits {
  readonly bytes: number;
  readonly pixels: number;
  /** Pixels of the longer side. */
  readonly side: number;
}

export const LIMITS: Limits = { bytes: 50 * 1024 * 1024, pixels: 100_000_000, side: 20_000 };

/** @throws PhotoError `empty` or `too_many_bytes`. */
export function checkBytes(bytes: number, limits: Limits): void {
  if (bytes === 0) throw new PhotoError('empty', 'expected a picture for the file but received 0 bytes');
  if (bytes > limits.bytes)
    throw new PhotoError('too_many_bytes', `expected at most ${limits.bytes} bytes for the file but received ${bytes}`);
}

/** @throws PhotoError `damaged`, `too_long_side` or `too_many_pixels`. */
export function checkSize(width: number, height: number, limits: Limits): void {
  if (!(width > 0 && height > 0))
    throw new PhotoError('damaged', `expected a size for the picture but received ${width} x ${height}`);
  if (Math.max(width, height) > limits.side)
    throw new PhotoError(
      'too_long_side',
      `expected sides of at most ${limits.side} px for the picture but received ${width} x ${height}`,
    );
  if (width * height > limits.pixels)
    throw new PhotoError(
      'too_many_pixels',
      `expected at most ${limits.pixels} pixels for the picture but received ${width} x ${height}`,
    );
}
