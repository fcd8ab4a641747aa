import type { Raster } from './raster.ts';

/** Share of the darkest and of the lightest pixels that may be dust, and share of each side that may be a frame. */
const OUTLIERS = 0.005;
const FRAME = 0.08;
/** Share of the pixels that are the darkest, and the lightest. Each channel's own extremes would be those of coloured things. */
const ENDS = 0.01;
/**
 * A print has faded when its blacks are grey and little lies between them and its whites. Measured on 24 clean photos: where the blacks
 * reach 40 the range is at least 181, where the range is below 175 the blacks are at most 31. Both ramps multiply.
 */
const BLACKS = [42, 58] as const;
const RANGE = [180, 160] as const;
/** Where blacks and whites are put, near the medians of the clean photos (28 and 237), and the most that contrast is raised: noise
 * grows by as much, and so does the strength of colours. */
const BLACK = 22;
const WHITE = 238;
const MOST = { monochrome: 2.2, coloured: 1.6 };
/** Share of the cast in the whites of a coloured photo that is taken out; the paper of a toned print keeps its tint. */
const UNCAST = 0.6;

/** Steps of 8 bits in which tones beyond an end are rolled off: cut at 0 and 255, light faces lost the drawing of one channel. */
const SHOULDER = 14;

/** Rolls what lies beyond the ends off, so that it stays within a byte and apart. */
function rolled(v: number): number {
  const [toe, shoulder] = [SHOULDER, 255 - SHOULDER];
  if (v > shoulder) return 255 - SHOULDER * Math.exp(-(v - shoulder) / SHOULDER);
  if (v < toe) return SHOULDER * Math.exp((v - toe) / SHOULDER);
  return v;
}

const ramp = (value: number, from: number, to: number) => Math.min(1, Math.max(0, (value - from) / (to - from)));
const luma = (r: number, g: number, b: number) => 0.299 * r + 0.587 * g + 0.114 * b;

interface Ends {
  /** Luma without outliers. */
  readonly low: number;
  readonly high: number;
  /** Mean red, green and blue of the darkest and of the lightest pixels. */
  readonly darkest: readonly number[];
  readonly lightest: readonly number[];
}

/** The ends of a picture's tones inside its frame. */
function endsOf({ width, height, data }: Raster): Ends {
  const [left, top] = [Math.round(width * FRAME), Math.round(height * FRAME)];
  const inside: [luma: number, at: number][] = [];
  for (let y = top; y < height - top; y++)
    for (let x = left; x < width - left; x++) {
      const at = 3 * (y * width + x);
      inside.push([luma(data[at] as number, data[at + 1] as number, data[at + 2] as number), at]);
    }
  inside.sort(([a], [b]) => a - b);
  const at = (share: number) => (inside[Math.round(share * (inside.length - 1))] as [number, number])[0];
  const count = Math.max(1, Math.round(ENDS * inside.length));
  const mean = (some: typeof inside) =>
    [0, 1, 2].map((c) => some.reduce((sum, [, i]) => sum + (data[i + c] as number), 0) / some.length);
  return {
    low: at(OUTLIERS),
    high: at(1 - OUTLIERS),
    darkest: mean(inside.slice(0, count)),
    lightest: mean(inside.slice(-count)),
  };
}

/**
 * Curves that give a faded print its blacks and whites back, from its darkest and lightest pixels; a colour cast goes with the grey of
 * its blacks.
 * @param small a thumbnail of the photo.
 * @param monochrome whether it is black-and-white, toned or not: then the tint of the whites stays.
 * @returns a table of 256 bytes a channel, or nothing when the photo has not faded.
 */
export function toneCurves(small: Raster, monochrome: boolean): readonly Uint8Array[] | undefined {
  const { low, high, darkest, lightest } = endsOf(small);
  const amount = ramp(low, ...BLACKS) * ramp(high - low, ...RANGE);
  if (amount === 0) return undefined;
  const most = monochrome ? MOST.monochrome : MOST.coloured;
  const white = Math.min(Math.max(WHITE, high), BLACK + most * (high - low));
  const [r, g, b] = lightest as [number, number, number];
  return lightest.map((highest, c) => {
    const lowest = darkest[c] as number;
    const tinted = (white * highest) / luma(r, g, b);
    const target = monochrome ? tinted : tinted + UNCAST * (white - tinted);
    const gain = Math.min(most, (target - BLACK) / Math.max(1, highest - lowest));
    return Uint8Array.from({ length: 256 }, (_, v) => {
      const stretched = target - gain * (highest - v);
      return Math.round(v + amount * (rolled(stretched) - v));
    });
  });
}

/** The photo through the curves. */
export function toned(photo: Raster, curves: readonly Uint8Array[]): Raster {
  const [red, green, blue] = curves as [Uint8Array, Uint8Array, Uint8Array];
  const data = new Uint8Array(photo.data.length);
  for (let i = 0; i < data.length; i += 3) {
    data[i] = red[photo.data[i] as number] as number;
    data[i + 1] = green[photo.data[i + 1] as number] as number;
    data[i + 2] = blue[photo.data[i + 2] as number] as number;
  }
  return { ...photo, data };
}
