import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { openEngine } from '../src/index.ts';
import { RECIPES } from '../src/recipes.ts';
import { tiffOf } from '../src/tiff.ts';
import { DUST_BOWL, difference, draw, fileOf, grey, pixelsOf, psnr, scene, toSharp, worst } from './pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'hili-recipes-'));
const engine = openEngine({ modelFolders: (process.env.HILI_MODELS ?? '').split(':').filter(Boolean) });
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});
const RESTORING = ['sr', 'sr,repair', 'sr,repair,colour'] as const;

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

it.for(RESTORING)('keeps alpha through %s', async (recipe) => {
  const alpha = Uint8Array.from({ length: 160 * 120 }, (_, i) => (i % 160 < 60 ? 0 : i % 160 < 100 ? 128 : 255));
  const png = await toSharp(grey(scene(160, 120)))
    .joinChannel(Buffer.from(alpha), { raw: { width: 160, height: 120, channels: 1 } })
    .png()
    .toBuffer();
  const { bytes } = await engine.enhance(png, recipe);
  const result = await sharp(bytes).extractChannel(3).raw().toBuffer();
  const expected = Uint8Array.from(
    { length: 320 * 240 },
    (_, i) => alpha[160 * Math.floor(i / 640) + ((i % 320) >> 1)] as number,
  );
  expect(difference(result, expected)).toBeLessThan(1);
});

it.for(RESTORING)('keeps the colours of a wide Display-P3 photo through %s', async (recipe) => {
  const icc = (await sharp(await toSharp(scene(8, 8)).withIccProfile('p3').png().toBuffer()).metadata()).icc as Buffer;
  const fields = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [255, 220, 0],
  ] as const;
  const photo = draw(160, 120, (x, y) => fields[(x < 80 ? 0 : 1) + (y < 60 ? 0 : 2)] as readonly number[]);
  const p3 = await sharp(tiffOf(160, 120, photo.data, icc, 300), { ignoreIcc: true })
    .keepIccProfile()
    .png()
    .toBuffer();
  const { bytes } = await engine.enhance(p3, recipe);
  expect((await sharp(bytes).metadata()).icc?.equals(icc)).toBe(true);
  const numbers = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
  for (const [i, field] of fields.entries()) {
    const [x, y] = [i % 2 === 0 ? 80 : 240, i < 2 ? 60 : 180];
    expect(
      worst(numbers.subarray(3 * (320 * y + x), 3 * (320 * y + x) + 3), Uint8Array.from(field)),
    ).toBeLessThanOrEqual(4);
  }
});

it('puts the background that was asked for behind a Display-P3 photo, in sRGB, and keeps how the person looks', async () => {
  const own = openEngine({ modelFolders: [join(import.meta.dirname, 'models', 'red')], processes: 1 });
  const person = draw(200, 200, (x, y) => (Math.hypot(x - 100, y - 100) < 60 ? [230, 90, 70] : [20, 150, 40]));
  const p3 = await toSharp(person).withIccProfile('p3').png().toBuffer();
  const { bytes } = await own.enhance(p3, 'bg', { rgb: [67, 142, 219] });
  await own.close();
  expect((await sharp(bytes).metadata()).icc?.toString('latin1').replaceAll('\0', '')).toContain('sRGB');
  const numbers = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
  expect([...numbers.subarray(0, 3)]).toEqual([67, 142, 219]);
  const middle = 3 * (100 * 200 + 100);
  expect(worst(numbers.subarray(middle, middle + 3), Uint8Array.of(230, 90, 70))).toBeLessThanOrEqual(3);
});

it('gives CMYK, grey and 16-bit photos back in the colours that they have', async () => {
  const truth = scene(160, 120);
  const files = [
    [await toSharp(truth).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(), 20],
    [await toSharp(truth).toColourspace('rgb16').png().toBuffer(), 26],
    [await toSharp(truth).toColourspace('rgb16').tiff({ compression: 'lzw' }).toBuffer(), 26],
  ] as const;
  for (const [file, least] of files) {
    const { bytes, report } = await engine.enhance(file, 'sr');
    expect(report.output).toMatchObject({ width: 320, height: 240 });
    const half = await sharp(bytes).removeAlpha().toColourspace('srgb').resize(160, 120).raw().toBuffer();
    expect(psnr({ ...truth, data: half }, truth)).toBeGreaterThan(least);
  }
  const one = await toSharp(grey(truth)).toColourspace('b-w').jpeg({ quality: 95 }).toBuffer();
  const { data } = await pixelsOf((await engine.enhance(one, 'sr', { format: 'png' })).bytes);
  for (let i = 0; i < data.length; i += 3)
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) throw new Error('expected grey');
});

it('never makes a photo smaller, and cleans one that is at the limit at its size', async () => {
  const long = await toSharp(scene(160, 120)).resize(6100, 40, { fit: 'fill' }).jpeg().toBuffer();
  const { report } = await engine.enhance(long, 'sr');
  expect(report.output).toMatchObject({ width: 6100, height: 40 });
});

it('says of a photo that every step left as it is that it has not changed', async () => {
  const { report } = await engine.enhance(await fileOf(scene(320, 240), 'png'), 'sr', { scale: 1 });
  expect(report.changed).toBe(false);
  expect(report.steps).toMatchObject([{ name: 'sr', changed: false }]);
});

it('runs all steps of the longest recipe in their order on a real photo', async () => {
  writeFileSync(join(folder, 'photo.jpg'), await sharp(DUST_BOWL).resize(320).keepMetadata().jpeg().toBuffer());
  const report = await engine.enhanceFile(join(folder, 'photo.jpg'), join(folder, 'out.jpg'), 'sr,repair,colour');
  expect(report.steps.map(({ name }) => name)).toEqual(['repair', 'colour', 'sr']);
  expect(report.steps.slice(1)).toMatchObject([{ changed: true }, { changed: true }]);
  expect(report.changed).toBe(true);
});
