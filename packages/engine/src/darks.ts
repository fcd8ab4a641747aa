import type { Raster } from './raster.ts';

/** Steps of 8 bits by which repair may lighten a pixel. Grain and blocks lie within; pupils (80 to 150 steps below the skin) do not. */
const LIGHTEN = 12;

/**
 * Keeps the dark marks of a photo in its repaired version, in place: light damage may be darkened at will, but nothing is lightened by
 * more than 12 steps. A network cannot tell a small pupil, a nostril or handwriting from a dark speck, and a speck that stays costs less
 * than an eye that goes.
 */
export function keepDarks(photo: Raster, repaired: Raster): void {
  const { data } = repaired;
  for (let i = 0; i < data.length; i += 3) {
    const over = Math.max(
      (data[i] as number) - (photo.data[i] as number),
      (data[i + 1] as number) - (photo.data[i + 1] as number),
      (data[i + 2] as number) - (photo.data[i + 2] as number),
    );
    if (over <= LIGHTEN) continue;
    const share = LIGHTEN / over;
    for (let c = i; c < i + 3; c++) {
      const before = photo.data[c] as number;
      data[c] = Math.round(before + share * ((data[c] as number) - before));
    }
  }
}
