import type { Raster } from './raster.ts';

interface Known {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** 1 where `data` holds a colour. */
  readonly known: Uint8Array;
}

/** Halves a picture: the mean of the known pixels of each 2 x 2, unknown where there is none. */
function halved({ width: fullWidth, height: fullHeight, data, known }: Known): Known {
  const [width, height] = [Math.ceil(fullWidth / 2), Math.ceil(fullHeight / 2)];
  const half = { width, height, data: new Uint8Array(3 * width * height), known: new Uint8Array(width * height) };
  const sums = new Uint16Array(3 * width);
  const counts = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    counts.fill(0);
    for (let row = 2 * y; row < Math.min(fullHeight, 2 * y + 2); row++)
      for (let x = 0; x < fullWidth; x++) {
        const from = row * fullWidth + x;
        if (!known[from]) continue;
        const to = x >> 1;
        counts[to] = (counts[to] as number) + 1;
        for (let c = 0; c < 3; c++) sums[3 * to + c] = (sums[3 * to + c] as number) + (data[3 * from + c] as number);
      }
    for (let x = 0; x < width; x++) {
      const count = counts[x] as number;
      if (count === 0) continue;
      half.known[y * width + x] = 1;
      for (let c = 0; c < 3; c++) half.data[3 * (y * width + x) + c] = (sums[3 * x + c] as number) / count;
    }
  }
  return half;
}

/** Fills the unknown pixels of a picture from its halves. */
function fill(fine: Known): void {
  if (Math.max(fine.width, fine.height) === 1 || !fine.known.includes(0)) return;
  const half = halved(fine);
  fill(half);
  for (let y = 0, i = 0; y < fine.height; y++)
    for (let x = 0; x < fine.width; x++, i++) {
      if (fine.known[i]) continue;
      const from = 3 * ((y >> 1) * half.width + (x >> 1));
      for (let c = 0; c < 3; c++) fine.data[3 * i + c] = half.data[from + c] as number;
    }
}

/**
 * Gives pixels that nobody sees the colours of their visible surroundings: what lies under full transparency is often black, and a
 * network or a resampler would draw it into the visible edge.
 */
export function fillHidden(photo: Raster): Raster {
  const { width, height, alpha } = photo;
  if (!alpha?.includes(0)) return photo;
  const data = new Uint8Array(photo.data);
  fill({ width, height, data, known: alpha.map((a) => (a > 0 ? 1 : 0)) });
  return { ...photo, data };
}

/** The photo on white, without alpha. */
export function onWhite({ width, height, data, alpha }: Raster): Raster {
  if (!alpha) return { width, height, data };
  const flat = new Uint8Array(data.length);
  for (let i = 0; i < flat.length; i++) {
    const a = alpha[Math.floor(i / 3)] as number;
    flat[i] = Math.round((a * (data[i] as number) + (255 - a) * 255) / 255);
  }
  return { width, height, data: flat };
}

/** Splits interleaved pixels into colour and, where any pixel is not opaque, alpha. */
export function split(pixels: Uint8Array, width: number, height: number): Raster {
  const data = new Uint8Array(3 * width * height);
  const alpha = new Uint8Array(width * height);
  let least = 255;
  for (let i = 0, from = 0, to = 0; i < alpha.length; i++, from += 4, to += 3) {
    data[to] = pixels[from] as number;
    data[to + 1] = pixels[from + 1] as number;
    data[to + 2] = pixels[from + 2] as number;
    const a = pixels[from + 3] as number;
    alpha[i] = a;
    if (a < least) least = a;
  }
  return least === 255 ? { width, height, data } : { width, height, data, alpha };
}
