import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { openEngine } from '../src/index.ts';
import { shaped } from '../src/shape.ts';
import { draw, fileOf, pixelsOf, psnr, scene } from './pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'hili-shape-'));
const engine = openEngine({ processes: 1 });
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

const picture = scene(121, 80);
const pixel = ({ width, data }: typeof picture, x: number, y: number) => [
  ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
];

it('turns clockwise by quarters without touching a pixel', () => {
  const quarter = shaped(picture, { rotate: 90 });
  expect([quarter.width, quarter.height]).toEqual([80, 121]);
  expect(pixel(quarter, 79, 0)).toEqual(pixel(picture, 0, 0));
  expect(pixel(quarter, 10, 20)).toEqual(pixel(picture, 20, 69));
  expect(shaped(quarter, { rotate: 270 })).toEqual(picture);
  expect(shaped(quarter, { rotate: 90 })).toEqual(shaped(picture, { rotate: 180 }));
  expect(shaped(picture, { rotate: 0, straighten: 0 })).toBe(picture);
});

it('cuts by fractions of the rotated picture, copying pixels and opacity', () => {
  const alpha = Uint8Array.from({ length: 121 * 80 }, (_, i) => i % 251);
  const part = shaped({ ...picture, alpha }, { rotate: 180, crop: { left: 0.5, top: 0.25, width: 0.5, height: 0.5 } });
  expect([part.width, part.height]).toEqual([60, 40]);
  expect(pixel(part, 0, 0)).toEqual(pixel(picture, 121 - 1 - 61, 80 - 1 - 20));
  expect(part.alpha?.[0]).toBe(alpha[(80 - 1 - 20) * 121 + (121 - 1 - 61)]);
  expect(shaped(picture, { crop: { left: 0.999, top: 0.999, width: 0.001, height: 0.001 } })).toMatchObject({
    width: 1,
    height: 1,
  });
});

/** A plane of colour that says where a pixel lies, so that a resampled one can be found again. */
const ramp = draw(300, 200, (x, y) => [x * 0.8, y, 128]);

it('straightens clockwise around the middle of the crop', () => {
  const angle = 10;
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const crop = { left: 0.25, top: 0.3, width: 0.3, height: 0.3 };
  const part = shaped(ramp, { straighten: angle, crop });
  expect([part.width, part.height]).toEqual([90, 60]);
  for (const [x, y] of [
    [5, 5],
    [80, 10],
    [45, 30],
    [10, 55],
  ] as const) {
    const [u, v] = [x + 0.5 - 45, y + 0.5 - 30];
    const [r, g] = pixel(part, x, y) as [number, number, number];
    expect(r).toBeCloseTo(0.8 * (120 + u * cos + v * sin - 0.5), -0.3);
    expect(g).toBeCloseTo(90 - u * sin + v * cos - 0.5, -0.3);
  }
});

it('leaves no empty corner, and keeps the proportions of what was to be cut', () => {
  for (const straighten of [-45, -15, 3, 15]) {
    const whole = shaped(ramp, { straighten });
    expect(whole.width / whole.height).toBeCloseTo(1.5, 1);
    const angle = (Math.abs(straighten) * Math.PI) / 180;
    const reach = (whole.width * Math.sin(angle) + whole.height * Math.cos(angle)) / 2;
    expect(reach).toBeLessThanOrEqual(100);
    expect(reach).toBeGreaterThan(98);
  }
});

it('brings a picture that was turned aslant back within one soft resample', async () => {
  const large = scene(480, 360);
  const turned = await sharp(large.data, { raw: { width: 480, height: 360, channels: 3 } })
    .rotate(7, { background: '#808080' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const slanted = { width: turned.info.width, height: turned.info.height, data: turned.data };
  const crop = { left: 0.2, top: 0.2, width: 0.6, height: 0.6 };
  const back = shaped(slanted, { straighten: -7, crop });
  const [left, top] = [Math.round((480 - back.width) / 2), Math.round((360 - back.height) / 2)];
  const truth = draw(back.width, back.height, (x, y) => pixel(large, left + x, top + y));
  expect(psnr(back, truth)).toBeGreaterThan(24);
});

it('runs the steps on what was turned and cut, writes a picture to compare with, and fits a paper at 300 dpi', async () => {
  const [input, output, before] = ['in.png', 'out.png', 'before.jpg'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(input, await fileOf(scene(480, 360), 'png'));
  const crop = { left: 0, top: 0, width: 1, height: 0.5 };
  const report = await engine.enhanceFile(input, output, 'sr', {
    ...{ rotate: 90, crop, paper: [591, 827], beforePath: before, strength: { sr: 0 } },
  });
  // 360 x 240 is cut, and 50 x 70 mm takes 827 x 551 of it.
  expect(report.output).toMatchObject({ width: 827, height: 551 });
  expect((await sharp(output).metadata()).density).toBe(300);
  expect(await pixelsOf(before)).toMatchObject({ width: 360, height: 240 });
  // Without the network it is enlarged plainly.
  const plain = await sharp(await fileOf(shaped(scene(480, 360), { rotate: 90, crop }), 'png'))
    .resize(827, 551, { fit: 'fill' })
    .raw()
    .toBuffer();
  expect(psnr(await pixelsOf(output), { width: 827, height: 551, data: plain })).toBeGreaterThan(45);
});
