import { blend } from '../blend.ts';
import { resize, resizePlane } from '../codec.ts';
import { plausible, rms } from '../gate.ts';
import { targetSize } from '../options.ts';
import type { Context, Step } from '../pipeline.ts';
import type { Raster } from '../raster.ts';
import { severity } from '../severity.ts';
import { runTiled } from '../tiles.ts';
import { isGrey, makeGrey } from '../tint.ts';

/** Change at the photo's own size (steps of 8 bits, root mean square) that nobody sees: clean photos change by 1.5, noise of 6 by 5. */
const UNSEEN = 2;

/**
 * What enlarges a photo by `factor`, and what it takes beside the picture.
 * @param texture how much texture is drawn, 0 to 1, by a network that holds the one that enlarges: none where that is another's.
 */
async function enlarger(photo: Raster, factor: number, texture: number, network: Context['network']) {
  const net = await network('sr');
  // A network that takes no strength is another's: it does all the work.
  if (net.card.input.channels < 4) return { net };
  const strength = Math.round(255 * (await severity(await network('severity'), photo)));
  const large = factor > net.card.scale;
  const plain = large ? await network('sr4') : net;
  const textured = texture > 0 ? await network(large ? 'texture4' : 'texture') : plain;
  const holds = textured.card.beside === plain.card.id;
  return { net: holds ? textured : plain, beside: { strength, texture } };
}

/** Runs the network once, or another's twice where once is too small; the last pass is shrunk to size on the way. */
async function enlarged(
  photo: Raster,
  width: number,
  height: number,
  { network, tick, texture }: Pick<Context, 'network' | 'tick'> & { readonly texture: number },
): Promise<Raster> {
  const { net, beside } = await enlarger(photo, width / photo.width, texture, network);
  const { scale } = net.card;
  if (scale < 2 || width <= photo.width * scale) return runTiled(net, photo, width, height, tick, beside);
  // The second pass has scale * scale times the pixels of the first.
  const first = 1 / (1 + scale ** 2);
  const [w, h] = [photo.width * scale, photo.height * scale];
  const once = await runTiled(net, photo, w, h, (share) => tick(first * share), beside);
  return runTiled(net, once, width, height, (share) => tick(first + (1 - first) * share));
}

/**
 * Enlarges, and takes light blur, noise and JPEG blocks with it. A photo that stays at its size is cleaned: enlarged and shrunk again; or
 * left as it is when there is nothing to clean. At strength 0 it is enlarged plainly.
 */
export const sr: Step = {
  name: 'sr',
  cost: 2,
  async run(photo, { options, network, tick }) {
    const [width, height] = targetSize(photo.width, photo.height, options);
    const same = width === photo.width && height === photo.height;
    const strength = options.strength?.sr ?? 1;
    if (same && strength === 0) return undefined;
    const plain = () => resize(photo, width, height);
    // What is shrunk again lacks less detail: at its own size a photo lacks none, and texture would be noise.
    const texture = (options.texture ?? 0) * Math.min(1, Math.max(0, width / photo.width - 1));
    const made = strength === 0 ? await plain() : await enlarged(photo, width, height, { network, tick, texture });
    if (same && !plausible(photo, made)) return undefined;
    const result = plausible(photo, made) ? made : await plain();
    if (isGrey(photo)) makeGrey(result);
    // Judged before it is mixed: half of a change that is seen is a change too.
    if (same && rms(photo, result) < UNSEEN) return undefined;
    if (strength > 0 && strength < 1 && result === made) blend(await plain(), result, strength);
    if (!photo.alpha) return result;
    const alpha = await resizePlane(photo.alpha, 1, [photo.width, photo.height], [width, height], 'cubic');
    return { ...result, alpha };
  },
};
