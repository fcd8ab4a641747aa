import type { Raster } from './raster.ts';

/** Share of the darkest and of the lightest pixels that may be dust, and share of each side that may be a frame. */
const OUTLIERS = 0.005;
const FRAME = 0.08;
/**
 * A print has faded when its blacks are grey and little lies between them and its whites. Measured on 24 clean photos: where the blacks
 * reach 40 the range is at least 181, where the range is below 175 the blacks are at most 31. Both ramps multiply.
 */
const BLACKS = [42, 58] as const;
const RANGE = [180, 160] as const;
/** Where blacks and whites are put, near the medians of the clean photos (28 and 237), and the most that contrast is raised: noise
 * grows by as much. */
const BLACK = 22;
const WHITE = 238;
const MOST = 2.2;
/** Share of the cast in the whites of a coloured photo that is taken out; the paper of a toned print keeps its tint. */
const UNCAST = 0.6;

const ramp = (value: number, from: number, to: number) => Math.min(1, Math.max(0, (value - from) / (to - from)));
const luma = (r: number, g: number, b: number) => 0.299 * r + 0.587 * g + 0.114 * b;

/** Values of red, green, blue and luma inside the frame, each sorted. */
function sortedValues({ width, height, data }: Raster): readonly Uint8Array[] {
  const [left, top] = [Math.round(width * FRAME), Math.round(height * FRAME)];
  const planes = [0, 1, 2, 3].map(() => new Uint8Array((width - 2 * left) * (height - 2 * top)));
  let to = 0;
  for (let y = top; y < height - top; y++)
    for (let x = left; x < width - left; x++, to++) {
      const [r, g, b] = data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3) as unknown as [
        number,
        number,
        number,
      ];
      [r, g, b, luma(r, g, b)].forEach((value, i) => {
        (planes[i] as Uint8Array)[to] = value;
      });
    }
  return planes.map((plane) => plane.sort());
}

/**
 * Curves that give a faded print its blacks and whites back, from the extremes of each channel; a colour cast goes with the grey of its
 * blacks.
 * @param small a thumbnail of the photo.
 * @param monochrome whether it is black-and-white, toned or not: then the tint of the whites stays.
 * @returns a table of 256 bytes a channel, or nothing when the photo has not faded.
 */
export function toneCurves(small: Raster, monochrome: boolean): readonly Uint8Array[] | undefined {
  const ends = sortedValues(small).map((values) => {
    const at = (share: number) => values[Math.round(share * (values.length - 1))] as number;
    return [at(OUTLIERS), at(1 - OUTLIERS)] as const;
  });
  const [low, high] = ends[3] as readonly [number, number];
  const amount = ramp(low, ...BLACKS) * ramp(high - low, ...RANGE);
  if (amount === 0) return undefined;
  const white = Math.min(Math.max(WHITE, high), BLACK + MOST * (high - low));
  return ends.slice(0, 3).map(([lowest, highest]) => {
    const tinted = (white * highest) / high;
    const target = monochrome ? tinted : tinted + UNCAST * (white - tinted);
    const gain = Math.min(MOST, (target - BLACK) / Math.max(1, highest - lowest));
    return Uint8Array.from({ length: 256 }, (_, v) => {
      const stretched = target - gain * (highest - v);
      return Math.round(Math.min(255, Math.max(0, v + amount * (stretched - v))));
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
