import type { Raster } from './raster.ts';

const luma = (r: number, g: number, b: number) => 0.299 * r + 0.587 * g + 0.114 * b;

/**
 * What a black-and-white photo adds to grey, by its luma: nothing, or the tone of sepia and yellowed paper.
 * @param small a thumbnail of the photo.
 * @returns 3 * 256 numbers: red, green and blue less luma.
 */
export function tintCurve({ data }: Raster): Float32Array {
  const sums = new Float64Array(3 * 256);
  const weights = new Float64Array(256);
  for (let i = 0; i < data.length; i += 3) {
    const [r, g, b] = data.subarray(i, i + 3) as unknown as [number, number, number];
    const y = luma(r, g, b);
    // Spread over 17 levels, since a thumbnail has few pixels of each.
    for (let level = Math.max(0, Math.round(y) - 8); level <= Math.min(255, Math.round(y) + 8); level++) {
      weights[level] = (weights[level] as number) + 1;
      [r, g, b].forEach((value, c) => {
        sums[3 * level + c] = (sums[3 * level + c] as number) + value - y;
      });
    }
  }
  const curve = new Float32Array(3 * 256);
  const filled = [...weights.keys()].filter((level) => (weights[level] as number) > 0);
  for (let level = 0; level < 256; level++) {
    const nearest = filled.reduce((best, one) => (Math.abs(one - level) < Math.abs(best - level) ? one : best));
    for (let c = 0; c < 3; c++) curve[3 * level + c] = (sums[3 * nearest + c] as number) / (weights[nearest] as number);
  }
  return curve;
}

/** Change of the strongest channel at which a pixel begins to take the tint of the curve, and at which it takes it whole. */
const CHANGED = [4, 16] as const;

/**
 * Keeps the tint of a black-and-white photo: of a repair only the lightness is taken. What was cleaned keeps its own tint, and what was
 * painted over takes the curve's, since its own was the stain's or the scratch's.
 * @param result is written to.
 */
export function retint(before: Raster, result: Raster, curve: Float32Array): void {
  const [from, to] = [before.data, result.data];
  const at = (data: Uint8Array, i: number) =>
    [data[i] as number, data[i + 1] as number, data[i + 2] as number] as const;
  for (let i = 0; i < to.length; i += 3) {
    const [was, is] = [at(from, i), at(to, i)];
    const change = Math.max(Math.abs(is[0] - was[0]), Math.abs(is[1] - was[1]), Math.abs(is[2] - was[2]));
    if (change === 0) continue;
    const share = Math.min(1, Math.max(0, (change - CHANGED[0]) / (CHANGED[1] - CHANGED[0])));
    const [lightBefore, light] = [luma(...was), luma(...is)];
    for (const c of [0, 1, 2] as const) {
      const own = was[c] - lightBefore;
      const tint = own + share * ((curve[3 * Math.round(light) + c] as number) - own);
      to[i + c] = Math.round(Math.min(255, Math.max(0, light + tint)));
    }
  }
}

/** Whether every pixel is exactly grey. */
export function isGrey({ data }: Raster): boolean {
  for (let i = 0; i < data.length; i += 3) if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  return true;
}

/** Makes every pixel grey again, in place. */
export function makeGrey({ data }: Raster): void {
  for (let i = 0; i < data.length; i += 3)
    data.fill(Math.round(luma(data[i] as number, data[i + 1] as number, data[i + 2] as number)), i, i + 3);
}
