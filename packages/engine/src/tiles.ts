import { cutClamped, type Raster } from './raster.ts';
import type { Network } from './sessions.ts';

/** Pixels of a tile's side with its overlap: time per pixel is the same from 64 to 512; memory is 190 to 230 MB at 512, 590 MB at 1024. */
const TILE = 512;

const up = (value: number, unit: number) => Math.ceil(value / unit) * unit;

/** Averages `k` x `k` blocks of an interleaved RGB picture. */
function averaged(pixels: Uint8Array, width: number, height: number, k: number): Uint8Array {
  const [w, h] = [width / k, height / k];
  const out = new Uint8Array(3 * w * h);
  for (let y = 0; y < h; y++)
    for (let i = 0; i < 3 * w; i++) {
      const at = 3 * k * Math.floor(i / 3) + (i % 3);
      let sum = 0;
      for (let dy = 0; dy < k; dy++)
        for (let dx = 0; dx < k; dx++) sum += pixels[3 * (k * y + dy) * width + at + 3 * dx] as number;
      out[3 * y * w + i] = Math.round(sum / (k * k));
    }
  return out;
}

/**
 * Runs a fully convolutional network over a picture of any size in overlapping tiles of constant memory. The overlap is the network's
 * receptive field, so tiles equal the whole and are joined without blending.
 * @param shrink averages the output back to the picture's size inside each tile.
 * @param onTile called after each tile with the share that is done, 0 to 1; may throw to stop.
 * @returns the picture at `card.scale` times its size (or its own with `shrink`), without alpha.
 */
export async function runTiled(
  network: Network,
  raster: Raster,
  shrink: boolean,
  onTile: (share: number) => void,
): Promise<Raster> {
  const { overlap, multiple, scale } = network.card;
  const core = TILE - 2 * up(overlap, multiple);
  const k = shrink ? 1 : scale;
  const [width, height] = [raster.width * k, raster.height * k];
  const data = new Uint8Array(3 * width * height);
  const [columns, rows] = [Math.ceil(raster.width / core), Math.ceil(raster.height / core)];
  for (let tile = 0; tile < columns * rows; tile++) {
    const [left, top] = [core * (tile % columns), core * Math.floor(tile / columns)];
    const [w, h] = [Math.min(core, raster.width - left), Math.min(core, raster.height - top)];
    const pad = up(overlap, multiple);
    const [tw, th] = [up(w + 2 * pad, multiple), up(h + 2 * pad, multiple)];
    const result = (await network.run(cutClamped(raster, left - pad, top - pad, tw, th), tw, th)) as Uint8Array;
    const pixels = shrink && scale > 1 ? averaged(result, tw * scale, th * scale, scale) : result;
    for (let y = 0; y < h * k; y++) {
      const from = 3 * ((pad * k + y) * tw * k + pad * k);
      data.set(pixels.subarray(from, from + 3 * w * k), 3 * ((top * k + y) * width + left * k));
    }
    onTile((tile + 1) / (columns * rows));
  }
  return { width, height, data };
}

/**
 * Runs a network that sees the whole picture at once, on a thumbnail near its size.
 * @param thumbnail its sides are multiples of `card.multiple` (see `thumbnailSize`).
 */
export const runWhole = (network: Network, thumbnail: Raster) =>
  network.run(thumbnail.data, thumbnail.width, thumbnail.height);

/** The thumbnail's size for such a network: long side near `card.size`, both sides multiples, at least one. */
export function thumbnailSize(network: Network, raster: Raster): readonly [number, number] {
  const { multiple, size } = network.card;
  const factor = (size ?? 256) / Math.max(raster.width, raster.height);
  const side = (value: number) => Math.max(multiple, Math.round((value * factor) / multiple) * multiple);
  return [side(raster.width), side(raster.height)];
}
