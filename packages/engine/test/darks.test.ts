import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decode, resize } from '../src/codec.ts';
import { runSteps } from '../src/pipeline.ts';
import type { Raster } from '../src/raster.ts';
import { repair } from '../src/steps/repair.ts';
import { DUST_BOWL, draw, hasShared, SHARED } from './pictures.ts';

/** What repair may lighten, and the rounding. */
const MOST = 13;

async function repaired(photo: Raster): Promise<Raster> {
  const watch = { modelFolders: [], threads: 1, signal: new AbortController().signal, onProgress: () => {} };
  return (await runSteps([repair], photo, {}, watch)).photo;
}
const at = ({ width }: Raster, x: number, y: number) => 3 * (y * width + x);

it('takes light scratches away and leaves small dark marks as dark as they were', async () => {
  const truth = await resize((await decode(DUST_BOWL)).raster, 448, 358);
  const isScratched = (x: number, y: number) => [40, 130, 215, 300, 390].some((c) => Math.abs(x - c - 0.1 * y) < 1.3);
  const marks = Array.from({ length: 24 }, (_, i) => [20 + 72 * (i % 6), 30 + 84 * Math.floor(i / 6)] as const);
  const photo = draw(truth.width, truth.height, (x, y) => {
    if (isScratched(x, y)) return [238, 236, 230];
    if (marks.some(([mx, my]) => Math.hypot(x - mx, y - my) < 2.2)) return [25, 22, 20];
    return [...truth.data.subarray(at(truth, x, y), at(truth, x, y) + 3)];
  });
  const result = await repaired(photo);
  for (const [x, y] of marks) {
    if (isScratched(x, y)) continue;
    const i = at(photo, x, y);
    expect((result.data[i] as number) - (photo.data[i] as number), `mark at ${x}, ${y}`).toBeLessThanOrEqual(MOST);
  }
  let [before, after] = [0, 0];
  for (let y = 0; y < photo.height; y++)
    for (let x = 0; x < photo.width; x++)
      if (isScratched(x, y)) {
        const i = at(photo, x, y);
        before += Math.abs((photo.data[i] as number) - (truth.data[i] as number));
        after += Math.abs((result.data[i] as number) - (truth.data[i] as number));
      }
  expect(after).toBeLessThan(0.6 * before);
});

it.skipIf(!hasShared)('keeps the eyes of the boy on a scratched portrait', async () => {
  const { raster } = await decode(join(SHARED, 'eval', 'old', 'bopbtl-old-w-scratch-b.webp'));
  const result = await repaired(raster);
  /** Mean of the red of 3 x 3 pixels in the middle of the left and of the right eye. */
  const eyes = (photo: Raster) =>
    [
      [107, 102],
      [147, 100],
    ].map(([ex = 0, ey = 0]) => {
      let sum = 0;
      for (const dy of [-1, 0, 1])
        for (const dx of [-1, 0, 1]) sum += photo.data[at(photo, ex + dx, ey + dy)] as number;
      return sum / 9;
    });
  const before = eyes(raster);
  eyes(result).forEach((value, n) => {
    expect(value, `eye ${n}`).toBeLessThan((before[n] as number) + MOST);
  });
});
