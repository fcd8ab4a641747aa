import { blend } from '../blend.ts';
import { carry } from '../carry.ts';
import { resize } from '../codec.ts';
import { keepDarks } from '../darks.ts';
import { plausible, rms } from '../gate.ts';
import { JUDGED } from '../monochrome.ts';
import type { Step } from '../pipeline.ts';
import { fitted, type Raster } from '../raster.ts';
import type { Network } from '../sessions.ts';
import { runTiled } from '../tiles.ts';
import { retint, tintCurve } from '../tint.ts';
import { toneCurves, toned } from '../tone.ts';
import { fromAllSides } from '../views.ts';

/** Change of a photo (steps of 8 bits, root mean square) that nobody sees: it is left as it is. */
const UNSEEN = 1.5;

/**
 * Longer side, in pixels, up to which the network knows damage for what it is: it learned scratches of 1 to 5 px on photos of 500 to 900 px,
 * and on a scan of 24 megapixels they are seven times as wide. Larger photos are first repaired in copies of half the size, and of half that.
 */
const COARSEST = 800;

/** The longer sides at which a photo is looked at, the coarsest first and its own last. */
function sides({ width, height }: Raster): number[] {
  const all = [Math.max(width, height)];
  while ((all[0] as number) > COARSEST) all.unshift((all[0] as number) / 2);
  return all;
}

/**
 * Pixels up to which three views of a picture are worth their time: .17 dB on photos made old, for twice the CPU seconds. A larger one gets three
 * in its reduced copies, where most of its damage is found.
 */
const VIEWED = 2e6;

/** Repairs a picture at its own size. @returns the same object where the network's result is another picture. */
async function mended(picture: Raster, net: Network, tick: (share: number) => void): Promise<Raster> {
  const { width, height } = picture;
  const result = await runTiled(width * height > VIEWED ? net : fromAllSides(net), picture, width, height, tick);
  keepDarks(picture, result);
  return plausible(picture, result) ? result : picture;
}

/** Repairs a picture from its coarse damage to its fine. @returns the same object where nothing was found at any size. */
async function mendedAtAllSizes(picture: Raster, net: Network, tick: (share: number) => void): Promise<Raster> {
  const looks = sides(picture);
  // The work of each look goes with its pixels.
  const work = looks.map((side) => side * side);
  const all = work.reduce((sum, one) => sum + one, 0);
  let result = picture;
  let done = 0;
  for (const [i, side] of looks.entries()) {
    const copy = await resize(result, ...fitted(result, side));
    const better = await mended(copy, net, (share) => tick((done + share * (work[i] as number)) / all));
    done += work[i] as number;
    if (better === copy || (i < looks.length - 1 && rms(copy, better) < UNSEEN)) continue;
    result = i === looks.length - 1 ? better : carry(result, copy, better);
  }
  keepDarks(picture, result);
  return result;
}

/**
 * Takes away scratches, light dust, stains, grain and JPEG blocks, and gives a faded print its tones back. Dark marks stay, a sound photo
 * is left as it is, and a black-and-white one keeps its tint.
 */
export const repair: Step = {
  name: 'repair',
  cost: 3,
  async run(photo, context) {
    const { network, options, tick } = context;
    if (options.strength?.repair === 0) return undefined;
    const small = await resize(photo, ...fitted(photo, JUDGED));
    const monochrome = await context.monochrome();
    const curves = toneCurves(small, monochrome);
    const before = curves ? toned(photo, curves) : photo;
    const net = await network('repair');
    const result = await mendedAtAllSizes(before, net, tick);
    const sane = plausible(before, result) ? result : before;
    if (monochrome && sane !== before) retint(before, sane, tintCurve(curves ? toned(small, curves) : small));
    // Judged before it is mixed: half of a change that is seen is a change too.
    if (sane === photo || rms(photo, sane) < UNSEEN) return undefined;
    blend(photo, sane, options.strength?.repair);
    return photo.alpha ? { ...sane, alpha: photo.alpha } : sane;
  },
};
