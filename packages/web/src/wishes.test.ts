/// <reference path="../../engine/src/heic-decode.d.ts" />
import { printPixels, type Wish } from '@hili/contract';
import { expect, it } from 'vitest';
import { LONG_EDGE, targetSize } from '../../engine/src/options.ts';
import { applying, resultSize, sideLimit } from './wishes.ts';

const me = (lots: { source: string; available: number; maxSide: number | null }[]) =>
  ({ freeMaxSide: 2000, credits: { lots } }) as unknown as Parameters<typeof sideLimit>[0];

it('sends no setting that the recipe has no use for', () => {
  const all = { repairStrength: 0.5, colourStrength: 0.4, srStrength: 0.3, scale: 4, rotate: 90 } as const;
  expect(applying({ recipe: 'sr', ...all })).toEqual({ recipe: 'sr', srStrength: 0.3, scale: 4, rotate: 90 });
  expect(applying({ recipe: 'sr,repair', ...all, rgb: [1, 2, 3] })).not.toHaveProperty('rgb');
  expect(applying({ recipe: 'sr,repair', ...all })).not.toHaveProperty('colourStrength');
  expect(applying({ recipe: 'sr,repair', recolour: true })).toEqual({ recipe: 'sr,repair' });
  expect(applying({ recipe: 'sr,repair,colour', recolour: true })).toHaveProperty('recolour', true);
  const colours = [{ x: 0.5, y: 0.5, colour: '#3f7a4a' }];
  expect(applying({ recipe: 'sr,repair', colours })).toEqual({ recipe: 'sr,repair' });
  expect(applying({ recipe: 'sr,repair,colour', colours })).toHaveProperty('colours', colours);
  expect(applying({ recipe: 'sr,repair', texture: 0.5 })).toHaveProperty('texture', 0.5);
  for (const idle of [{ recipe: 'bg' }, { recipe: 'sr', scale: 1 }, { recipe: 'sr', srStrength: 0 }] as const)
    expect(applying({ ...idle, texture: 0.5 })).not.toHaveProperty('texture');
  expect(applying({ recipe: 'bg', ...all, rgb: [1, 2, 3] })).toEqual({ recipe: 'bg', rotate: 90, rgb: [1, 2, 3] });
});

it('sends the background that an ID photo needs, white unless one was chosen', () => {
  expect(applying({ recipe: 'bg' })).toEqual({ recipe: 'bg', rgb: [255, 255, 255] });
});

it('sends a quality only with a file type that has one', () => {
  expect(applying({ recipe: 'sr', format: 'webp', quality: 70 })).toHaveProperty('quality', 70);
  expect(applying({ recipe: 'sr', format: 'png', quality: 70 })).not.toHaveProperty('quality');
  expect(applying({ recipe: 'sr', quality: 70 })).not.toHaveProperty('quality');
});

const SIZES = [
  { width: 640, height: 480 },
  { width: 300, height: 1000 },
  { width: 4000, height: 3000 },
  { width: 5999, height: 17 },
];
const WISHES: readonly Omit<Wish, 'recipe'>[] = [
  {},
  { scale: 1 },
  { scale: 4 },
  { longEdge: 1500 },
  { longEdge: 6000 },
  { print: [100, 150] },
  { print: [300, 200] },
  { print: [20, 1000] },
];

it.each(WISHES)('foretells the size that the engine gives a result of %j', (wish) => {
  for (const { width, height } of SIZES)
    for (const limit of [2000, LONG_EDGE].filter((limit) => Math.max(width, height) <= limit)) {
      const { print, ...same } = wish;
      const options = { ...same, mostLongEdge: limit, ...(print && { paper: printPixels(print) }) };
      const { width: w, height: h } = resultSize({ width, height }, { recipe: 'sr', ...wish }, limit);
      expect([w, h]).toEqual(targetSize(width, height, options));
    }
});

it('foretells that a photo over the limit is reduced to it, and that an ID photo keeps its size', () => {
  expect(resultSize({ width: 4000, height: 3000 }, { recipe: 'sr' }, 2000)).toEqual({ width: 2000, height: 1500 });
  expect(resultSize({ width: 4000, height: 3000 }, { recipe: 'bg' }, 2000)).toEqual({ width: 2000, height: 1500 });
  expect(resultSize({ width: 400, height: 300 }, { recipe: 'bg', scale: 4 }, 2000)).toEqual({
    width: 400,
    height: 300,
  });
});

it('takes the limit of the photo that pays: bought ones come before free ones', () => {
  const free = { source: 'free', available: 3, maxSide: null };
  expect(sideLimit(me([free]))).toBe(2000);
  expect(sideLimit(me([free, { source: 'purchase', available: 2, maxSide: 4000 }]))).toBe(4000);
  expect(sideLimit(me([{ source: 'goodwill', available: 1, maxSide: null }]))).toBe(LONG_EDGE);
  expect(sideLimit(me([{ source: 'purchase', available: 0, maxSide: 4000 }, free]))).toBe(2000);
});
