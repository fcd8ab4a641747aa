import { cutClamped, type Raster } from './raster.ts';
import { openShrinker } from './resample.ts';
import type { Network } from './sessions.ts';

/**
 * Pixels of a tile's side with its overlap, at least. Measured with `sr`, one thread: 1.83 seconds per megapixel of tiles from 128 to 512;
 * the overlap costs 22 % at 256, 14 % at 384, 10 % at 512; memory 60, 150 and 290 MB. Networks with a wide overlap need wider tiles.
 */
const TILE = 384;

const up = (value: number, unit: number) => Math.ceil(value / unit) * unit;

/**
 * Runs a fully convolutional network over a picture of any size in overlapping tiles of constant memory. The overlap is the network's
 * receptive field, so tiles equal the whole and are joined without blending.
 * @param width,height of the result: at most `card.scale` times the picture; what is smaller is shrunk row by row on the way.
 * @param onTile called after each tile with the share that is done, 0 to 1; may throw to stop.
 * @returns the result without alpha.
 */
export async function runTiled(
  network: Network,
  raster: Raster,
  width: number,
  height: number,
  onTile: (share: number) => void,
): Promise<Raster> {
  const { overlap, multiple, scale } = network.card;
  const pad = up(overlap, multiple);
  const most = up(Math.max(TILE, 7 * pad), multiple) - 2 * pad;
  const [columns, rows] = [Math.ceil(raster.width / most), Math.ceil(raster.height / most)];
  // All tiles have one size: for each other size onnxruntime keeps another plan and another piece of memory.
  const coreWidth = up(Math.ceil(raster.width / columns), multiple);
  const coreHeight = up(Math.ceil(raster.height / rows), multiple);
  const [tileWidth, tileHeight] = [coreWidth + 2 * pad, coreHeight + 2 * pad];
  const [fullWidth, fullHeight] = [raster.width * scale, raster.height * scale];
  const data = new Uint8Array(3 * width * height);
  const whole = width === fullWidth && height === fullHeight;
  const shrink = whole ? undefined : openShrinker(fullWidth, fullHeight, width, height, data);
  for (let row = 0; row < rows; row++) {
    const top = coreHeight * row;
    const h = Math.min(coreHeight, raster.height - top);
    const start = 3 * top * scale * fullWidth;
    const band = whole
      ? data.subarray(start, start + 3 * h * scale * fullWidth)
      : new Uint8Array(3 * h * scale * fullWidth);
    for (let column = 0; column < columns; column++) {
      const left = coreWidth * column;
      const w = Math.min(coreWidth, raster.width - left);
      const cut = cutClamped(raster, left - pad, top - pad, tileWidth, tileHeight);
      const pixels = await network.run(cut, tileWidth, tileHeight);
      for (let y = 0; y < h * scale; y++) {
        const from = 3 * scale * ((pad * scale + y) * tileWidth + pad);
        band.set(pixels.subarray(from, from + 3 * w * scale), 3 * (y * fullWidth + left * scale));
      }
      onTile((row * columns + column + 1) / (columns * rows));
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

/** The thumbnail's size for such a network: long side near `card.size`, both sides multiples, at least one. */
export function thumbnailSize(network: Network, raster: Raster): readonly [number, number] {
  const { multiple, size } = network.card;
  const factor = (size ?? 256) / Math.max(raster.width, raster.height);
  const side = (value: number) => Math.max(multiple, Math.round((value * factor) / multiple) * multiple);
  return [side(raster.width), side(raster.height)];
}
