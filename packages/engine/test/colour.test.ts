import { expect, it } from 'vitest';
import { decode, resize } from '../src/codec.ts';
import { isMonochrome, JUDGED } from '../src/monochrome.ts';
import { fitted } from '../src/raster.ts';
import { RECIPES } from '../src/recipes.ts';
import { colour } from '../src/steps/colour.ts';
import { DUST_BOWL, difference, draw, grey, hasShared, NAGASAKI, psnr, scene, sharedPhotos } from './pictures.ts';
import { run, whole } from './steps.ts';

it('gives colours to a black-and-white photo and leaves its lightness alone', async () => {
  for (const photo of [await whole(DUST_BOWL), grey(await whole(NAGASAKI))]) {
    const { photo: result, changed } = await run([colour], photo);
    expect(changed).toBe(true);
    expect(difference(result.data, photo.data)).toBeGreaterThan(3);
    expect(psnr(grey(result), grey(photo))).toBeGreaterThan(34);
  }
});

/** A toned print of next to nothing: a bright shape on a plain wall. */
const wall = () =>
  grey(
    draw(320, 240, (x, y) => Array(3).fill(150 + 20 * Math.sin(x / 90) + (Math.hypot(x - 160, y - 120) < 60 ? 30 : 0))),
    [18, 2, -34],
  );

it('leaves a sepia photo its warm tone when the network knows hardly a colour for it', async () => {
  expect((await run([colour], wall())).changed).toBe(false);
});

it('says why it leaves a photo as it is, and gives it colours all the same when it is asked to', async () => {
  for (const [photo, note] of [
    [wall(), 'toned'],
    [scene(320, 240), 'coloured'],
  ] as const) {
    const { photo: left, steps } = await run([colour], photo);
    expect(left === photo).toBe(true);
    expect(steps[0]).toMatchObject({ changed: false, note });
    const { photo: result, steps: asked } = await run([colour], photo, { recolour: true });
    expect(asked[0]).toMatchObject({ changed: true });
    expect(asked[0]).not.toHaveProperty('note');
    expect(difference(result.data, photo.data)).toBeGreaterThan(3);
    expect(psnr(grey(result), grey(photo))).toBeGreaterThan(30);
  }
});

it('takes sepia and yellowed paper as black-and-white', async () => {
  for (const tone of [
    [18, 2, -24],
    [6, 3, -12],
  ] as const)
    expect((await run([colour], grey(scene(), tone))).changed).toBe(true);
});

it('gives colours to strongly toned prints as well, however much repair has raised their contrast', async () => {
  const faded = grey(scene(), [24, 4, -34]);
  const pale = { ...faded, data: faded.data.map((v) => 90 + 0.5 * v) };
  const { steps } = await run(RECIPES['sr,repair,colour'], pale, { scale: 1 });
  expect(steps.find(({ name }) => name === 'colour')).toMatchObject({ changed: true });
});

it('lets a coloured photo keep its colours, a faint one and one with a single coloured thing too', async () => {
  const { data } = scene(320, 240);
  const faint = draw(320, 240, (x, y) => {
    const at = 3 * (y * 320 + x);
    const v = 0.299 * (data[at] as number) + 0.587 * (data[at + 1] as number) + 0.114 * (data[at + 2] as number);
    return [0, 1, 2].map((c) => v + 0.45 * ((data[at + c] as number) - v));
  });
  const lips = grey(scene(320, 240));
  const tinted = draw(320, 240, (x, y) =>
    Math.hypot(x - 160, y - 120) < 28
      ? [190, 50, 60]
      : [...lips.data.subarray(3 * (y * 320 + x), 3 * (y * 320 + x) + 3)],
  );
  for (const photo of [scene(320, 240), faint, tinted]) {
    const { photo: result, changed } = await run([colour], photo);
    expect(changed).toBe(false);
    expect(result).toBe(photo);
  }
});

it.skipIf(!hasShared)('tells colour from black-and-white on 24 clean and 60 old research photos', async () => {
  const count = async (folder: string) => {
    let found = 0;
    for (const path of sharedPhotos(folder)) {
      const { raster } = await decode(path);
      found += isMonochrome(await resize(raster, ...fitted(raster, JUDGED))) ? 1 : 0;
    }
    return found;
  };
  expect(await count('clean')).toBe(0);
  // Five are in colour; one sepia print is so uneven that it passes for colour.
  expect(await count('old')).toBe(54);
});
