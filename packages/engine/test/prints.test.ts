import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { openEngine } from '../src/index.ts';
import { shaped } from '../src/shape.ts';
import { DUST_BOWL, draw, fileOf, pixelsOf, psnr, randoms, scene, toSharp } from './pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'hili-prints-'));
const engine = openEngine({ processes: 1 });
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

interface Laid {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

/** A scanner's bed with prints whose middles and sizes are given in pixels; each lies turned clockwise by its angle. */
async function scan(prints: readonly Laid[], lid: number, [width, height] = [1240, 900], rim = 0) {
  const random = randoms(5);
  const bed = draw(width, height, () => {
    const grain = lid + 6 * (random() - 0.5);
    return [grain, grain, grain - 2];
  });
  const layers = await Promise.all(
    prints.map(async ({ x, y, width: w, height: h, angle }) => {
      const picture = await toSharp(scene(w - 2 * rim, h - 2 * rim))
        .extend({ top: rim, bottom: rim, left: rim, right: rim, background: '#f4f1e6' })
        .png()
        .toBuffer();
      const turned = await sharp(picture)
        .rotate(angle, { background: '#0000' })
        .png()
        .toBuffer({ resolveWithObject: true });
      const [left, top] = [Math.round(x - turned.info.width / 2), Math.round(y - turned.info.height / 2)];
      return { input: turned.data, left, top };
    }),
  );
  return toSharp(bed).composite(layers).removeAlpha().png().toBuffer();
}

async function found(bytes: Uint8Array) {
  const path = join(folder, 'scan');
  writeFileSync(path, bytes);
  return engine.prints(path);
}

const THREE: readonly Laid[] = [
  { x: 300, y: 240, width: 420, height: 300, angle: 0 },
  { x: 850, y: 260, width: 400, height: 280, angle: 5 },
  { x: 420, y: 660, width: 320, height: 240, angle: -9 },
];

it.each([
  ['white', 250],
  ['grey', 128],
  ['black', 12],
])('finds each print on a %s bed, where it lies and how it is turned', async (_name, lid) => {
  const prints = await found(await scan(THREE, lid, [1240, 900], 6));
  expect(prints).toHaveLength(3);
  prints.forEach(({ crop, straighten }, i) => {
    const { x, y, width, height, angle } = THREE[i] as Laid;
    expect(Math.abs(straighten + angle), `angle of print ${i}`).toBeLessThan(0.7);
    expect(Math.abs((crop.left + crop.width / 2) * 1240 - x), `middle of print ${i}`).toBeLessThan(5);
    expect(Math.abs((crop.top + crop.height / 2) * 900 - y)).toBeLessThan(5);
    expect(Math.abs(crop.width * 1240 - width), `width of print ${i}`).toBeLessThan(14);
    expect(Math.abs(crop.height * 900 - height)).toBeLessThan(14);
  });
});

it('cuts no strip of the bed with a print, and hardly anything of the print', async () => {
  const over: number[] = [];
  for (const lid of [250, 128, 12])
    for (const [i, { crop }] of (await found(await scan(THREE, lid, [1240, 900], 6))).entries()) {
      const { width, height } = THREE[i] as Laid;
      over.push(crop.width * 1240 - width, crop.height * 900 - height);
    }
  expect(Math.max(...over)).toBeLessThan(1.5);
  expect(Math.min(...over)).toBeGreaterThan(-5);
});

it('gives what `enhance` needs to cut a print out straight', async () => {
  const bytes = await scan(THREE, 250);
  const [, print] = await found(bytes);
  const cut = shaped(await pixelsOf(bytes), print as NonNullable<typeof print>);
  const whole = scene(400, 280);
  const truth = await toSharp(whole).resize(cut.width, cut.height, { fit: 'fill' }).raw().toBuffer();
  expect(psnr(cut, { ...cut, data: truth })).toBeGreaterThan(19);
});

it('finds a single print, and twelve of them in reading order', async () => {
  const [one] = await found(await scan([{ x: 400, y: 500, width: 500, height: 350, angle: 12 }], 250));
  expect(one?.straighten).toBeCloseTo(-12, 0);
  const twelve = Array.from({ length: 12 }, (_, i) => ({
    ...{ x: 170 + 300 * (i % 4), y: 160 + 290 * Math.floor(i / 4), width: 220, height: 180, angle: (i % 5) - 2 },
  }));
  const prints = await found(await scan(twelve, 245));
  expect(prints).toHaveLength(12);
  const middles = prints.map(({ crop }) => [(crop.left + crop.width / 2) * 1240, (crop.top + crop.height / 2) * 900]);
  middles.forEach(([x = 0, y = 0], i) => {
    const laid = twelve[i] as Laid;
    expect(Math.hypot(x - laid.x, y - laid.y)).toBeLessThan(8);
  });
});

it('finds none in a photo that fills its frame, on an empty bed, or among dust', async () => {
  expect(await found(await fileOf(scene(640, 480), 'png'))).toEqual([]);
  expect(await engine.prints(DUST_BOWL)).toEqual([]);
  expect(await found(await scan([], 250))).toEqual([]);
  const specks = Array.from({ length: 20 }, (_, i) => ({ x: 60 + 55 * i, y: 400, width: 14, height: 14, angle: 0 }));
  expect(await found(await scan(specks, 250))).toEqual([]);
});

it('writes a preview of what no browser shows, and tiles of a large picture at every scale', async () => {
  const [input, output] = [join(folder, 'in'), join(folder, 'out.part')];
  writeFileSync(input, await fileOf(scene(2000, 1000), 'tiff'));
  await engine.preview(input, output);
  expect(await sharp(output).metadata()).toMatchObject({ format: 'jpeg', width: 1600, height: 800 });
  await engine.tiles(input, output);
  const zip = readFileSync(output);
  // 2000 x 1000 takes levels 0 to 11, the largest of 4 x 2 tiles.
  for (const name of ['_files/11/3_1.jpeg', '_files/10/1_0.jpeg', '_files/0/0_0.jpeg'])
    expect(zip.includes(name), name).toBe(true);
  expect(zip.includes('_files/11/4_0.jpeg')).toBe(false);
});
