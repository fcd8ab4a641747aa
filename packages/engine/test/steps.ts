import { join } from 'node:path';
import sharp from 'sharp';
import { decode, resize } from '../src/codec.ts';
import type { Options } from '../src/options.ts';
import { runSteps, type Step } from '../src/pipeline.ts';
import type { Raster } from '../src/raster.ts';
import { DUST_BOWL, draw, NAGASAKI, randoms, toSharp } from './pictures.ts';

const given = (process.env.HILI_MODELS ?? '').split(':').filter(Boolean);

/** Runs steps in this process; nothing of a pool is in between. */
export async function run(steps: readonly Step[], photo: Raster, options: Options = {}, modelFolders = given) {
  const watch = { modelFolders, threads: 1, signal: new AbortController().signal, onProgress: () => {} };
  const result = await runSteps(steps, photo, options, watch);
  return { ...result, changed: result.steps.some((step) => step.changed) };
}

/** The folder of a network that is made for a test. */
export const models = (name: string) => [join(import.meta.dirname, 'models', name)];

export const resized = async (photo: Raster, width: number, height: number, kernel: 'lanczos3' | 'cubic') => ({
  width,
  height,
  data: await toSharp(photo).resize(width, height, { fit: 'fill', kernel }).raw().toBuffer(),
});

/** As a JPEG of this quality leaves it. */
export const encoded = async (photo: Raster, quality: number): Promise<Raster> => ({
  ...photo,
  data: await sharp(await toSharp(photo).jpeg({ quality }).toBuffer())
    .raw()
    .toBuffer(),
});

/** With Gaussian noise. */
export function noisy(photo: Raster, sigma: number): Raster {
  const random = randoms(3);
  const normal = () => Math.sqrt(-2 * Math.log(random() + 1e-9)) * Math.cos(2 * Math.PI * random());
  return draw(photo.width, photo.height, (x, y) => {
    const at = 3 * (y * photo.width + x);
    return [0, 1, 2].map((c) => (photo.data[at + c] as number) + sigma * normal());
  });
}

/** Bright scratches from top to bottom and dark dust. */
export function scratched(photo: Raster): Raster {
  const random = randoms(11);
  const lines = Array.from({ length: 7 }, () => [random() * photo.width, (random() - 0.5) * 0.4] as const);
  const specks = Array.from({ length: 60 }, () => [random() * photo.width, random() * photo.height] as const);
  return draw(photo.width, photo.height, (x, y) => {
    const at = 3 * (y * photo.width + x);
    if (lines.some(([start, slope]) => Math.abs(x - start - slope * y) < 1.2)) return [238, 236, 230];
    if (specks.some(([sx, sy]) => Math.hypot(x - sx, y - sy) < 1.8)) return [25, 22, 20];
    return [0, 1, 2].map((c) => photo.data[at + c] as number);
  });
}

export const cut = ({ width, data }: Raster, left: number, top: number, w: number, h: number) =>
  draw(w, h, (x, y) => [...data.subarray(3 * ((top + y) * width + left + x), 3 * ((top + y) * width + left + x) + 3)]);

/** Pieces of two old photographs, 448 x 320 px. */
export const dustBowl = cut((await decode(DUST_BOWL)).raster, 300, 300, 448, 320);
export const nagasaki = cut((await decode(NAGASAKI)).raster, 300, 200, 448, 320);

/** The whole photo, small. */
export const whole = async (path: string) => resize((await decode(path)).raster, 448, 340);
