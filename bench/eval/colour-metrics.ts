import type { Picture } from './pixels.ts';

export type Lab = readonly [number, number, number];

const linear = (byte: number) => {
  const v = byte / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
};
const LINEAR = Float64Array.from({ length: 256 }, (_, i) => linear(i));
const root = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);

/** CIE Lab (D65) of an 8-bit sRGB colour. */
export function lab(r: number, g: number, b: number): Lab {
  const [x, y, z] = [LINEAR[r]!, LINEAR[g]!, LINEAR[b]!];
  const fx = root((0.4124564 * x + 0.3575761 * y + 0.1804375 * z) / 0.95047);
  const fy = root(0.2126729 * x + 0.7151522 * y + 0.072175 * z);
  const fz = root((0.0193339 * x + 0.119192 * y + 0.9503041 * z) / 1.08883);
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/** Lab of every pixel, interleaved. */
export function labOf({ data }: Picture): Float64Array {
  const out = new Float64Array(data.length);
  for (let i = 0; i < data.length; i += 3) out.set(lab(data[i]!, data[i + 1]!, data[i + 2]!), i);
  return out;
}

const degrees = (a: number, b: number) => ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
const cosine = (d: number) => Math.cos((d * Math.PI) / 180);
const sine = (d: number) => Math.sin((d * Math.PI) / 180);

/** CIEDE2000 colour difference (Sharma, Wu, Dalal 2005). */
export function ciede2000([l1, a1, b1]: Lab, [l2, a2, b2]: Lab): number {
  const cubed = ((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2) ** 7;
  const g = 0.5 * (1 - Math.sqrt(cubed / (cubed + 25 ** 7)));
  const [p1, p2] = [(1 + g) * a1, (1 + g) * a2];
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const [h1, h2] = [c1 === 0 ? 0 : degrees(p1, b1), c2 === 0 ? 0 : degrees(p2, b2)];
  const grey = c1 * c2 === 0;
  const turn = grey ? 0 : h2 - h1 > 180 ? h2 - h1 - 360 : h2 - h1 < -180 ? h2 - h1 + 360 : h2 - h1;
  const [dL, dC, dH] = [l2 - l1, c2 - c1, 2 * Math.sqrt(c1 * c2) * sine(turn / 2)];
  const [L, C] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const h = grey ? h1 + h2 : Math.abs(h1 - h2) <= 180 ? (h1 + h2) / 2 : (h1 + h2 + (h1 + h2 < 360 ? 360 : -360)) / 2;
  const t = 1 - 0.17 * cosine(h - 30) + 0.24 * cosine(2 * h) + 0.32 * cosine(3 * h + 6) - 0.2 * cosine(4 * h - 63);
  const sL = 1 + (0.015 * (L - 50) ** 2) / Math.sqrt(20 + (L - 50) ** 2);
  const [sC, sH] = [1 + 0.045 * C, 1 + 0.015 * C * t];
  const rotation = -2 * Math.sqrt(C ** 7 / (C ** 7 + 25 ** 7)) * sine(60 * Math.exp(-(((h - 275) / 25) ** 2)));
  return Math.sqrt((dL / sL) ** 2 + (dC / sC) ** 2 + (dH / sH) ** 2 + rotation * (dC / sC) * (dH / sH));
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Median CIEDE2000 over every `step`-th pixel. */
export function medianDeltaE(a: Picture, b: Picture, step = 7): number {
  const values: number[] = [];
  for (let i = 0; i < a.data.length; i += 3 * step)
    values.push(
      ciede2000(lab(a.data[i]!, a.data[i + 1]!, a.data[i + 2]!), lab(b.data[i]!, b.data[i + 1]!, b.data[i + 2]!)),
    );
  return median(values);
}

/** Colourfulness on the 0..255 scale (Hasler and Suesstrunk 2003). */
export function colourfulness({ data }: Picture): number {
  const n = data.length / 3;
  let [sp, sq, pp, qq] = [0, 0, 0, 0];
  for (let i = 0; i < data.length; i += 3) {
    const p = data[i]! - data[i + 1]!;
    const q = (data[i]! + data[i + 1]!) / 2 - data[i + 2]!;
    [sp, sq, pp, qq] = [sp + p, sq + q, pp + p * p, qq + q * q];
  }
  const [mp, mq] = [sp / n, sq / n];
  return Math.sqrt(pp / n - mp * mp + qq / n - mq * mq) + 0.3 * Math.hypot(mp, mq);
}

/** The most that an ab error counts, in the curve of `auc`. */
export const AB_ERRORS = 151;

/**
 * Area under the cumulative error curve (Zhang, Isola, Efros 2016), in per cent: the mean over thresholds 0 to 150 of the share of pixels
 * whose ab error is at most that.
 * @param histogram weight of the pixels whose error, rounded up, is the index; the last holds all above 150.
 */
export function auc(histogram: Float64Array): number {
  const total = histogram.reduce((a, b) => a + b);
  let [below, sum] = [0, 0];
  for (let t = 0; t < AB_ERRORS; t++) {
    below += histogram[t]!;
    sum += below / total;
  }
  return (100 * sum) / AB_ERRORS;
}

/** Hue in degrees and chroma of a mean colour. */
export const hueAndChroma = (a: number, b: number) => [degrees(a, b), Math.hypot(a, b)] as const;
