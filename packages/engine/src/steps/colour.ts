import { blend } from '../blend.ts';
import { resize } from '../codec.ts';
import { lightness, putLab } from '../colourspace.ts';
import { guidedFit, sampleRow } from '../guided-filter.ts';
import { isMonochrome, JUDGED } from '../monochrome.ts';
import type { Step } from '../pipeline.ts';
import { fitted, type Raster } from '../raster.ts';
import { runWhole, thumbnailSize } from '../tiles.ts';

/** Long side in pixels at which colour is fitted to luminance. */
const GUIDE = 384;

/** Gives a black-and-white photo colours and leaves its luminance as it is. A photo that has colours keeps them. */
export const colour: Step = {
  name: 'colour',
  cost: 0.4,
  async run(photo, { network, options, tick }) {
    if (options.strength?.colour === 0) return undefined;
    const { width, height, data } = photo;
    const opaque: Raster = { width, height, data };
    if (!isMonochrome(await resize(opaque, ...fitted(photo, JUDGED)))) return undefined;
    const small = await resize(opaque, ...fitted(photo, GUIDE));
    const net = await network('colour');
    const thumbnail = await resize(opaque, ...thumbnailSize(net, photo));
    const ab = (await runWhole(net, thumbnail)) as Float32Array;
    const [w, h] = [thumbnail.width / net.card.outputStride, thumbnail.height / net.card.outputStride];
    const guide = new Float32Array(small.width * small.height);
    for (let i = 0; i < guide.length; i++)
      guide[i] =
        lightness(small.data[3 * i] as number, small.data[3 * i + 1] as number, small.data[3 * i + 2] as number) / 100;
    const fits = [0, 1].map((c) => {
      const plane = Float32Array.from({ length: w * h }, (_, i) => ab[2 * i + c] as number);
      const grown = new Float32Array(guide.length);
      for (let y = 0; y < small.height; y++)
        sampleRow(plane, w, h, small.width, small.height, y, grown.subarray(y * small.width, (y + 1) * small.width));
      return guidedFit(guide, grown, small.width, small.height, 6, 4e-4);
    });
    const out = new Uint8Array(data.length);
    const rows = fits.flatMap(() => [new Float32Array(width), new Float32Array(width)]) as Float32Array[];
    for (let y = 0; y < height; y++) {
      fits.forEach((fit, c) => {
        sampleRow(fit.slope, fit.width, fit.height, width, height, y, rows[2 * c] as Float32Array);
        sampleRow(fit.offset, fit.width, fit.height, width, height, y, rows[2 * c + 1] as Float32Array);
      });
      const [sa, oa, sb, ob] = rows as [Float32Array, Float32Array, Float32Array, Float32Array];
      for (let x = 0; x < width; x++) {
        const at = 3 * (y * width + x);
        const L = lightness(data[at] as number, data[at + 1] as number, data[at + 2] as number);
        putLab(
          L,
          ((sa[x] as number) * L) / 100 + (oa[x] as number),
          ((sb[x] as number) * L) / 100 + (ob[x] as number),
          out,
          at,
        );
      }
      if (y % 256 === 0) tick(y / height);
    }
    const result = { ...photo, data: out };
    blend(photo, result, options.strength?.colour);
    return result;
  },
};
