import { blend } from '../blend.ts';
import { resize } from '../codec.ts';
import { plausible, rms } from '../gate.ts';
import { isMonochrome, JUDGED } from '../monochrome.ts';
import type { Step } from '../pipeline.ts';
import { fitted } from '../raster.ts';
import { runTiled } from '../tiles.ts';
import { retint, tintCurve } from '../tint.ts';
import { toneCurves, toned } from '../tone.ts';
import { leastChange } from '../views.ts';

/** Change of a photo (steps of 8 bits, root mean square) that nobody sees: it is left as it is. */
const UNSEEN = 1.5;

/**
 * Takes away scratches, dust, stains, grain and JPEG blocks, and gives a faded print its tones back. A sound photo is left as it is, and
 * a black-and-white one keeps its tint.
 */
export const repair: Step = {
  name: 'repair',
  cost: 3,
  async run(photo, { network, options, tick }) {
    const small = await resize(photo, ...fitted(photo, JUDGED));
    const monochrome = isMonochrome(small);
    const curves = toneCurves(small, monochrome);
    const before = curves ? toned(photo, curves) : photo;
    const net = leastChange(await network('repair'));
    const result = await runTiled(net, before, photo.width, photo.height, tick);
    const sane = plausible(before, result) ? result : before;
    if (monochrome && sane === result) retint(before, result, tintCurve(curves ? toned(small, curves) : small));
    if (sane !== photo) blend(photo, sane, options.strength?.repair);
    if (sane === photo || rms(photo, sane) < UNSEEN) return undefined;
    return photo.alpha ? { ...sane, alpha: photo.alpha } : sane;
  },
};
