/** Mean over a square of side 2 * radius + 1, cut at the borders, in two passes of running sums. */
export function boxMean(plane: Float32Array, width: number, height: number, radius: number): Float32Array {
  const across = new Float32Array(plane.length);
  for (let y = 0; y < height; y++) meanLine(plane, across, y * width, 1, width, radius);
  const out = new Float32Array(plane.length);
  for (let x = 0; x < width; x++) meanLine(across, out, x, width, height, radius);
  return out;
}

function meanLine(
  from: Float32Array,
  to: Float32Array,
  start: number,
  stride: number,
  length: number,
  radius: number,
): void {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < Math.min(radius, length); i++, count++) sum += from[start + i * stride] as number;
  for (let i = 0; i < length; i++) {
    if (i + radius < length) {
      sum += from[start + (i + radius) * stride] as number;
      count++;
    }
    if (i - radius > 0) {
      sum -= from[start + (i - radius - 1) * stride] as number;
      count--;
    }
    to[start + i * stride] = sum / count;
  }
}

/** A local linear model p = slope * guide + offset at low resolution. */
export interface Guided {
  readonly width: number;
  readonly height: number;
  readonly slope: Float32Array;
  readonly offset: Float32Array;
}

/**
 * The fast guided filter (He and Sun 2015, arXiv:1505.00996): fits p to the guide in windows, at low resolution.
 * @param guide,plane width * height values each.
 * @param eps variance of the guide under which a window counts as flat, in the guide's units squared.
 */
export function guidedFit(
  guide: Float32Array,
  plane: Float32Array,
  width: number,
  height: number,
  radius: number,
  eps: number,
): Guided {
  const mean = (f: (i: number) => number) =>
    boxMean(
      Float32Array.from(guide, (_, i) => f(i)),
      width,
      height,
      radius,
    );
  const g = mean((i) => guide[i] as number);
  const p = mean((i) => plane[i] as number);
  const gg = mean((i) => (guide[i] as number) ** 2);
  const gp = mean((i) => (guide[i] as number) * (plane[i] as number));
  const slope = new Float32Array(guide.length);
  const offset = new Float32Array(guide.length);
  for (let i = 0; i < slope.length; i++) {
    const [mg, mp] = [g[i] as number, p[i] as number];
    slope[i] = ((gp[i] as number) - mg * mp) / ((gg[i] as number) - mg * mg + eps);
    offset[i] = mp - (slope[i] as number) * mg;
  }
  return {
    width,
    height,
    slope: boxMean(slope, width, height, radius),
    offset: boxMean(offset, width, height, radius),
  };
}

/** Samples one row of a low-resolution plane bilinearly at `width` places, pixel centres aligned (row `y` of `rows`). */
export function sampleRow(
  plane: Float32Array,
  w: number,
  h: number,
  width: number,
  rows: number,
  y: number,
  out: Float32Array,
): void {
  const fy = Math.min(h - 1, Math.max(0, ((y + 0.5) * h) / rows - 0.5));
  const y0 = Math.floor(fy);
  const y1 = Math.min(h - 1, y0 + 1);
  for (let x = 0; x < width; x++) {
    const fx = Math.min(w - 1, Math.max(0, ((x + 0.5) * w) / width - 0.5));
    const x0 = Math.floor(fx);
    const x1 = Math.min(w - 1, x0 + 1);
    const [tx, ty] = [fx - x0, fy - y0];
    const above = (plane[y0 * w + x0] as number) * (1 - tx) + (plane[y0 * w + x1] as number) * tx;
    const below = (plane[y1 * w + x0] as number) * (1 - tx) + (plane[y1 * w + x1] as number) * tx;
    out[x] = above * (1 - ty) + below * ty;
  }
}
