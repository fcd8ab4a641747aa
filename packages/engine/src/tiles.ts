import { type Beside, withPlanes } from './planes.ts';
import { cutClamped, type Raster } from './raster.ts';
import { openShrinker } from './resample.ts';
import type { Network } from './sessions.ts';

/**
 * Pixels of a tile's side with its overlap, at least. Measured with `sr`, one thread: 1.83 seconds per megapixel of tiles from 128 to 512;
 * the overlap costs 22 % at 256, 14 % at 384, 10 % at 512; memory 60, 150 and 290 MB. Networks with a wide overlap need wider tiles.
 */
const TILE = 384;

const up = (value: number, unit: number) => Math.ceil(value / unit) * unit;

/** Pixels by which a tile reaches over the photo's own edge, which is repeated there. */
const EDGE = 16;

interface Cut {
  /** Where the tile begins; below 0 at the photo's edge. */
  readonly at: number;
  /** The pixels that are taken from it. */
  readonly from: number;
  readonly to: number;
}

/**
 * Divides one side of a photo into tiles that overlap by twice `pad`.
 * @returns tiles of one length, a multiple of `multiple`: for each other size onnxruntime keeps another plan and more memory.
 */
function divide(side: number, pad: number, multiple: number): { readonly tile: number; readonly cuts: readonly Cut[] } {
  const edge = up(Math.min(pad, EDGE), multiple);
  const most = up(Math.max(TILE, 7 * pad), multiple);
  const count = side + 2 * edge <= most ? 1 : Math.ceil((side + 2 * (edge - pad)) / (most - 2 * pad));
  const tile = up(Math.ceil((side + 2 * edge + 2 * pad * (count - 1)) / count), multiple);
  const cuts: Cut[] = [];
  for (let at = -edge, from = 0; from < side; at += tile - 2 * pad) {
    const to = at + tile >= side + edge ? side : at + tile - pad;
    cuts.push({ at, from, to });
    from = to;
  }
  return { tile, cuts };
}

/**
 * Runs a fully convolutional network over a picture of any size in overlapping tiles of constant memory. The overlap is the network's
 * receptive field, so tiles equal the whole and are joined without blending.
 * @param width,height of the result: at most `card.scale` times the picture; what is smaller is shrunk row by row on the way.
 * @param onTile called after each tile with the share that is done, 0 to 1; may throw to stop.
 * @param beside for a network that takes more than red, green and blue.
 * @returns the result without alpha.
 */
export async function runTiled(
  network: Network,
  raster: Raster,
  width: number,
  height: number,
  onTile: (share: number) => void,
  beside?: Beside,
): Promise<Raster> {
  const { overlap, multiple, scale } = network.card;
  const { channels } = network.card.input;
  const pad = up(overlap, multiple);
  const across = divide(raster.width, pad, multiple);
  const down = divide(raster.height, pad, multiple);
  const [fullWidth, fullHeight] = [raster.width * scale, raster.height * scale];
  const data = new Uint8Array(3 * width * height);
  const whole = width === fullWidth && height === fullHeight;
  const shrink = whole ? undefined : openShrinker(fullWidth, fullHeight, width, height, data);
  let done = 0;
  for (const row of down.cuts) {
    const [first, end] = [3 * row.from * scale * fullWidth, 3 * row.to * scale * fullWidth];
    const band = whole ? data.subarray(first, end) : new Uint8Array(end - first);
    for (const column of across.cuts) {
      const cut = cutClamped(raster, column.at, row.at, across.tile, down.tile);
      const place = { x: column.at, y: row.at, width: across.tile };
      const input = beside ? withPlanes(cut, beside, { channels, scale }, place) : cut;
      const pixels = await network.run(input, across.tile, down.tile);
      const length = 3 * scale * (column.to - column.from);
      for (let y = 0; y < scale * (row.to - row.from); y++) {
        const from = 3 * scale * ((scale * (row.from - row.at) + y) * across.tile + column.from - column.at);
        band.set(pixels.subarray(from, from + length), 3 * (y * fullWidth + column.from * scale));
      }
      onTile(++done / (across.cuts.length * down.cuts.length));
    }
    shrink?.(band);
  }
  return { width, height, data };
}

/**
 * Runs a network that sees the whole picture at once, on a thumbnail near its size.
 * @param thumbnail its sides are multiples of `card.multiple` (see `thumbnailSize`).
 */
export const runWhole = (network: Network, thumbnail: Raster) =>
  network.run(thumbnail.data, thumbnail.width, thumbnail.height);

/**
 * The thumbnail's size for such a network, both sides multiples, at least one.
 * @param long pixels that the longer side is near: `card.size` unless given.
 */
export function thumbnailSize(
  network: Network,
  raster: Raster,
  long = network.card.size ?? 256,
): readonly [number, number] {
  const { multiple } = network.card;
  const factor = long / Math.max(raster.width, raster.height);
  const side = (value: number) => Math.max(multiple, Math.round((value * factor) / multiple) * multiple);
  return [side(raster.width), side(raster.height)];
}
