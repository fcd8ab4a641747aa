import { cutClamped, type Raster } from './raster.ts';
import type { Network } from './sessions.ts';

/** Side of the pieces that are looked at, and how many there are at most a side of the photo. */
const PIECE = 128;
const MOST = 6;

/** Where pieces begin along a side: evenly from one end to the other. */
function starts(side: number): number[] {
  const count = Math.min(MOST, Math.max(1, Math.floor(side / PIECE)));
  return Array.from({ length: count }, (_, i) => Math.round(((side - PIECE) * (i + 0.5)) / count));
}

/**
 * How badly a photo is spoilt by blur, noise or JPEG, as the network `severity` judges it: the middle of its verdicts on pieces at the
 * photo's own size, for a sky or a blurred background looks worse than the photo is.
 * @returns 0, not at all, to 1.
 */
export async function severity(network: Network, photo: Raster): Promise<number> {
  const verdicts: number[] = [];
  for (const top of starts(photo.height))
    for (const left of starts(photo.width))
      verdicts.push(...((await network.run(cutClamped(photo, left, top, PIECE, PIECE), PIECE, PIECE)) as Float32Array));
  verdicts.sort((a, b) => a - b);
  return Math.min(1, Math.max(0, verdicts[verdicts.length >> 1] as number));
}
