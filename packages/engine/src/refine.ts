import { PhotoError } from './errors.ts';
import { boxMean } from './guided-filter.ts';
import { cutClamped, type Raster } from './raster.ts';
import type { Network } from './sessions.ts';

/** Pixels of a tile's side that are kept. */
const INNER = 160;

/** Pixels, of the picture that is looked at, around an unsure one that are judged anew as well: hair stands out of where a thumbnail sees its rim. */
const NEAR = 24;

/**
 * Mean of the matte within WITHIN pixels from which on a pixel lies deep in a person: there the second look, which sees only pieces, takes away
 * nothing that the first holds for the person's. Within NEAR it cut holes into sleeves; from .8 on it could open no curls.
 */
const DEEP = 0.9;
const WITHIN = 12;

/** Whether each pixel is NEAR one of which the matte says neither that it is outside nor that it is inside. */
function unknownRegion(
  matte: Float32Array,
  width: number,
  height: number,
  sure: readonly [number, number],
): Uint8Array {
  const unsure = matte.map((alpha) => Number(alpha > sure[0] && alpha < sure[1]));
  return Uint8Array.from(boxMean(unsure, width, height, NEAR), (share) => Number(share > 0));
}

/** RGB of a tile and its matte as a fourth value, the edges repeated. */
function withMatte(photo: Raster, matte: Float32Array, left: number, top: number, side: number): Uint8Array {
  const rgb = cutClamped(photo, left, top, side, side);
  const out = new Uint8Array(4 * side * side);
  for (let y = 0, to = 0, from = 0; y < side; y++) {
    const row = photo.width * Math.min(photo.height - 1, Math.max(0, top + y));
    for (let x = 0; x < side; x++, to += 4, from += 3) {
      out[to] = rgb[from] as number;
      out[to + 1] = rgb[from + 1] as number;
      out[to + 2] = rgb[from + 2] as number;
      const alpha = matte[row + Math.min(photo.width - 1, Math.max(0, left + x))] as number;
      out[to + 3] = Math.round(255 * alpha);
    }
  }
  return out;
}

/**
 * Looks again, at the photo's own pixels, where a matte made from a thumbnail is unsure: hair, fur, fringes.
 * @param network takes RGB and alpha, gives alpha. It runs on tiles near unsure pixels and on no others.
 * @param matte width * height values, 0 to 1. @param sure what counts as outside (up to) and as inside (from).
 * @param tick called before each row of tiles with the share that is done; may throw to stop.
 * @throws PhotoError `no_model` when the network takes no matte.
 * @returns the matte with the pixels near unsure ones judged anew, but deep in a person 1 where it was a half or more; the others 0 or 1.
 */
export async function refined(
  network: Network,
  photo: Raster,
  matte: Float32Array,
  sure: readonly [number, number],
  tick: (share: number) => void,
): Promise<Float32Array> {
  const { width, height } = photo;
  const { input, overlap, multiple } = network.card;
  if (input.channels !== 4)
    throw new PhotoError('no_model', `expected 4 channels for ${network.card.id} but received ${input.channels}`);
  const pad = Math.ceil(overlap / multiple) * multiple;
  const side = Math.ceil((INNER + 2 * pad) / multiple) * multiple;
  const rim = unknownRegion(matte, width, height, sure);
  const around = boxMean(matte, width, height, WITHIN);
  const out = matte.map(Math.round);
  for (let top = 0; top < height; top += INNER) {
    tick(top / height);
    for (let left = 0; left < width; left += INNER) {
      const pixels: number[] = [];
      for (let y = top; y < Math.min(height, top + INNER); y++)
        for (let x = left; x < Math.min(width, left + INNER); x++) if (rim[y * width + x]) pixels.push(y * width + x);
      if (pixels.length === 0) continue;
      const alpha = await network.run(withMatte(photo, matte, left - pad, top - pad, side), side, side);
      for (const i of pixels) {
        const [x, y] = [(i % width) - left + pad, Math.floor(i / width) - top + pad];
        const again = (alpha[y * side + x] as number) / 255;
        out[i] = (around[i] as number) > DEEP ? Math.max(again, Math.round(matte[i] as number)) : again;
      }
    }
  }
  return out;
}
