import { expect, it } from 'vitest';
import type { Raster } from '../src/raster.ts';
import { openNetworks } from '../src/sessions.ts';
import { severity } from '../src/severity.ts';
import { sr } from '../src/steps/sr.ts';
import { difference, grey, psnr, saturation, scene } from './pictures.ts';
import { cut, dustBowl, encoded, models, noisy, resized, run } from './steps.ts';

it('enlarges better than Lanczos', async () => {
  for (const truth of [dustBowl, scene(448, 320)]) {
    const half = await resized(truth, 224, 160, 'cubic');
    const { photo } = await run([sr], half);
    expect(psnr(photo, truth)).toBeGreaterThan(psnr(await resized(half, 448, 320, 'lanczos3'), truth) + 0.5);
  }
});

it('enlarges four times by a network of its own', async () => {
  const truth = scene(512, 384);
  const quarter = await resized(truth, 128, 96, 'cubic');
  const { photo, steps } = await run([sr], quarter, { scale: 4 });
  expect(steps[0]?.model).toMatch(/^sr4-/);
  expect([photo.width, photo.height]).toEqual([512, 384]);
  expect(psnr(photo, truth)).toBeGreaterThan(psnr(await resized(quarter, 512, 384, 'lanczos3'), truth));
});

it('reaches any size in between, without a shift', async () => {
  const { photo } = await run([sr], scene(240, 180), { longEdge: 333 });
  expect([photo.width, photo.height]).toEqual([333, 250]);
  expect(psnr(photo, await resized(scene(240, 180), 333, 250, 'lanczos3'))).toBeGreaterThan(27);
});

it('cleans a photo that keeps its size, and leaves a clean one as it is', async () => {
  const truth = scene(320, 240);
  for (const [bad, good] of [
    [noisy(truth, 8), truth],
    [await encoded(dustBowl, 25), dustBowl],
  ] as const) {
    const { photo, changed } = await run([sr], bad, { scale: 1 });
    expect(changed).toBe(true);
    expect(psnr(photo, good)).toBeGreaterThan(psnr(bad, good) + 0.1);
  }
  const { photo, changed } = await run([sr], truth, { scale: 1 });
  expect(changed).toBe(false);
  expect(photo).toBe(truth);
});

it('knows how badly a photo is spoilt, one that was cut across the blocks of its JPEG too', async () => {
  const networks = openNetworks([]);
  const judged = async (photo: Raster) => severity(await networks.network('severity'), photo);
  const strong = await encoded(dustBowl, 25);
  expect(await judged(dustBowl)).toBeLessThan(0.3);
  expect(await judged(await encoded(dustBowl, 92))).toBeLessThan(0.5);
  for (const photo of [strong, cut(strong, 3, 5, 600, 500), noisy(dustBowl, 8)])
    expect(await judged(photo)).toBeGreaterThan(0.6);
  expect(await judged(cut(strong, 3, 5, 90, 70))).toBeGreaterThanOrEqual(0);
  await networks.release();
});

it('keeps a black-and-white photo exactly grey', async () => {
  const { photo } = await run([sr], grey(scene(200, 150)));
  expect(saturation(photo)).toBe(0);
});

it('keeps alpha, and draws nothing of what was hidden into the visible edge', async () => {
  const alpha = Uint8Array.from({ length: 120 * 90 }, (_, i) => (i % 120 < 60 ? 0 : 255));
  const { photo } = await run([sr], { ...scene(120, 90), alpha });
  expect(photo.alpha?.length).toBe(240 * 180);
  expect(difference((photo.alpha as Uint8Array).subarray(0, 110), new Uint8Array(110))).toBe(0);
  expect(difference((photo.alpha as Uint8Array).subarray(130, 240), new Uint8Array(110).fill(255))).toBe(0);
});

it('enlarges by Lanczos when a network gives black', async () => {
  const photo = scene(120, 90);
  const { photo: result } = await run([sr], photo, {}, models('black'));
  expect(psnr(result, await resized(photo, 240, 180, 'lanczos3'))).toBeGreaterThan(60);
});
