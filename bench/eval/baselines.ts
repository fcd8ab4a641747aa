import { luma } from './metrics.ts';
import { convolved, type Picture, type Plane, plane } from './pixels.ts';

/** Largest or smallest value within a square of side 2 * radius + 1. */
function extreme(source: Plane, radius: number, pick: (a: number, b: number) => number): Plane {
  const pass = (p: Plane, along: 'x' | 'y'): Plane =>
    plane(p.width, p.height, (i) => {
      const [x, y] = [i % p.width, Math.floor(i / p.width)];
      let best = p.data[i]!;
      for (let k = -radius; k <= radius; k++) {
        const [px, py] = along === 'x' ? [x + k, y] : [x, y + k];
        if (px >= 0 && py >= 0 && px < p.width && py < p.height) best = pick(best, p.data[py * p.width + px]!);
      }
      return best;
    });
  return pass(pass(source, 'x'), 'y');
}

/** Lines and specks thinner than 2 * radius + 1 that stand out by more than `threshold`: top hat and black hat of luma, grown by 1 px. */
export function thinDamage(picture: Picture, radius: number, threshold: number): Uint8Array {
  const y = luma(picture);
  const opened = extreme(extreme(y, radius, Math.min), radius, Math.max).data;
  const closed = extreme(extreme(y, radius, Math.max), radius, Math.min).data;
  const found = plane(y.width, y.height, (i) =>
    y.data[i]! - opened[i]! > threshold || closed[i]! - y.data[i]! > threshold ? 1 : 0,
  );
  return Uint8Array.from(extreme(found, 1, Math.max).data);
}

/** Fills masked pixels from their rim inwards, each with the mean of its known neighbours, then smooths what it filled. */
export function filled(picture: Picture, mask: Uint8Array): Picture {
  const { width, height } = picture;
  const data = Float64Array.from(picture.data);
  const unknown = Uint8Array.from(mask);
  const around = [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1];
  const inside = (i: number) => i % width > 0 && i % width < width - 1 && i >= width && i < width * (height - 1);
  let ring = [...unknown.keys()].filter((i) => unknown[i] && inside(i));
  while (ring.length > 0) {
    const known = ring.filter((i) => around.some((d) => !unknown[i + d]));
    if (known.length === 0) break;
    for (const i of known) {
      const from = around.map((d) => i + d).filter((j) => !unknown[j]);
      for (let c = 0; c < 3; c++) data[3 * i + c] = from.reduce((s, j) => s + data[3 * j + c]!, 0) / from.length;
    }
    for (const i of known) unknown[i] = 0;
    ring = ring.filter((i) => unknown[i]);
  }
  return { width, height, data: Uint8Array.from(data, Math.round) };
}

/** Non-local means (Buades et al. 2005): 3 x 3 patches, 9 x 9 search; `h` in bytes. */
export function nonLocalMeans(picture: Picture, h: number): Picture {
  const { width, height, data } = picture;
  const sums = new Float64Array(data.length);
  const weights = new Float64Array(width * height);
  const box = [1, 1, 1];
  for (let dy = -4; dy <= 4; dy++)
    for (let dx = -4; dx <= 4; dx++) {
      const other = new Int32Array(width * height);
      const distance = plane(width, height, (i) => {
        const x = Math.min(width - 1, Math.max(0, (i % width) + dx));
        const y = Math.min(height - 1, Math.max(0, Math.floor(i / width) + dy));
        const j = y * width + x;
        other[i] = j;
        return (
          (data[3 * i]! - data[3 * j]!) ** 2 +
          (data[3 * i + 1]! - data[3 * j + 1]!) ** 2 +
          (data[3 * i + 2]! - data[3 * j + 2]!) ** 2
        );
      });
      const patch = convolved(convolved(distance, box, 'x'), box, 'y').data;
      for (let i = 0; i < patch.length; i++) {
        const w = Math.exp(-patch[i]! / (27 * h * h));
        weights[i] = weights[i]! + w;
        for (let c = 0; c < 3; c++) sums[3 * i + c] = sums[3 * i + c]! + w * data[3 * other[i]! + c]!;
      }
    }
  return { width, height, data: Uint8Array.from(sums, (v, at) => Math.round(v / weights[Math.floor(at / 3)]!)) };
}

/** Median of 3 x 3, channel by channel. */
export function median(picture: Picture): Picture {
  const { width, height, data } = picture;
  const out = new Uint8Array(data.length);
  const nine = new Uint8Array(9);
  for (let at = 0; at < data.length; at++) {
    const [i, c] = [Math.floor(at / 3), at % 3];
    const [x, y] = [i % width, Math.floor(i / width)];
    for (let k = 0; k < 9; k++) {
      const px = Math.min(width - 1, Math.max(0, x + (k % 3) - 1));
      const py = Math.min(height - 1, Math.max(0, y + Math.floor(k / 3) - 1));
      nine[k] = data[3 * (py * width + px) + c]!;
    }
    out[at] = nine.toSorted()[4]!;
  }
  return { width, height, data: out };
}

/** Unsharp mask: adds `amount` of what a Gaussian with weights `kernel` takes away. */
export function sharpened(picture: Picture, kernel: readonly number[], amount: number): Picture {
  const { width, height, data } = picture;
  const soft = [0, 1, 2].map((c) => {
    const p = plane(width, height, (i) => data[3 * i + c]!);
    return convolved(convolved(p, kernel, 'x'), kernel, 'y').data;
  });
  return {
    width,
    height,
    data: data.map((v, at) =>
      Math.min(255, Math.max(0, Math.round(v + amount * (v - soft[at % 3]![Math.floor(at / 3)]!)))),
    ),
  };
}

/**
 * A person by colour alone: mixtures of quantised colours of the border (above and beside) and of the middle, four rounds of
 * reassignment, then smoothed. What can be had without a network.
 */
export function matteByColour({ width, height, data }: Picture): Float64Array {
  const bin = (i: number) => (data[3 * i]! >> 4) * 256 + (data[3 * i + 1]! >> 4) * 16 + (data[3 * i + 2]! >> 4);
  let alpha = plane(width, height, (i) => {
    const [x, y] = [(i % width) / width - 0.5, Math.floor(i / width) / height];
    return Math.abs(x) < 0.12 + 0.2 * y && y > 0.12 ? 0.8 : Math.abs(x) > 0.42 || y < 0.06 ? 0.02 : 0.3;
  });
  const place = alpha;
  for (let round = 0; round < 4; round++) {
    const [inside, outside] = [new Float64Array(4096).fill(0.5), new Float64Array(4096).fill(0.5)];
    alpha.data.forEach((a, i) => {
      inside[bin(i)] = inside[bin(i)]! + a;
      outside[bin(i)] = outside[bin(i)]! + 1 - a;
    });
    const [si, so] = [inside.reduce((a, b) => a + b), outside.reduce((a, b) => a + b)];
    const next = plane(width, height, (i) => {
      const [f, b] = [(inside[bin(i)]! / si) * place.data[i]!, (outside[bin(i)]! / so) * (1 - place.data[i]!)];
      return f / (f + b);
    });
    const box = new Array(9).fill(1 / 9);
    alpha = convolved(convolved(next, box, 'x'), box, 'y');
  }
  return alpha.data;
}
