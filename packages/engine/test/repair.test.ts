import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decode } from '../src/codec.ts';
import { RECIPES } from '../src/recipes.ts';
import { repair } from '../src/steps/repair.ts';
import { sr } from '../src/steps/sr.ts';
import { toneCurves, toned } from '../src/tone.ts';
import { difference, draw, grey, hasShared, psnr, SHARED, saturation, scene } from './pictures.ts';
import { dustBowl, nagasaki, noisy, run, scratched } from './steps.ts';

it('takes scratches and dust away', async () => {
  for (const truth of [dustBowl, scene(448, 320)]) {
    const damaged = scratched(truth);
    const { photo } = await run([repair], damaged);
    expect(psnr(photo, truth)).toBeGreaterThan(psnr(damaged, truth) + 1.5);
  }
});

it('keeps a clean, sharp photo above 34 dB through sr,repair at scale 1', async () => {
  for (const photo of [scene(), grey(scene()), dustBowl, nagasaki]) {
    const { photo: result } = await run(RECIPES['sr,repair'], photo, { scale: 1 });
    expect(psnr(result, photo)).toBeGreaterThan(34);
  }
});

/** The six of the 24 clean photos that are hardest to leave alone: masts, spokes, half-timbering. */
const HARD = ['1', '5', '8', '13', '18', '22'].map((name) => `${name}.webp`);
it.skipIf(!hasShared).for(HARD)(
  'keeps the clean research photo %s above 34 dB, in colour and in grey',
  async (name) => {
    const { raster } = await decode(join(SHARED, 'eval', 'clean', name));
    for (const photo of [raster, grey(raster)]) {
      const { photo: result } = await run(RECIPES['sr,repair'], photo, { scale: 1 });
      expect(psnr(result, photo)).toBeGreaterThan(34);
    }
  },
);

it('gives a faded print its blacks and whites back, and leaves an unfaded one its own', async () => {
  const truth = grey(scene());
  const faded = draw(truth.width, truth.height, (x, y) => {
    const v = truth.data[3 * (y * truth.width + x)] as number;
    return [70 + 0.5 * v, 68 + 0.49 * v, 60 + 0.47 * v];
  });
  const { photo } = await run([repair], faded);
  expect(psnr(grey(photo), truth)).toBeGreaterThan(psnr(grey(faded), truth) + 3);
});

it('keeps the drawing of the lightest things in a faded colour print, however warm they are', () => {
  const cheek = (x: number) => [185 + x / 8, 140 + x / 8, 110 + x / 8];
  const paper = (x: number) => (x < 80 ? [196, 200, 204] : [60, 62, 70]);
  const faded = draw(240, 180, (x, y) => (y < 60 ? cheek(x) : paper(x)));
  const curves = toneCurves(faded, false);
  expect(curves).toBeDefined();
  const { data } = toned(faded, curves ?? []);
  const reds = new Set(Array.from({ length: 180 }, (_, i) => data[3 * (30 * 240 + 30 + i)]));
  expect(Math.max(...(reds as Set<number>))).toBeLessThan(255);
  expect(reds.size).toBeGreaterThan(15);
});

it('keeps a black-and-white photo black-and-white, and sepia in its own tone', async () => {
  expect(saturation((await run([repair], scratched(grey(scene())))).photo)).toBeLessThan(0.5);
  const sepia = grey(scene(), [18, 2, -24]);
  const { photo } = await run([repair], scratched(sepia));
  expect(Math.abs(saturation(photo) - saturation(sepia))).toBeLessThan(3);
});

it('mixes the repair into the photo by strength', async () => {
  const damaged = scratched(dustBowl);
  const whole = difference((await run([repair], damaged)).photo.data, damaged.data);
  const half = difference((await run([repair], damaged, { strength: { repair: 0.5 } })).photo.data, damaged.data);
  expect(half / whole).toBeGreaterThan(0.4);
  expect(half / whole).toBeLessThan(0.6);
  expect((await run([repair], damaged, { strength: { repair: 0 } })).changed).toBe(false);
});

it('does half of a small repair or cleaning at half strength, and not nothing', async () => {
  const damaged = scratched(dustBowl);
  const little = draw(448, 320, (x, y) => {
    const at = 3 * (y * 448 + x);
    return [...(y < 128 ? damaged : dustBowl).data.subarray(at, at + 3)];
  });
  for (const [step, photo] of [
    [repair, little],
    [sr, noisy(scene(320, 240), 4)],
  ] as const) {
    const most = (await run([step], photo, { scale: 1 })).photo;
    const some = (await run([step], photo, { scale: 1, strength: { [step.name]: 0.5 } })).photo;
    const share = difference(some.data, photo.data) / difference(most.data, photo.data);
    expect(share, step.name).toBeGreaterThan(0.4);
    expect(share, step.name).toBeLessThan(0.6);
  }
});
