import { convolved, gaussian, halfPlane, type Picture, type Plane, plane } from './pixels.ts';

/** BT.601 luma on the 0..255 scale without its offset of 16, `border` pixels cut off. */
export function luma({ width, height, data }: Picture, border = 0): Plane {
  const [w, h] = [width - 2 * border, height - 2 * border];
  return plane(w, h, (i) => {
    const at = 3 * ((Math.floor(i / w) + border) * width + (i % w) + border);
    return (65.481 * data[at]! + 128.553 * data[at + 1]! + 24.966 * data[at + 2]!) / 255;
  });
}

const mean = (values: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
};

/** PSNR of luma in dB; 148 for equal pictures. */
export function psnrY(a: Picture, b: Picture, border = 0): number {
  const [x, y] = [luma(a, border).data, luma(b, border).data];
  return 10 * Math.log10(255 ** 2 / Math.max(1e-10, mean(x.map((v, i) => (v - y[i]!) ** 2))));
}

const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;
const WINDOW = gaussian(1.5, 5);

/** Means over the valid part (no padding) of SSIM and of its contrast-structure term. */
function ssimTerms(x: Plane, y: Plane): { readonly whole: number; readonly contrast: number } {
  const smooth = (p: Plane) => convolved(convolved(p, WINDOW, 'x'), WINDOW, 'y').data;
  const product = (p: Plane, q: Plane): Plane => ({ ...p, data: p.data.map((v, i) => v * q.data[i]!) });
  const [mx, my, xx, yy, xy] = [x, y, product(x, x), product(y, y), product(x, y)].map(smooth) as Float64Array[];
  let [whole, contrast, count] = [0, 0, 0];
  for (let row = 5; row < x.height - 5; row++)
    for (let column = 5; column < x.width - 5; column++) {
      const i = row * x.width + column;
      const [a, b] = [mx![i]!, my![i]!];
      const cs = (2 * (xy![i]! - a * b) + C2) / (xx![i]! - a * a + yy![i]! - b * b + C2);
      whole += (cs * (2 * a * b + C1)) / (a * a + b * b + C1);
      contrast += cs;
      count++;
    }
  return { whole: whole / count, contrast: contrast / count };
}

/** SSIM of luma, Gaussian window 11 x 11 with sigma 1.5 (Wang et al. 2004). */
export const ssim = (a: Picture, b: Picture, border = 0) => ssimTerms(luma(a, border), luma(b, border)).whole;

/** Multi-scale SSIM of luma, five scales (Wang et al. 2003); both sides at least 176 px. */
export function msSsim(a: Picture, b: Picture, border = 0): number {
  let [x, y] = [luma(a, border), luma(b, border)];
  let product = 1;
  for (const [scale, weight] of [0.0448, 0.2856, 0.3001, 0.2363, 0.1333].entries()) {
    if (scale > 0) [x, y] = [halfPlane(x), halfPlane(y)];
    const { whole, contrast } = ssimTerms(x, y);
    product *= Math.max(0, scale === 4 ? whole : contrast) ** weight;
  }
  return product;
}

/** Gradient magnitude similarity deviation (Xue et al. 2014): Prewitt on 2 x 2 averaged luma, c = 170. Lower is better. */
export function gmsd(a: Picture, b: Picture, border = 0): number {
  const gradient = (picture: Picture) => {
    const half = halfPlane(luma(picture, border));
    const across = convolved(convolved(half, [-1, 0, 1], 'x'), [1, 1, 1], 'y').data;
    const down = convolved(convolved(half, [-1, 0, 1], 'y'), [1, 1, 1], 'x').data;
    return across.map((v, i) => Math.hypot(v, down[i]!) / 3);
  };
  const [ga, gb] = [gradient(a), gradient(b)];
  const similarity = ga.map((v, i) => (2 * v * gb[i]! + 170) / (v * v + gb[i]! ** 2 + 170));
  const centre = mean(similarity);
  return Math.sqrt(mean(similarity.map((v) => (v - centre) ** 2)));
}

/** Haar coefficients of one scale and direction: the two halves of a 2^k square, subtracted; outside counts as 0. */
function haar({ width, height, data }: Plane, k: number, along: 'x' | 'y'): Float64Array {
  const side = 2 ** k;
  // Integral image: sums of squares of any size in four look-ups.
  const total = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x]!;
      total[(y + 1) * (width + 1) + x + 1] = total[y * (width + 1) + x + 1]! + row;
    }
  }
  const sum = (x0: number, y0: number, x1: number, y1: number) => {
    const [l, r] = [Math.min(width, Math.max(0, x0)), Math.min(width, Math.max(0, x1))];
    const [t, b] = [Math.min(height, Math.max(0, y0)), Math.min(height, Math.max(0, y1))];
    const at = (x: number, y: number) => total[y * (width + 1) + x]!;
    return at(r, b) - at(l, b) - at(r, t) + at(l, t);
  };
  return plane(width, height, (i) => {
    const [x, y] = [(i % width) - side / 2 + 1, Math.floor(i / width) - side / 2 + 1];
    const whole = sum(x, y, x + side, y + side);
    const first = along === 'x' ? sum(x, y, x + side / 2, y + side) : sum(x, y, x + side, y + side / 2);
    return Math.abs(2 * first - whole) / side;
  }).data;
}

/** HaarPSI of luma (Reisenhofer et al. 2018): C = 30, alpha = 4.2, after 2 x 2 averaging. 1 for equal pictures. */
export function haarPsi(a: Picture, b: Picture, border = 0): number {
  const full = (picture: Picture) => {
    const p = luma(picture, border);
    return halfPlane({ ...p, data: p.data.map((v) => (v * 255) / 219) });
  };
  const [x, y] = [full(a), full(b)];
  let [above, below] = [0, 0];
  for (const along of ['x', 'y'] as const) {
    const [cx, cy] = [x, y].map((p) => [1, 2, 3].map((k) => haar(p, k, along))) as [Float64Array[], Float64Array[]];
    for (let i = 0; i < x.data.length; i++) {
      const like = [0, 1].map((k) => {
        const [p, q] = [cx[k]![i]!, cy[k]![i]!];
        return (2 * p * q + 30) / (p * p + q * q + 30);
      });
      const weight = Math.max(cx[2]![i]!, cy[2]![i]!);
      above += weight / (1 + Math.exp((-4.2 * (like[0]! + like[1]!)) / 2));
      below += weight;
    }
  }
  const share = below === 0 ? 1 / (1 + Math.exp(-4.2)) : above / below;
  return (Math.log(share / (1 - share)) / 4.2) ** 2;
}

/** Root mean square of the Laplacian of luma, in bytes, in each block of 16 x 16 pixels. */
function detail(picture: Picture, border: number): number[] {
  const { width, height, data } = luma(picture, border);
  const rows: number[] = [];
  for (let top = 1; top + 16 < height; top += 16)
    for (let left = 1; left + 16 < width; left += 16) {
      let sum = 0;
      for (let y = top; y < top + 16; y++)
        for (let at = y * width + left; at < y * width + left + 16; at++)
          sum += (4 * data[at]! - data[at - 1]! - data[at + 1]! - data[at - width]! - data[at + width]!) ** 2;
      rows.push(Math.sqrt(sum / 256));
    }
  return rows;
}

/**
 * How far the strength of fine detail is from the truth's, wherever it lies: octaves, the mean over blocks. 0 for equal pictures; 1 where
 * there is half or twice as much everywhere. Two bytes are added to both, so what nobody sees counts little.
 */
export function detailGap(a: Picture, truth: Picture, border = 0): number {
  const expected = detail(truth, border);
  return mean(detail(a, border).map((v, i) => Math.abs(Math.log2((v + 2) / (expected[i]! + 2)))));
}

/** Mean absolute difference of two mattes, 0 to 1. */
export const mad = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  mean(Float64Array.from(a, (v, i) => Math.abs(v - b[i]!)));

/** F1 of two masks (anything but 0 is set); 0 when neither has a pixel. */
export function f1(found: ArrayLike<number>, truth: ArrayLike<number>): number {
  let [hits, sum] = [0, 0];
  for (let i = 0; i < found.length; i++) {
    hits += found[i] && truth[i] ? 1 : 0;
    sum += (found[i] ? 1 : 0) + (truth[i] ? 1 : 0);
  }
  return sum === 0 ? 0 : (2 * hits) / sum;
}
