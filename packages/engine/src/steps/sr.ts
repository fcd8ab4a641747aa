import { resize } from '../codec.ts';
import { targetSize } from '../options.ts';
import type { Step } from '../pipeline.ts';
import { runTiled } from '../tiles.ts';

/** Enlarges, and takes light blur, noise and JPEG blocks with it. The network gives x2 and runs twice for more. */
export const sr: Step = {
  name: 'sr',
  cost: 2,
  async run(photo, { options, network, tick }) {
    const [width, height] = targetSize(photo.width, photo.height, options);
    if (width === photo.width && height === photo.height) return undefined;
    const net = await network('sr');
    const { scale } = net.card;
    let current = photo;
    // Shares of the passes: the second has scale * scale times the pixels of the first.
    const passes = width > photo.width * scale ? 2 : 1;
    for (let pass = 1; pass <= passes; pass++) {
      const [w, h] = pass === passes ? [width, height] : [current.width * scale, current.height * scale];
      const [before, share] =
        passes === 1
          ? [0, 1]
          : pass === 1
            ? [0, 1 / (1 + scale ** 2)]
            : [1 / (1 + scale ** 2), scale ** 2 / (1 + scale ** 2)];
      current = await runTiled(net, current, w, h, (done) => tick(before + share * done));
    }
    if (!photo.alpha) return current;
    const { alpha } = await resize({ ...photo, data: photo.data }, width, height);
    return alpha ? { ...current, alpha } : current;
  },
};
