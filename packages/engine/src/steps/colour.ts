import { blend } from '../blend.ts';
import { resize } from '../codec.ts';
import { chroma, lightness, putLab } from '../colourspace.ts';
import { askColours } from '../given-colours.ts';
import { guidedFit, openSampler } from '../guided-filter.ts';
import type { Step } from '../pipeline.ts';
import { fitted, type Raster } from '../raster.ts';
import { thumbnailSize } from '../tiles.ts';

/** Long side in pixels at which colour is fitted to luminance. */
const GUIDE = 384;

/** Chroma (Lab) that one sees as a colour, and the share of a photo that has it at least in one that the network knows colours for. */
const SEEN = 12;
const COLOURED = 0.06;

/** Whether the network knows hardly any colour for a photo whose own tone is stronger: it would turn warm sepia into cold grey. */
function paler(ab: Float32Array, { data }: Raster): boolean {
  let [given, seen, own] = [0, 0, 0];
  for (let i = 0; i < ab.length; i += 2) {
    const strength = Math.hypot(ab[i] as number, ab[i + 1] as number);
    given += (2 * strength) / ab.length;
    if (strength > SEEN) seen += 2 / ab.length;
  }
  for (let i = 0; i < data.length; i += 3)
    own += (3 * Math.hypot(...chroma(data[i] as number, data[i + 1] as number, data[i + 2] as number))) / data.length;
  return seen < COLOURED && own > given;
}

/**
 * Gives a black-and-white photo colours and leaves its luminance as it is. A photo that has colours keeps them, and a toned print for
 * which the network knows hardly any keeps its tone: both say so in a note, unless `recolour` asks for colours all the same. Whoever gives
 * colours at places has said what the toned print is to look like.
 */
export const colour: Step = {
  name: 'colour',
  cost: 0.4,
  async run(photo, { network, options, note, tick, monochrome }) {
    if (options.strength?.colour === 0) return undefined;
    const { width, height, data } = photo;
    const opaque: Raster = { width, height, data };
    if (!options.recolour && !(await monochrome())) return void note('coloured');
    const small = await resize(opaque, ...fitted(photo, GUIDE));
    const net = await network('colour');
    const thumbnail = await resize(opaque, ...thumbnailSize(net, photo));
    const ab = await askColours(net, thumbnail, options.colours);
    if (!options.recolour && !options.colours?.length && paler(ab, thumbnail)) return void note('toned');
    const [w, h] = [thumbnail.width / net.card.outputStride, thumbnail.height / net.card.outputStride];
    const guide = new Float32Array(small.width * small.height);
    for (let i = 0; i < guide.length; i++)
      guide[i] =
        lightness(small.data[3 * i] as number, small.data[3 * i + 1] as number, small.data[3 * i + 2] as number) / 100;
    const grow = openSampler(w, h, small.width, small.height);
    const fits = [0, 1].map((c) => {
      const plane = Float32Array.from({ length: w * h }, (_, i) => ab[2 * i + c] as number);
      const grown = new Float32Array(guide.length);
      for (let y = 0; y < small.height; y++) grow(plane, y, grown.subarray(y * small.width, (y + 1) * small.width));
      return guidedFit(guide, grown, small.width, small.height, 6, 4e-4);
    });
    const out = new Uint8Array(data.length);
    const rows = fits.flatMap(() => [new Float32Array(width), new Float32Array(width)]) as Float32Array[];
    const sample = openSampler(small.width, small.height, width, height);
    for (let y = 0; y < height; y++) {
      fits.forEach((fit, c) => {
        sample(fit.slope, y, rows[2 * c] as Float32Array);
        sample(fit.offset, y, rows[2 * c + 1] as Float32Array);
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
