import { blend } from '../blend.ts';
import { resize } from '../codec.ts';
import { keepDarks } from '../darks.ts';
import { plausible, rms } from '../gate.ts';
import { JUDGED } from '../monochrome.ts';
import type { Step } from '../pipeline.ts';
import { fitted, type Raster } from '../raster.ts';
import { runTiled } from '../tiles.ts';
import { retint, tintCurve } from '../tint.ts';
import { toneCurves, toned } from '../tone.ts';
import { careful, thorough } from '../views.ts';

/** Change of a photo (steps of 8 bits, root mean square) that nobody sees: it is left as it is. */
const UNSEEN = 1.5;

/** Share of the pixels that are repaired by more than `STRONG` steps of 8 bits in a photo that is damaged beyond doubt. Measured with
 * repair-2 on 24 clean photos, in colour and in grey: at most 0.34 %; badly scratched ones: from 0.99 %. */
const EVIDENT = 0.007;
const STRONG = 24;
/** Share of the progress for the first look. */
const FIRST = 0.8;

function evident(before: Raster, after: Raster): boolean {
  let strong = 0;
  for (let i = 1; i < after.data.length; i += 3)
    if (Math.abs((after.data[i] as number) - (before.data[i] as number)) > STRONG) strong++;
  return strong > EVIDENT * (after.data.length / 3);
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
    const { width, height } = photo;
    const first = await runTiled(careful(net), before, width, height, (share) => tick(FIRST * share));
    const result = evident(before, first)
      ? await runTiled(thorough(net), before, width, height, (share) => tick(FIRST + (1 - FIRST) * share))
      : first;
    keepDarks(before, result);
    const sane = plausible(before, result) ? result : before;
    if (monochrome && sane === result) retint(before, result, tintCurve(curves ? toned(small, curves) : small));
    // Judged before it is mixed: half of a change that is seen is a change too.
    if (sane === photo || rms(photo, sane) < UNSEEN) return undefined;
    blend(photo, sane, options.strength?.repair);
    return photo.alpha ? { ...sane, alpha: photo.alpha } : sane;
  },
};
