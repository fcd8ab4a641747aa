import type { Raster } from './raster.ts';

/** Cells a side, and samples a side of each cell. */
const CELLS = 16;
const SAMPLES = 8;
/** Mean difference of the cells that no step makes on purpose, and share of their contrast that must be left. */
const DIFFERENT = 40;
const CONTRAST = 0.3;

/** Mean red, green and blue of the cells of a 16 x 16 grid. */
function cells({ width, height, data }: Raster): Float32Array {
  const means = new Float32Array(3 * CELLS * CELLS);
  const at = (i: number, size: number) => Math.min(size - 1, Math.floor(((i + 0.5) * size) / (CELLS * SAMPLES)));
  for (let y = 0; y < CELLS * SAMPLES; y++)
    for (let x = 0; x < CELLS * SAMPLES; x++) {
      const from = 3 * (at(y, height) * width + at(x, width));
      const to = 3 * (Math.floor(y / SAMPLES) * CELLS + Math.floor(x / SAMPLES));
      for (let c = 0; c < 3; c++) means[to + c] = (means[to + c] as number) + (data[from + c] as number) / SAMPLES ** 2;
    }
  return means;
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
}

/**
 * Whether a network's result still is the same picture, seen from afar: not black, not another colour, not flat.
 * @param after may have another size.
 */
export function plausible(before: Raster, after: Raster): boolean {
  const [a, b] = [cells(before), cells(after)];
  const difference = a.reduce((sum, v, i) => sum + Math.abs(v - (b[i] as number)), 0) / a.length;
  return difference < DIFFERENT && deviation(b) >= CONTRAST * deviation(a);
}

/** Root of the mean squared difference of two pictures of one size, in steps of 8 bits. */
export function rms(a: Raster, b: Raster): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += ((a.data[i] as number) - (b.data[i] as number)) ** 2;
  return Math.sqrt(sum / a.data.length);
}
