import { cutClamped, type Raster } from './raster.ts';
import type { Network } from './sessions.ts';

/** Side of the pieces that are looked at, and how many there are at most a side of the photo. */
const PIECE = 128;
const MOST = 6;

/** Side of JPEG's blocks: the network knows them by their borders, at every eighth pixel of a piece from its corner on. */
const BLOCK = 8;

/** Where pieces begin along a side: evenly from one end to the other, at the border of a block. */
function starts(side: number, border: number): number[] {
  const count = Math.min(MOST, Math.max(1, Math.floor(side / PIECE)));
  const at = (i: number) => ((side - PIECE) * (i + 0.5)) / count;
  return Array.from({ length: count }, (_, i) => Math.round((at(i) - border) / BLOCK) * BLOCK + border);
}

/** Rows or columns that are looked at for the borders of blocks. */
const LINES = 96;

/**
 * Where the borders of JPEG's blocks lie, 0 to 7, in a photo that may have been cut: where green jumps most from one pixel to the next.
 * @param along pixels from one to the next, and `across` from line to line; `length` of a line, `lines` of them.
 */
function blockBorder(data: Uint8Array, along: number, across: number, length: number, lines: number): number {
  const jumps = new Float64Array(BLOCK);
  for (let k = 0; k < LINES; k++) {
    let at = 3 * across * Math.floor(((k + 0.5) * lines) / LINES) + 1;
    for (let i = 1; i < length; i++, at += 3 * along) {
      const jump = Math.abs((data[at + 3 * along] as number) - (data[at] as number));
      // Edges of the picture are larger than borders of blocks.
      if (jump < 24) jumps[i % BLOCK] = (jumps[i % BLOCK] as number) + jump;
    }
  }
  return jumps.indexOf(Math.max(...jumps));
}

/**
 * How badly a photo is spoilt by blur, noise or JPEG, as the network `severity` judges it: the middle of its verdicts on pieces at the
 * photo's own size, for a sky or a blurred background looks worse than the photo is.
 * @returns 0, not at all, to 1.
 */
export async function severity(network: Network, photo: Raster): Promise<number> {
  const { width, height, data } = photo;
  const [x, y] = [blockBorder(data, 1, width, width, height), blockBorder(data, width, 1, height, width)];
  const verdicts: number[] = [];
  for (const top of starts(height, y))
    for (const left of starts(width, x))
      verdicts.push(...((await network.run(cutClamped(photo, left, top, PIECE, PIECE), PIECE, PIECE)) as Float32Array));
  verdicts.sort((a, b) => a - b);
  return Math.min(1, Math.max(0, verdicts[verdicts.length >> 1] as number));
}
