import { onWhite } from './alpha.ts';
import { type Decoded, reduce } from './codec.ts';
import { type Box, leastBox } from './least-box.ts';
import type { Raster } from './raster.ts';
import type { Crop } from './shape.ts';

/** A print on a scan: what to cut, and how to straighten it. */
export interface Print {
  readonly crop: Crop;
  /** Degrees clockwise, -45 to 45, as `straighten` takes it. */
  readonly straighten: number;
}

/** Longer side in pixels at which prints are looked for: an edge is found to a thousandth of it. */
const LOOKED = 720;
/** Share of each side that counts as the rim, where only the scanner's lid is seen. */
const RIM = 0.015;
/** Share of the rim that looks like its median when there is a lid to be seen. */
const EVEN = 0.6;
/** Steps of 8 bits by which paper differs from the lid at least. */
const LEAST_STEP = 14;
/** Share of the scan that a print has at least, and share of its box that it fills. */
const LEAST_AREA = 0.012;
const LEAST_FILL = 0.85;
/** A box of this share of the scan is the scan itself. */
const WHOLE = 0.94;
/** Pixels that are joined across, and specks up to twice this that are dropped. */
const REACH = 2;
const MOST_PRINTS = 30;
/** Pixels of a side that are bed: one that paper covers by a fifth counts as paper, at both ends. Measured on white, grey and black beds. */
const OVER = 1.5;

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1] as number;
}

/** Distance of each pixel from the colour of the rim, and the distance from which on it is no lid; nothing where the rim is uneven. */
function againstRim({ width, height, data }: Raster): { distance: Uint8Array; step: number } | undefined {
  const rim = Math.max(2, Math.round(RIM * Math.max(width, height)));
  const places: number[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (x < rim || y < rim || x >= width - rim || y >= height - rim) places.push(y * width + x);
  const colour = [0, 1, 2].map((c) => median(places.map((at) => data[3 * at + c] as number)));
  const distance = new Uint8Array(width * height);
  for (let at = 0; at < distance.length; at++)
    for (let c = 0; c < 3; c++)
      distance[at] = Math.max(distance[at] as number, Math.abs((data[3 * at + c] as number) - (colour[c] as number)));
  // Six deviations of the lid's own grain, by the median of absolute deviations (1.48 of it is one).
  const step = Math.max(LEAST_STEP, 6 * 1.48 * median(places.map((at) => distance[at] as number)));
  const even = places.filter((at) => (distance[at] as number) <= step).length / places.length;
  return even >= EVEN && step < 100 ? { distance, step } : undefined;
}

/** Grows (`to` 1) or shrinks (`to` 0) a mask by a square of that radius. Beyond the edge nothing changes it. */
function spread(mask: Uint8Array, width: number, height: number, radius: number, to: 0 | 1): Uint8Array {
  const along = (from: Uint8Array, step: number, count: number, start: (line: number) => number, lines: number) => {
    const out = Uint8Array.from(from);
    for (let line = 0; line < lines; line++)
      for (let i = 0; i < count; i++) {
        const at = start(line) + i * step;
        for (let k = Math.max(0, i - radius); k <= Math.min(count - 1, i + radius) && out[at] !== to; k++)
          if (from[start(line) + k * step] === to) out[at] = to;
      }
    return out;
  };
  const rows = along(mask, 1, width, (y) => y * width, height);
  return along(rows, width, height, (x) => x, width);
}

/** Marks what is joined to a start among the pixels of one value, four neighbours each. */
function flood(mask: Uint8Array, width: number, height: number, starts: Iterable<number>, seen: Uint8Array): number[] {
  const value = (at: number) => mask[at] as number;
  const found: number[] = [];
  for (const start of starts) {
    if (seen[start]) continue;
    seen[start] = 1;
    const queue = [start];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      found.push(at);
      const x = at % width;
      for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width])
        if (next >= 0 && next < width * height && !seen[next] && value(next) === value(start)) {
          seen[next] = 1;
          queue.push(next);
        }
    }
  }
  return found;
}

function* edgeOf(mask: Uint8Array, width: number, height: number): Generator<number> {
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    if ((x === 0 || y === 0 || x === width - 1 || y === height - 1) && mask[at] === 0) yield at;
  }
}

/** What is no lid, without holes (a print's own white paper is inside of it) and without specks. */
function solid(mask: Uint8Array, width: number, height: number): Uint8Array {
  const joined = spread(mask, width, height, REACH, 1);
  const outside = new Uint8Array(joined.length);
  flood(joined, width, height, edgeOf(joined, width, height), outside);
  const filled = outside.map((out) => 1 - out);
  // Shrunk by the same reach and once more, and grown back: what is thinner is dust, hair or a shadow.
  const core = spread(filled, width, height, 2 * REACH, 0);
  return spread(core, width, height, REACH, 1);
}

const printOf = ({ x, y, width, height, angle }: Box, picture: Raster): Print => {
  // A crop that reaches over the edge is cut on both sides, so that its middle stays.
  const half = (side: number, middle: number, whole: number) => Math.min(side / 2, middle, whole - middle);
  const [w, h] = [half(width - OVER, x, picture.width), half(height - OVER, y, picture.height)];
  const share = (value: number, whole: number) => Math.max(0, Math.round((1e5 * value) / whole) / 1e5);
  return {
    crop: {
      left: share(x - w, picture.width),
      top: share(y - h, picture.height),
      width: share(2 * w, picture.width),
      height: share(2 * h, picture.height),
    },
    straighten: Math.round(-angle * 100) / 100,
  };
};

/**
 * Finds the prints that lie side by side on a scan: whatever differs from the colour of the rim, is joined, has the shape of a rectangle
 * and more than a hundredth of the scan. A photo that fills its frame has none.
 * @returns them in reading order, row by row.
 */
export async function findPrints(decoded: Pick<Decoded, 'raster'>): Promise<Print[]> {
  const picture = await reduce(onWhite(decoded.raster), LOOKED);
  const { width, height } = picture;
  const against = againstRim(picture);
  if (!against) return [];
  const mask = solid(
    against.distance.map((distance) => (distance > against.step ? 1 : 0)),
    width,
    height,
  );
  const seen = new Uint8Array(mask.length);
  const boxes: Box[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || seen[start]) continue;
    const found = flood(mask, width, height, [start], seen);
    if (found.length < LEAST_AREA * mask.length) continue;
    const box = leastBox(found.map((at) => [at % width, Math.floor(at / width)] as const));
    const area = box.width * box.height;
    if (found.length >= LEAST_FILL * area && area < WHOLE * mask.length) boxes.push(box);
  }
  const row = Math.min(...boxes.map((box) => box.height)) / 2;
  boxes.sort((a, b) => (Math.abs(a.y - b.y) > row ? a.y - b.y : a.x - b.x));
  return boxes.slice(0, MOST_PRINTS).map((box) => printOf(box, picture));
}
