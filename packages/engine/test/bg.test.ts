import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { decode } from '../src/codec.ts';
import { bg } from '../src/steps/bg.ts';
import { draw, hasShared, psnr, sharedPhotos } from './pictures.ts';
import { cut, models, run } from './steps.ts';

/** A soft-edged disc before a green wall; the network of the test takes red for the matte. */
const disc = draw(300, 300, (x, y) => {
  const a = Math.min(1, Math.max(0, (90 - Math.hypot(x - 150, y - 150)) / 6 + 0.5));
  return [255 * a, 30 * a + 160 * (1 - a), 40 * a + 20 * (1 - a)];
});

it('puts a plain colour behind, without a fringe of the old background', async () => {
  const { photo } = await run([bg], disc, { rgb: [255, 255, 255] }, models('red'));
  const ideal = draw(300, 300, (x, y) => {
    const a = Math.min(1, Math.max(0, (90 - Math.hypot(x - 150, y - 150)) / 6 + 0.5));
    return [255, 30 * a + 255 * (1 - a), 40 * a + 255 * (1 - a)];
  });
  expect(psnr(photo, ideal)).toBeGreaterThan(30);
  // Green would stand above the mean of its neighbours in a fringe.
  let most = 0;
  for (let i = 0; i < photo.data.length; i += 3)
    most = Math.max(most, (photo.data[i + 1] as number) - (photo.data[i + 2] as number));
  expect(most).toBeLessThan(25);
});

it.each([700, 1400])(
  'looks at the rim again: strands that no thumbnail shows are kept in a photo of %d px',
  async (side) => {
    const [middle, unit] = [side / 2, side / 700];
    const strand = (x: number, y: number) => {
      const far = Math.hypot(x - middle, y - middle) / unit;
      const turn = (Math.atan2(y - middle, x - middle) * 24) % 1;
      const aside = Math.min(Math.abs(turn), 1 - Math.abs(turn)) * (far / 24);
      if (far <= 200) return 1;
      return far < 218 ? Math.max(0, 1 - aside) : 0;
    };
    const before = (wall: readonly [number, number, number]) =>
      draw(side, side, (x, y) => {
        const a = strand(x, y);
        return [255 * a + wall[0] * (1 - a), 30 * a + wall[1] * (1 - a), 40 * a + wall[2] * (1 - a)];
      });
    const [seen, ideal] = [before([0, 160, 20]), before([0, 0, 255])];
    const once = await run([bg], seen, { rgb: [0, 0, 255] }, models('red'));
    const again = await run([bg], seen, { rgb: [0, 0, 255] }, models('strands'));
    expect(psnr(again.photo, ideal)).toBeGreaterThan(30);
    expect(psnr(again.photo, ideal)).toBeGreaterThan(psnr(once.photo, ideal) + 6);
    expect(again.steps[0]?.model).toBe('strands-1+strands-rim-1');
  },
);

it('adds what the network says at several sizes: a pole that the smallest does not show stays in the hand', async () => {
  const pole = draw(1024, 1024, (x, y) => {
    const inside = Math.hypot(x - 300, y - 512) < 220 || (x >= 300 && x < 900 && Math.abs(y - 512) < 5);
    return inside ? [255, 30, 40] : [0, 160, 20];
  });
  const red = async (folder: string) => {
    const { photo, steps } = await run([bg], pole, { rgb: [0, 0, 255] }, [folder]);
    expect(steps[0]?.model).toBe('looks-1+looks-rim-1');
    return cut(photo, 800, 512, 1, 1).data[0] as number;
  };
  const [both] = models('looks') as [string];
  const small = mkdtempSync(join(tmpdir(), 'hili-looks-'));
  cpSync(both, small, { recursive: true });
  try {
    const card = JSON.parse(readFileSync(join(small, 'bg.json'), 'utf8'));
    writeFileSync(join(small, 'bg.json'), JSON.stringify({ ...card, looks: [32] }));
    expect(await red(small)).toBe(0);
    expect(await red(both)).toBeGreaterThan(140);
    writeFileSync(join(small, 'bg.json'), JSON.stringify({ ...card, looks: [] }));
    await expect(red(small)).rejects.toMatchObject({ reason: 'no_model' });
  } finally {
    rmSync(small, { recursive: true });
  }
});

it('takes nothing from deep inside a person at the second look, and takes what lies outside', async () => {
  const dark = (x: number, y: number) => Math.hypot((x % 128) - 64, (y % 128) - 64) < 2.5;
  const spotted = draw(1024, 1024, (x, y) => {
    const inside = Math.hypot(x - 512, y - 512) < 300;
    return inside && !dark(x, y) ? [255, 30, 40] : [0, inside ? 30 : 160, 40];
  });
  const { photo } = await run([bg], spotted, { rgb: [0, 0, 255] }, models('strands'));
  expect([...cut(photo, 576, 576, 1, 1).data]).toEqual([0, 30, 40]);
  expect([...cut(photo, 512 - 310, 512, 1, 1).data]).toEqual([0, 0, 255]);
});

it('takes white unless another colour is given, and has no alpha', async () => {
  const alpha = new Uint8Array(300 * 300).fill(255).fill(0, 0, 300 * 40);
  const { photo } = await run([bg], { ...disc, alpha }, {}, models('red'));
  expect(photo.alpha).toBeUndefined();
  expect([...photo.data.subarray(0, 3)]).toEqual([255, 255, 255]);
  const { photo: blue } = await run([bg], disc, { rgb: [67, 142, 219] }, models('red'));
  expect([...blue.data.subarray(0, 3)]).toEqual([67, 142, 219]);
});

it('leaves a photo without a person as it is, and one with a faint ghost of one', async () => {
  const wall = draw(200, 150, (x) => [0, 90 + x / 2, 120]);
  expect((await run([bg], wall, {}, models('red'))).changed).toBe(false);
  const ghost = draw(300, 300, (x, y) => (Math.hypot(x - 150, y - 150) < 90 ? [115, 90, 30] : [0, 160, 20]));
  expect((await run([bg], ghost, {}, models('red'))).changed).toBe(false);
});

it.skipIf(!hasShared)('cuts the people of research portraits out', async () => {
  let sum = 0;
  const paths = sharedPhotos('matting')
    .filter((path) => path.endsWith('.jpg'))
    .slice(0, 5);
  for (const path of paths) {
    const photo = (await decode(path)).raster;
    const [white, black] = [
      await run([bg], photo, { rgb: [255, 255, 255] }),
      await run([bg], photo, { rgb: [0, 0, 0] }),
    ];
    const truth = await sharp(path.replace('.jpg', '.alpha.png')).extractChannel(0).raw().toBuffer();
    let error = 0;
    for (let i = 0; i < truth.length; i++) {
      const alpha = 255 - ((white.photo.data[3 * i + 1] as number) - (black.photo.data[3 * i + 1] as number));
      error += Math.abs(alpha - (truth[i] as number)) / 255;
    }
    sum += error / truth.length;
  }
  expect(sum / paths.length).toBeLessThan(0.1);
});

it('takes a stray thing beside the person for background, with its soft rim', async () => {
  const stray = draw(300, 300, (x, y) => {
    const a = Math.max(
      Math.min(1, Math.max(0, (70 - Math.hypot(x - 180, y - 180)) / 6 + 0.5)),
      Math.min(1, Math.max(0, (14 - Math.hypot(x - 40, y - 40)) / 8 + 0.5)),
    );
    return [255 * a, 30 * a + 160 * (1 - a), 40 * a + 20 * (1 - a)];
  });
  const { photo } = await run([bg], stray, { rgb: [0, 0, 255] }, models('red'));
  expect([...cut(photo, 20, 20, 40, 40).data].every((value, i) => value === [0, 0, 255][i % 3])).toBe(true);
  expect([...cut(photo, 180, 180, 1, 1).data]).toEqual([255, 30, 40]);
});

it('takes a faint speck that hangs on nobody for background', async () => {
  const speck = draw(300, 300, (x, y) => {
    const a = Math.min(1, Math.max(0, (70 - Math.hypot(x - 180, y - 180)) / 6 + 0.5));
    const faint = Math.hypot(x - 60, y - 60) < 24 ? 0.45 : 0;
    const most = Math.max(a, faint);
    return [255 * most, 30 * most + 160 * (1 - most), 40 * most + 20 * (1 - most)];
  });
  const { photo } = await run([bg], speck, { rgb: [0, 0, 255] }, models('red'));
  expect([...cut(photo, 30, 30, 60, 60).data].every((value, i) => value === [0, 0, 255][i % 3])).toBe(true);
});
