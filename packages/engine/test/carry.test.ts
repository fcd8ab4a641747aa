import { expect, it } from 'vitest';
import { carry } from '../src/carry.ts';
import { decode, resize } from '../src/codec.ts';
import { runSteps } from '../src/pipeline.ts';
import type { Raster } from '../src/raster.ts';
import { repair } from '../src/steps/repair.ts';
import { DUST_BOWL, draw } from './pictures.ts';

async function repaired(photo: Raster): Promise<Raster> {
  const watch = { modelFolders: [], threads: 1, signal: new AbortController().signal, onProgress: () => {} };
  return (await runSteps([repair], photo, {}, watch)).photo;
}

it('takes scratches of 10 px from a scan, which are too wide for the network at its full size', async () => {
  const large = await resize((await decode(DUST_BOWL)).raster, 2000, 1600);
  const truth = { width: 2000, height: 400, data: large.data.subarray(3 * 2000 * 600, 3 * 2000 * 1000) };
  const isScratched = (x: number, y: number) =>
    [60, 280, 500, 720, 940, 1160, 1380, 1600, 1820].some((c) => Math.abs(x - c - 0.1 * y) < 5);
  const at = (x: number, y: number) => 3 * (y * truth.width + x);
  const photo = draw(truth.width, truth.height, (x, y) =>
    isScratched(x, y) ? [236, 234, 230] : [...truth.data.subarray(at(x, y), at(x, y) + 3)],
  );
  const result = await repaired(photo);
  let [before, after, sound, count] = [0, 0, 0, 0];
  for (let y = 0; y < photo.height; y += 3)
    for (let x = 0; x < photo.width; x++) {
      const i = at(x, y);
      const error = Math.abs((result.data[i] as number) - (truth.data[i] as number));
      if (isScratched(x, y)) {
        before += Math.abs((photo.data[i] as number) - (truth.data[i] as number));
        after += error;
      } else {
        sound += error;
        count++;
      }
    }
  expect(after).toBeLessThan(0.5 * before);
  expect(sound / count).toBeLessThan(3);
});

it('carries a change over to sound pixels with their detail, and takes damaged ones from the copy', () => {
  const photo = draw(8, 8, (x, y) => ((x + y) % 2 ? [110, 110, 110] : [90, 90, 90]));
  const copy = draw(4, 4, () => [100, 100, 100]);
  const brighter = draw(4, 4, () => [104, 104, 104]);
  expect([...carry(photo, copy, brighter).data]).toEqual([...photo.data].map((value) => value + 4));
  const filled = draw(4, 4, () => [40, 40, 40]);
  expect(new Set(carry(photo, copy, filled).data)).toEqual(new Set([40]));
});
