import { chroma, lightness } from './colourspace.ts';
import type { Raster } from './raster.ts';

/** Long side in pixels of the thumbnail that is judged: grain and JPEG noise count less there. */
export const JUDGED = 192;

/** Lab L between two points of the tint curve. */
const BIN = 5;
const POINTS = 100 / BIN + 1;

/** Chroma that the tint explains no better than this counts as colour: mean, and 95th percentile. Measured on 60 old photos (sepia up
 * to 3.5 and 9.2) and 24 clean ones (from 4.3 and 10.2). */
const MEAN = 3.6;
const MOST = 9.5;
/** One small coloured thing in a grey photo: its 95th percentile is many times the median (sepia: up to 4.6 times). */
const TIMES = 5;
const FAINT = 5;
/** Prints age towards yellow, brown or red: Lab hue in degrees. A stronger tint of another hue is a photo of something blue or green. */
const WARM = [5, 125] as const;
const TINTED = 6;

const quantile = (values: Float32Array, p: number) => values[Math.floor(p * (values.length - 1))] as number;

/** Mean Lab a or b by lightness, with linear weights between neighbouring points, read back at each pixel. */
function tintOf(L: Float32Array, values: Float32Array): Float32Array {
  const sums = new Float64Array(POINTS + 1);
  const weights = new Float64Array(POINTS + 1);
  for (let i = 0; i < L.length; i++) {
    const at = (L[i] as number) / BIN;
    const k = Math.floor(at);
    for (const [point, w] of [[k, k + 1 - at] as const, [k + 1, at - k] as const]) {
      sums[point] = (sums[point] as number) + w * (values[i] as number);
      weights[point] = (weights[point] as number) + w;
    }
  }
  const mean = (k: number) => (sums[k] as number) / Math.max(1e-9, weights[k] as number);
  return L.map((l) => {
    const k = Math.floor(l / BIN);
    return mean(k) * (k + 1 - l / BIN) + mean(k + 1) * (l / BIN - k);
  });
}

/**
 * Tells a black-and-white photo, toned, yellowed or not, from a coloured one: in the former lightness alone decides the tint.
 * @param small a thumbnail of JUDGED pixels.
 */
export function isMonochrome(small: Raster): boolean {
  const { data } = small;
  const count = data.length / 3;
  const L = new Float32Array(count);
  const a = new Float32Array(count);
  const b = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const [red, green, blue] = data.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
    L[i] = lightness(red, green, blue);
    [a[i], b[i]] = chroma(red, green, blue) as [number, number];
  }
  const tints = [tintOf(L, a), tintOf(L, b)] as const;
  const left = L.map((_, i) =>
    Math.hypot((a[i] as number) - (tints[0][i] as number), (b[i] as number) - (tints[1][i] as number)),
  );
  const mean = (values: Float32Array) => values.reduce((sum, v) => sum + v, 0) / count;
  const [meanA, meanB, meanLeft] = [mean(a), mean(b), mean(left)];
  left.sort();
  const most = quantile(left, 0.95);
  if (meanLeft > MEAN || most > MOST || most > Math.max(FAINT, TIMES * quantile(left, 0.5))) return false;
  const hue = (Math.atan2(meanB, meanA) * 180) / Math.PI;
  return Math.hypot(meanA, meanB) < TINTED || (hue > WARM[0] && hue < WARM[1]);
}
