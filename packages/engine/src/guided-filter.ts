/** Running mean of one line over 2 * radius + 1 places, cut at the ends. */
function meanLine(from: Float32Array, to: Float32Array, start: number, length: number, radius: number): void {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < Math.min(radius, length); i++, count++) sum += from[start + i] as number;
  for (let i = 0; i < length; i++) {
    if (i + radius < length) {
      sum += from[start + i + radius] as number;
      count++;
    }
    if (i - radius > 0) {
      sum -= from[start + i - radius - 1] as number;
      count--;
    }
    to[start + i] = sum / count;
  }
}

/** Mean over a square of side 2 * radius + 1, cut at the borders: running sums along the rows, then of whole rows. */
export function boxMean(plane: Float32Array, width: number, height: number, radius: number): Float32Array {
  const across = new Float32Array(plane.length);
  for (let y = 0; y < height; y++) meanLine(plane, across, y * width, width, radius);
  const out = new Float32Array(plane.length);
  const sums = new Float64Array(width);
  const add = (y: number, sign: 1 | -1) => {
    for (let x = 0; x < width; x++) sums[x] = (sums[x] as number) + sign * (across[y * width + x] as number);
  };
  for (let y = 0; y < Math.min(radius, height); y++) add(y, 1);
  for (let y = 0; y < height; y++) {
    if (y + radius < height) add(y + radius, 1);
    if (y - radius > 0) add(y - radius - 1, -1);
    const count = Math.min(height - 1, y + radius) - Math.max(0, y - radius) + 1;
    for (let x = 0; x < width; x++) out[y * width + x] = (sums[x] as number) / count;
  }
  return out;
}

const times = (a: Float32Array, b: Float32Array) => a.map((value, i) => value * (b[i] as number));

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
  const mean = (values: Float32Array) => boxMean(values, width, height, radius);
  const g = mean(guide);
  const p = mean(plane);
  const gg = mean(times(guide, guide));
  const gp = mean(times(guide, plane));
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

/**
 * Samples planes of w * h values bilinearly at width * height places, row by row, pixel centres aligned.
 * @returns writes row `y` of a plane into `out`. Rows are mixed first, so that a pixel costs one step and not three.
 */
export function openSampler(
  w: number,
  h: number,
  width: number,
  height: number,
): (plane: Float32Array, y: number, out: Float32Array) => void {
  const left = new Int32Array(width);
  const share = new Float32Array(width);
  for (let x = 0; x < width; x++) {
    const at = Math.min(w - 1, Math.max(0, ((x + 0.5) * w) / width - 0.5));
    left[x] = Math.floor(at);
    share[x] = at - Math.floor(at);
  }
  // One place more: the last pixel looks at its right neighbour with a share of 0.
  const line = new Float32Array(w + 1);
  return (plane, y, out) => {
    const at = Math.min(h - 1, Math.max(0, ((y + 0.5) * h) / height - 0.5));
    const above = Math.floor(at);
    const below = Math.min(h - 1, above + 1);
    const t = at - above;
    for (let x = 0; x < w; x++)
      line[x] = (plane[above * w + x] as number) * (1 - t) + (plane[below * w + x] as number) * t;
    for (let x = 0; x < width; x++) {
      const from = left[x] as number;
      const value = line[from] as number;
      out[x] = value + (share[x] as number) * ((line[from + 1] as number) - value);
    }
  };
}
