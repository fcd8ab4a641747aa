import type { Step } from '../pipeline.ts';
import { runTiled } from '../tiles.ts';

/** Takes away scratches, dust, stains, grain and JPEG blocks. */
export const repair: Step = {
  name: 'repair',
  cost: 1.5,
  async run(photo, { network, tick }) {
    const repaired = await runTiled(await network('repair'), photo, photo.width, photo.height, tick);
    return photo.alpha ? { ...repaired, alpha: photo.alpha } : repaired;
  },
};
