import { resize } from './codec.ts';
import { PhotoError } from './errors.ts';
import { openSampler } from './guided-filter.ts';
import type { Raster } from './raster.ts';
import type { Network } from './sessions.ts';
import { runWhole, thumbnailSize } from './tiles.ts';

/** Alpha of a photo as a thumbnail shows it: `width` * `height` bytes. */
export interface Matte {
  readonly width: number;
  readonly height: number;
  readonly alpha: Uint8Array;
}

/** Values of a plane at another size, bilinear. */
function sampled(plane: Float32Array, from: readonly [number, number], [width, height]: readonly [number, number]) {
  const out = new Float32Array(width * height);
  const sample = openSampler(...from, width, height);
  for (let y = 0; y < height; y++) sample(plane, y, out.subarray(y * width, (y + 1) * width));
  return out;
}

/**
 * The matte of a network that sees the whole photo at once, at the `size` of its card. One whose card has `looks` gives logits and sees
 * thumbnails of all these sizes: a small one shows what belongs to a person, a large one where it ends; the surer one wins, for it is the
 * mean of logits that counts.
 * @throws PhotoError `no_model` for looks without logits, and for logits without looks.
 */
export async function lookedAt(network: Network, photo: Raster): Promise<Matte> {
  const { looks, output, id } = network.card;
  if (looks.length > 0 !== (output.order === 'logit'))
    throw new PhotoError('no_model', `expected looks and logits together for ${id} but received one of them`);
  const size = thumbnailSize(network, photo);
  const [width, height] = size;
  if (looks.length === 0)
    return { width, height, alpha: (await runWhole(network, await resize(photo, ...size))) as Uint8Array };
  const sum = new Float32Array(width * height);
  for (const long of looks) {
    const seen = thumbnailSize(network, photo, long);
    const logits = sampled((await runWhole(network, await resize(photo, ...seen))) as Float32Array, seen, size);
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (logits[i] as number) / looks.length;
  }
  return { width, height, alpha: Uint8Array.from(sum, (logit) => Math.round(255 / (1 + Math.exp(-logit)))) };
}
