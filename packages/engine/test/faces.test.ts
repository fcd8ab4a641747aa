import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Crop, type EnhanceOptions, openEngine } from '../src/index.ts';
import type { Raster } from '../src/raster.ts';
import { draw, fileOf } from './pictures.ts';
import { models } from './steps.ts';

/** Takes a red cell of 8 x 8 pixels for a face that is as many pixels high as the cell is blue. */
const engine = openEngine({ processes: 1, modelFolders: models('marks') });
afterAll(() => engine.close());

type Mark = readonly [column: number, row: number, red: number, blue: number];

/** A grey picture of 256 x 192 pixels, times a factor, with marked cells. */
const marked = (marks: readonly Mark[], factor = 1): Raster =>
  draw(256 * factor, 192 * factor, (x, y) => {
    const here = marks.find(([c, r]) => Math.floor(x / factor / 8) === c && Math.floor(y / factor / 8) === r);
    return here ? [here[2], 0, here[3]] : [90, 90, 90];
  });

/** The faces of a picture that no step changes. */
async function facesOf(picture: Raster, options: EnhanceOptions = {}, by = engine): Promise<readonly Crop[]> {
  const plain = { scale: 1, strength: { sr: 0 }, findFaces: true } as const;
  const { report } = await by.enhance(await fileOf(picture, 'png'), 'sr', { ...plain, ...options });
  return report.faces;
}
/** In pixels of a picture of 256 x 192. */
const inPixels = ({ left, top, width, height }: Crop) => [left * 256, top * 192, width * 256, height * 192];
const expectNear = (values: readonly number[], wanted: readonly number[], within = 0.05) =>
  values.forEach((value, i) => {
    expect(Math.abs(value - (wanted[i] as number)), `${values} for ${wanted}`).toBeLessThan(within);
  });

it('says where each face is as shares of the result, the largest first', async () => {
  const found = await facesOf(
    marked([
      [5, 6, 255, 40],
      [20, 10, 204, 80],
    ]),
  );
  expect(found).toHaveLength(2);
  // The middle of cell 20, 10 is at 164, 84; the network says 2 px to the right and 1 px above, 64 x 80 px.
  expectNear(inPixels(found[0]!), [134, 43, 64, 80]);
  expectNear(inPixels(found[1]!), [30, 31, 32, 40]);
});

it('takes what neighbouring cells see for one face, that of the highest score, and faces apart for two', async () => {
  const found = await facesOf(
    marked([
      [5, 6, 200, 56],
      [6, 6, 250, 60],
      [6, 7, 180, 64],
      [12, 6, 200, 50],
    ]),
  );
  expect(found.map(({ height }) => Math.round(height * 192))).toEqual([60, 50]);
});

it('takes an eye and its cheek for a part of the face around them, not for a face of their own', async () => {
  const found = await facesOf(
    marked([
      [14, 11, 250, 120],
      [11, 9, 200, 30],
      [28, 20, 200, 30],
    ]),
  );
  expect(found.map(({ height }) => Math.round(height * 192))).toEqual([120, 30]);
});

it('takes a box around a face of which it is clearly surer for none', async () => {
  const found = await facesOf(
    marked([
      [14, 11, 140, 120],
      [11, 9, 200, 30],
    ]),
  );
  expect(found.map(({ height }) => Math.round(height * 192))).toEqual([30]);
});

it('leaves out what the network is not sure of, and cuts faces where they reach out of the picture', async () => {
  const found = await facesOf(
    marked([
      [0, 0, 255, 40],
      [16, 12, 120, 40],
    ]),
  );
  expect(found).toHaveLength(1);
  // 6 +- 16 and 3 +- 20 px.
  expectNear(inPixels(found[0]!), [0, 0, 22, 23]);
});

it('gives 24 faces of a crowd, the largest', async () => {
  const crowd = Array.from({ length: 40 }, (_, i): Mark => [3 + 3 * (i % 8), 2 + 4 * Math.floor(i / 8), 255, 10 + i]);
  const found = await facesOf(marked(crowd));
  expect(found).toHaveLength(24);
  const heights = found.map(({ height }) => Math.round(height * 192));
  expect(heights).toEqual(Array.from({ length: 24 }, (_, i) => 49 - i));
});

it('finds the same places in a larger photo, and in one that was turned and cut those of the result', async () => {
  const picture = marked([[20, 10, 255, 80]], 3);
  expectNear(inPixels((await facesOf(picture))[0]!), [134, 43, 64, 80], 3);
  // The right half, turned to the right: what was 164, 84 is now 108 from the left and 36 from the top of 192 x 128.
  const [turned] = await facesOf(marked([[20, 10, 255, 40]], 3), {
    rotate: 90,
    crop: { left: 0, top: 0.5, width: 1, height: 0.5 },
  });
  expectNear([turned!.left + turned!.width / 2, turned!.top + turned!.height / 2], [108 / 192, 36 / 128], 0.03);
});

it('looks for none when a background is changed, and unless it is asked to', async () => {
  const picture = await fileOf(marked([[20, 10, 255, 80]]), 'png');
  for (const [recipe, findFaces] of [
    ['bg', true],
    ['sr', false],
  ] as const)
    expect((await engine.enhance(picture, recipe, { findFaces })).report.faces).toEqual([]);
});

/** An engine with the network of the test under a changed card. */
function openOther(changes: (card: Record<string, unknown> & { output: object }) => object) {
  const folder = mkdtempSync(join(tmpdir(), 'hili-faces-'));
  cpSync(models('marks')[0]!, folder, { recursive: true });
  const card = JSON.parse(readFileSync(join(folder, 'face.json'), 'utf8'));
  writeFileSync(join(folder, 'face.json'), JSON.stringify({ ...card, ...changes(card) }));
  const other = openEngine({ processes: 1, modelFolders: [folder] });
  afterAll(async () => {
    await other.close();
    rmSync(folder, { recursive: true });
  });
  return other;
}
const unsized = openOther(() => ({ size: null }));
const wrong = openOther(({ output }) => ({ output: { ...output, channels: 5 } }));

it('looks for small faces at 640 px and for large ones at 256 px with a network that has no size of its own', async () => {
  // A cell at 640 px, which is three pixels at 256; and a cell at 256 px.
  const picture = draw(640, 480, (x, y) => {
    if (x >= 480 && x < 488 && y >= 80 && y < 88) return [255, 0, 20];
    if (x >= 160 && x < 180 && y >= 240 && y < 260) return [255, 0, 100];
    return [90, 90, 90];
  });
  const found = await facesOf(picture, {}, unsized);
  const [large] = found;
  expectNear(
    [large!.left + large!.width / 2, large!.top + large!.height / 2, large!.height],
    [0.27, 0.516, 0.52],
    0.02,
  );
  const small = found.find(({ left }) => left > 0.7);
  expectNear(
    [small!.left + small!.width / 2, small!.top + small!.height / 2, small!.height],
    [0.759, 0.173, 0.042],
    0.005,
  );
});

it('finishes a photo without faces where the network that finds them gives other values than a face has', async () => {
  expect(await facesOf(marked([[20, 10, 255, 80]]), {}, wrong)).toEqual([]);
});
