import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { OWN_MODELS } from '../src/models.ts';
import type { Raster } from '../src/raster.ts';
import { sr } from '../src/steps/sr.ts';
import { difference, grey, psnr, saturation, scene, worst } from './pictures.ts';
import { dustBowl, models, nagasaki, noisy, resized, run } from './steps.ts';

const SCALES = [2, 4] as const;
const enlarged = async (photo: Raster, scale: 2 | 4, texture?: number) =>
  (await run([sr], photo, { scale, ...(texture !== undefined && { texture }) })).photo;
const shrunk = (photo: Raster, scale: number) => resized(photo, photo.width / scale, photo.height / scale, 'cubic');

/** Root mean square of the Laplacian of green in each block of 16 pixels. */
function detail({ width, height, data }: Raster): number[] {
  const rows: number[] = [];
  for (let top = 0; top + 16 <= height; top += 16)
    for (let left = 0; left + 16 <= width; left += 16) {
      let sum = 0;
      for (let y = top + 1; y < top + 15; y++)
        for (let x = left + 1; x < left + 15; x++) {
          const at = (dx: number, dy: number) => data[3 * ((y + dy) * width + x + dx) + 1] as number;
          sum += (4 * at(0, 0) - at(-1, 0) - at(1, 0) - at(0, -1) - at(0, 1)) ** 2;
        }
      rows.push(Math.sqrt(sum / 196));
    }
  return rows;
}
/** By what factor the detail of a block is off, in octaves, on average. */
const off = (made: Raster, truth: Raster) => {
  const true_ = detail(truth);
  return (
    detail(made).reduce((sum, v, i) => sum + Math.abs(Math.log2((v + 2) / ((true_[i] as number) + 2))), 0) /
    true_.length
  );
};

it.for(SCALES)('draws no texture by %i unless it is asked for', async (scale) => {
  const small = await shrunk(dustBowl, scale);
  expect(worst((await enlarged(small, scale, 0)).data, (await enlarged(small, scale)).data)).toBe(0);
});

it.for(SCALES)(
  'adds to the picture that it would be by %i without: a hundredth of texture is hardly seen',
  async (scale) => {
    const small = await shrunk(dustBowl, scale);
    expect(difference((await enlarged(small, scale, 0.01)).data, (await enlarged(small, scale, 0)).data)).toBeLessThan(
      0.6,
    );
  },
);

it.for(SCALES)('gives detail that is lost by %i its strength back', async (scale) => {
  for (const truth of [dustBowl, nagasaki]) {
    const small = await shrunk(truth, scale);
    const [none, half, all] = await Promise.all([0, 0.5, 1].map((texture) => enlarged(small, scale, texture)));
    expect(off(half as Raster, truth)).toBeLessThan(off(none as Raster, truth));
    expect(off(all as Raster, truth)).toBeLessThan(0.9 * off(none as Raster, truth));
  }
});

it.for(SCALES)('keeps every shape by %i: at half the size of the photo hardly anything has changed', async (scale) => {
  for (const truth of [dustBowl, scene(448, 320)]) {
    const small = await shrunk(truth, scale);
    const [none, all] = [await enlarged(small, scale, 0), await enlarged(small, scale, 1)];
    expect(psnr(await shrunk(all, 2 * scale), await shrunk(none, 2 * scale))).toBeGreaterThan(36);
  }
});

it.for(SCALES)('draws in proportion by %i, and the same each time', async (scale) => {
  const small = await shrunk(dustBowl, scale);
  const [none, half, all] = [
    await enlarged(small, scale, 0),
    await enlarged(small, scale, 0.5),
    await enlarged(small, scale, 1),
  ];
  const middle = none.data.map((v, i) => (v + (all.data[i] as number)) / 2);
  expect(difference(all.data, none.data)).toBeGreaterThan(0.5);
  expect(difference(half.data, middle)).toBeLessThan(0.25 * difference(all.data, none.data) + 0.6);
  expect(worst(all.data, (await enlarged(small, scale, 1)).data)).toBe(0);
});

it('draws hardly any into a smooth sky, and keeps a black-and-white photo grey', async () => {
  const sky = { ...scene(160, 30), data: scene(160, 120).data.subarray(0, 3 * 160 * 30) };
  const [plain, all] = [await enlarged(sky, 4, 0), await enlarged(sky, 4, 1)];
  expect(worst(all.data, plain.data)).toBeLessThanOrEqual(6);
  expect(difference(all.data, plain.data)).toBeLessThan(1);
  expect(saturation(await enlarged(grey(scene(160, 120)), 2, 1))).toBe(0);
});

it('is not drawn into a photo that keeps its size, nor by a network that takes no noise', async () => {
  const photo = noisy(scene(160, 120), 8);
  for (const [options, folders] of [[{ scale: 1 }], [{}, models('black')]] as const) {
    const [plain, textured] = [
      await run([sr], photo, options, folders),
      await run([sr], photo, { ...options, texture: 1 }, folders),
    ];
    expect(plain.changed).toBe(true);
    expect(worst(textured.photo.data, plain.photo.data)).toBe(0);
  }
});

it('grows with the size of the result: a photo that is a little larger gets a little', async () => {
  const photo = scene(160, 120);
  const drawn = async (longEdge: number) => {
    const [plain, all] = [await run([sr], photo, { longEdge }), await run([sr], photo, { longEdge, texture: 1 })];
    return difference(all.photo.data, plain.photo.data);
  };
  const [little, half, whole] = [await drawn(162), await drawn(240), await drawn(320)];
  expect(little).toBeLessThan(0.7 * half);
  expect(half).toBeLessThan(whole);
});

it('is not drawn beside the network of another, whatever that takes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hili-texture-'));
  const card = JSON.parse(readFileSync(join(OWN_MODELS, 'sr4.json'), 'utf8'));
  writeFileSync(join(folder, 'sr.json'), JSON.stringify({ ...card, id: 'theirs-1', task: 'sr', int8: undefined }));
  copyFileSync(join(OWN_MODELS, 'sr4.onnx'), join(folder, 'sr4.onnx'));
  for (const scale of [2, 4] as const) {
    const { photo, steps } = await run([sr], scene(96, 64), { scale, texture: 1 }, [folder]);
    expect(steps[0]?.model).toBe('theirs-1');
    expect(photo.width).toBe(96 * scale);
  }
  rmSync(folder, { recursive: true });
});
