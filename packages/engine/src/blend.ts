import type { Raster } from './raster.ts';

/** Mixes a step's result with the photo of the same size that it was made from, in place: `strength` 0 is the photo, 1 the result. */
export function blend(photo: Raster, result: Raster, strength = 1): void {
  if (strength === 1) return;
  for (let i = 0; i < result.data.length; i++) {
    const before = photo.data[i] as number;
    result.data[i] = Math.round(before + strength * ((result.data[i] as number) - before));
  }
}
