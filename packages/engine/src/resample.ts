/** Catmull-Rom, the cubic with a = -0.5. */
function cubic(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
}

interface Taps {
  /** First source index of each target index. */
  readonly from: Int32Array;
  readonly count: number;
  /** `count` weights of each target index, sum 1. */
  readonly weights: Float32Array;
}

/** Weights of an antialiased cubic that shrinks `source` samples to `target`, cut at the ends. */
function taps(source: number, target: number): Taps {
  const ratio = Math.max(1, source / target);
  const count = Math.min(source, Math.ceil(4 * ratio) + 1);
  const from = new Int32Array(target);
  const weights = new Float32Array(target * count);
  for (let i = 0; i < target; i++) {
    const centre = ((i + 0.5) * source) / target - 0.5;
    const first = Math.min(source - count, Math.max(0, Math.ceil(centre - 2 * ratio)));
    from[i] = first;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const w = cubic((first + k - centre) / ratio);
      weights[i * count + k] = w;
      sum += w;
    }
    for (let k = 0; k < count; k++) weights[i * count + k] = (weights[i * count + k] as number) / sum;
  }
  return { from, count, weights };
}

/**
 * Shrinks an RGB picture that arrives in rows from top to bottom, so that it never has to be in memory whole.
 * The kernel is the antialiased cubic: networks for x2 learn from halves that were made with it, so a clean photo comes back as it was.
 * @param out 3 * toWidth * toHeight bytes, filled row by row.
 * @returns takes the next rows, interleaved, 3 * fromWidth bytes each.
 */
export function openShrinker(
  fromWidth: number,
  fromHeight: number,
  toWidth: number,
  toHeight: number,
  out: Uint8Array,
): (rows: Uint8Array) => void {
  const across = taps(fromWidth, toWidth);
  const down = taps(fromHeight, toHeight);
  const stride = 3 * toWidth;
  // The last rows, shrunk across, as a ring.
  const ring = new Float32Array(down.count * stride);
  const line = new Float32Array(stride);
  let received = 0;
  let written = 0;

  function shrinkAcross(rows: Uint8Array, at: number, to: number): void {
    for (let x = 0; x < toWidth; x++) {
      let [r, g, b] = [0, 0, 0];
      let from = at + 3 * (across.from[x] as number);
      for (let k = x * across.count; k < (x + 1) * across.count; k++, from += 3) {
        const w = across.weights[k] as number;
        r += w * (rows[from] as number);
        g += w * (rows[from + 1] as number);
        b += w * (rows[from + 2] as number);
      }
      ring[to + 3 * x] = r;
      ring[to + 3 * x + 1] = g;
      ring[to + 3 * x + 2] = b;
    }
  }

  function writeRow(): void {
    line.fill(0.5);
    for (let k = 0; k < down.count; k++) {
      const w = down.weights[written * down.count + k] as number;
      const row = (((down.from[written] as number) + k) % down.count) * stride;
      for (let i = 0; i < stride; i++) line[i] = (line[i] as number) + w * (ring[row + i] as number);
    }
    const at = written * stride;
    for (let i = 0; i < stride; i++) out[at + i] = Math.min(255, Math.max(0, line[i] as number));
    written++;
  }

  return (rows) => {
    for (let at = 0; at < rows.length; at += 3 * fromWidth, received++) {
      shrinkAcross(rows, at, (received % down.count) * stride);
      while (written < toHeight && (down.from[written] as number) + down.count - 1 === received) writeRow();
    }
  };
}
