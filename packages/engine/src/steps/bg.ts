import { resize, resizePlane } from '../codec.ts';
import { lightness } from '../colourspace.ts';
import { type Layers, separate } from '../foreground.ts';
import { type Guided, guidedFit, openSampler } from '../guided-filter.ts';
import { lookedAt } from '../looks.ts';
import { decided } from '../matte.ts';
import type { Step } from '../pipeline.ts';
import { fitted, type Raster } from '../raster.ts';
import { refined } from '../refine.ts';

/** Long side in pixels at which the rim is looked at again and the colours in front of it are separated. */
const RIM = 1024;
/** Radius in those pixels, and variance of lightness that counts as flat, of the fit that carries the rim to larger photos. */
const RADIUS = 2;
const FLAT = 1e-3;
/** Alpha below and above which a pixel surely is outside or inside. */
const SURE = [0.02, 0.98] as const;
/** Share of the photo that a person takes at least. */
const PERSON = 0.01;
/** Weight of the layers' own smooth colours against the pixel's, at full size. */
const SMOOTH = 0.05;

function guideOf({ data }: Raster): Float32Array {
  const guide = new Float32Array(data.length / 3);
  for (let i = 0; i < guide.length; i++)
    guide[i] = lightness(data[3 * i] as number, data[3 * i + 1] as number, data[3 * i + 2] as number) / 100;
  return guide;
}

/** How alpha follows the photo's lightness at any size: the slope of a local fit, through the very alpha of each pixel of the small photo. */
function followed(alpha: Float32Array, small: Raster): Guided {
  const { width, height } = small;
  const guide = guideOf(small);
  const { slope } = guidedFit(guide, alpha, width, height, RADIUS, FLAT);
  const offset = alpha.map((a, i) => a - (slope[i] as number) * (guide[i] as number));
  return { width, height, slope, offset };
}

/** Mixes the person over a plain colour, row by row. */
function composite(
  photo: Raster,
  matte: Float32Array,
  fit: Guided,
  layers: Layers,
  paint: readonly number[],
  tick: (share: number) => void,
): Raster {
  const { width, height, data, alpha } = photo;
  const out = new Uint8Array(data.length);
  const planes = [fit.slope, fit.offset, matte];
  const rows = planes.map(() => new Float32Array(width));
  const [slope, offset, sure] = rows as [Float32Array, Float32Array, Float32Array];
  const sample = openSampler(fit.width, fit.height, width, height);
  for (let y = 0; y < height; y++) {
    planes.forEach((plane, k) => {
      sample(plane, y, rows[k] as Float32Array);
    });
    const layerRow = Math.min(layers.height - 1, Math.floor(((y + 0.5) * layers.height) / height)) * layers.width;
    for (let x = 0; x < width; x++) {
      const at = 3 * (y * width + x);
      const rim = (sure[x] as number) > SURE[0] && (sure[x] as number) < SURE[1];
      const L = rim ? lightness(data[at] as number, data[at + 1] as number, data[at + 2] as number) / 100 : 0;
      const a = rim
        ? Math.min(1, Math.max(0, (slope[x] as number) * L + (offset[x] as number)))
        : Math.round(sure[x] as number);
      const shown = alpha ? (a * (alpha[at / 3] as number)) / 255 : a;
      const from = 3 * (layerRow + Math.min(layers.width - 1, Math.floor(((x + 0.5) * layers.width) / width)));
      for (let c = 0; c < 3; c++) {
        let front = data[at + c] as number;
        if (rim) {
          const [f, b] = [layers.front[from + c] as number, layers.back[from + c] as number];
          // One step of the same equation as in `separate`, against the layers' colours: F + a (I - aF - (1 - a)B) / (a2 + (1 - a)2 + s).
          front = f + (a * (front - a * f - (1 - a) * b)) / (a * a + (1 - a) * (1 - a) + SMOOTH);
        }
        out[at + c] = Math.min(255, Math.max(0, Math.round(shown * front + (1 - shown) * (paint[c] as number))));
      }
    }
    if (y % 256 === 0) tick(y / height);
  }
  return { width, height, data: out };
}

/**
 * Cuts the person out and puts a plain colour behind. One network sees a thumbnail, another its rim at RIM pixels; at full size the rim
 * follows the photo's own edges, and the old background's colour is taken out of it. A photo without a person is left as it is.
 */
export const bg: Step = {
  name: 'bg',
  cost: 0.5,
  async run(photo, { network, options, tick }) {
    const matte = await lookedAt(await network('bg'), photo);
    const people = decided(matte.alpha, matte.width);
    if (people.reduce((sum, a) => sum + a, 0) < 255 * PERSON * people.length) return undefined;
    const small = await resize(photo, ...fitted(photo, RIM));
    const { width, height } = small;
    const grown = await resizePlane(people, 1, [matte.width, matte.height], [width, height], 'cubic');
    const coarse = Float32Array.from(grown, (a) => a / 255);
    const alpha = await refined(await network('refine'), small, coarse, SURE, (share) => tick(0.3 * share));
    tick(0.3);
    return composite(
      photo,
      alpha,
      followed(alpha, small),
      separate(small.data, alpha, width, height),
      options.rgb ?? [255, 255, 255],
      (share) => tick(0.3 + 0.7 * share),
    );
  },
};
