import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { decode, resize } from '../src/codec.ts';
import { isMonochrome, JUDGED } from '../src/monochrome.ts';
import type { Options } from '../src/options.ts';
import { runSteps, type Step } from '../src/pipeline.ts';
import { fitted, type Raster } from '../src/raster.ts';
import { RECIPES } from '../src/recipes.ts';
import { bg } from '../src/steps/bg.ts';
import { colour } from '../src/steps/colour.ts';
import { repair } from '../src/steps/repair.ts';
import { sr } from '../src/steps/sr.ts';
import { toneCurves, toned } from '../src/tone.ts';
import {
  DUST_BOWL,
  difference,
  draw,
  grey,
  hasShared,
  NAGASAKI,
  psnr,
  randoms,
  SHARED,
  saturation,
  scene,
  sharedPhotos,
  toSharp,
} from './pictures.ts';

const given = (process.env.HILI_MODELS ?? '').split(':').filter(Boolean);
/** Runs steps in this process; nothing of a pool is in between. */
async function run(steps: readonly Step[], photo: Raster, options: Options = {}, modelFolders = given) {
  const watch = { modelFolders, signal: new AbortController().signal, onProgress: () => {} };
  const result = await runSteps(steps, photo, options, watch);
  return { ...result, changed: result.steps.some((step) => step.changed) };
}
const models = (name: string) => [join(import.meta.dirname, 'models', name)];
const resized = async (photo: Raster, width: number, height: number, kernel: 'lanczos3' | 'cubic') => ({
  width,
  height,
  data: await toSharp(photo).resize(width, height, { fit: 'fill', kernel }).raw().toBuffer(),
});
const encoded = async (photo: Raster, quality: number): Promise<Raster> => ({
  ...photo,
  data: await sharp(await toSharp(photo).jpeg({ quality }).toBuffer())
    .raw()
    .toBuffer(),
});
function noisy(photo: Raster, sigma: number): Raster {
  const random = randoms(3);
  const normal = () => Math.sqrt(-2 * Math.log(random() + 1e-9)) * Math.cos(2 * Math.PI * random());
  return draw(photo.width, photo.height, (x, y) => {
    const at = 3 * (y * photo.width + x);
    return [0, 1, 2].map((c) => (photo.data[at + c] as number) + sigma * normal());
  });
}
/** Bright scratches from top to bottom and dark dust. */
function scratched(photo: Raster): Raster {
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
const cut = ({ width, data }: Raster, left: number, top: number, w: number, h: number) =>
  draw(w, h, (x, y) => [...data.subarray(3 * ((top + y) * width + left + x), 3 * ((top + y) * width + left + x) + 3)]);
const dustBowl = cut((await decode(DUST_BOWL)).raster, 300, 300, 448, 320);
/** The whole photo, small. */
const whole = async (path: string) => resize((await decode(path)).raster, 448, 340);
const nagasaki = cut((await decode(NAGASAKI)).raster, 300, 200, 448, 320);

it('has the four recipes, each a list of steps', () => {
  expect(
    Object.fromEntries(Object.entries(RECIPES).map(([name, steps]) => [name, steps.map((step) => step.name)])),
  ).toEqual({
    sr: ['sr'],
    'sr,repair': ['repair', 'sr'],
    'sr,repair,colour': ['repair', 'colour', 'sr'],
    bg: ['bg'],
  });
});

it('enlarges better than Lanczos', async () => {
  for (const truth of [dustBowl, scene(448, 320)]) {
    const half = await resized(truth, 224, 160, 'cubic');
    const { photo } = await run([sr], half);
    expect(psnr(photo, truth)).toBeGreaterThan(psnr(await resized(half, 448, 320, 'lanczos3'), truth) + 0.5);
  }
});

it('enlarges four times by running the network twice', async () => {
  const truth = scene(512, 384);
  const quarter = await resized(truth, 128, 96, 'cubic');
  const { photo } = await run([sr], quarter, { scale: 4 });
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

it('gives colours to a black-and-white photo and leaves its lightness alone', async () => {
  for (const photo of [await whole(DUST_BOWL), grey(await whole(NAGASAKI))]) {
    const { photo: result, changed } = await run([colour], photo);
    expect(changed).toBe(true);
    expect(difference(result.data, photo.data)).toBeGreaterThan(3);
    expect(psnr(grey(result), grey(photo))).toBeGreaterThan(34);
  }
});

it('leaves a sepia photo its warm tone when the network knows hardly a colour for it', async () => {
  expect((await run([colour], await whole(NAGASAKI))).changed).toBe(false);
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

it('takes white unless another colour is given, and has no alpha', async () => {
  const alpha = new Uint8Array(300 * 300).fill(255).fill(0, 0, 300 * 40);
  const { photo } = await run([bg], { ...disc, alpha }, {}, models('red'));
  expect(photo.alpha).toBeUndefined();
  expect([...photo.data.subarray(0, 3)]).toEqual([255, 255, 255]);
  const { photo: blue } = await run([bg], disc, { rgb: [67, 142, 219] }, models('red'));
  expect([...blue.data.subarray(0, 3)]).toEqual([67, 142, 219]);
});

it('leaves a photo without a person as it is', async () => {
  const wall = draw(200, 150, (x) => [0, 90 + x / 2, 120]);
  expect((await run([bg], wall, {}, models('red'))).changed).toBe(false);
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
