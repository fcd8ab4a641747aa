import { resize } from '../codec.ts';
import type { Step } from '../pipeline.ts';
import { runWhole, thumbnailSize } from '../tiles.ts';

/** Puts the person on a plain background. */
export const bg: Step = {
  name: 'bg',
  cost: 0.5,
  async run(photo, { network, options }) {
    const net = await network('bg');
    const [w, h] = thumbnailSize(net, photo);
    const matte = (await runWhole(
      net,
      await resize({ width: photo.width, height: photo.height, data: photo.data }, w, h),
    )) as Uint8Array;
    const rgbMatte = new Uint8Array(3 * w * h).map((_, i) => matte[Math.floor(i / 3)] as number);
    const { data: a } = await resize({ width: w, height: h, data: rgbMatte }, photo.width, photo.height, 'linear');
    const paint = options.rgb ?? [255, 255, 255];
    const data = photo.data.map((v, i) =>
      Math.round(((a[i] as number) * v + (255 - (a[i] as number)) * (paint[i % 3] as number)) / 255),
    );
    return { width: photo.width, height: photo.height, data };
  },
};
