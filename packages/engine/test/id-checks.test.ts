import { readFile } from 'node:fs/promises';
import { afterAll, expect, it } from 'vitest';
import { type Check, type EnhanceOptions, openEngine } from '../src/index.ts';
import { draw, fileOf, hasShared, sharedPhotos } from './pictures.ts';
import { models } from './steps.ts';

/** Sees a face where there is red; green that rises to the right tilts its eyes, blue turns its nose. Takes red for the matte. */
const engine = openEngine({ processes: 1, modelFolders: models('heads') });
const own = openEngine({ processes: 1 });
afterAll(() => Promise.all([engine.close(), own.close()]));

interface Pose {
  /** Degrees clockwise. */
  readonly tilt?: number;
  /** Distances of the eyes to the right. */
  readonly turn?: number;
  /** Column and row of each head in cells of 8 pixels, and how red it is: 255 for 80 px high, 191 for 40. */
  readonly heads?: readonly (readonly [column: number, row: number, red: number])[];
}

/** Rise a pixel that makes the network see a tilt with this tangent, or a turn: it looks at 176 px of 256 at the size of 256. */
const RISE = 32 / 5 / (176 / 256);

/** A picture of 256 x 192 pixels, times a factor. */
const posed = ({ tilt = 0, turn = 0, heads = [[14, 10, 255]] }: Pose, factor = 3) =>
  draw(256 * factor, 192 * factor, (x, y) => {
    const [u, v] = [x / factor, y / factor];
    const head = heads.find(([c, r]) => u >= 8 * c && u < 8 * c + 24 && v >= 8 * r && v < 8 * r + 24);
    const rise = RISE * (u - 128);
    return [head?.[2] ?? 0, 128 + rise * Math.tan((tilt * Math.PI) / 180), 128 + rise * turn];
  });

async function checksOf(pose: Pose, factor?: number, options: EnhanceOptions = {}): Promise<readonly Check[]> {
  return (await engine.enhance(await fileOf(posed(pose, factor), 'png'), 'bg', { ...options, findFaces: true })).report
    .checks;
}
const named = (checks: readonly Check[], name: Check['name']) => checks.find((check) => check.name === name);

it('passes one level face that looks ahead and is large enough', async () => {
  expect(await checksOf({})).toEqual([
    { name: 'one-face', verdict: 'pass', value: 1 },
    { name: 'level', verdict: 'pass', value: expect.closeTo(0, 0) },
    { name: 'frontal', verdict: 'pass', value: expect.closeTo(0, 1) },
    { name: 'resolution', verdict: 'pass', value: 66 },
  ]);
});

it.each([
  [3, 'pass'],
  [-3, 'pass'],
  [8, 'warn'],
  [-12, 'warn'],
] as const)('says that eyes are tilted by %d degrees clockwise: %s', async (tilt, verdict) => {
  const level = named(await checksOf({ tilt }), 'level');
  expect(level?.verdict).toBe(verdict);
  expect(Math.abs(level!.value - tilt)).toBeLessThan(0.6);
});

it.each([
  [0.06, 'pass'],
  [0.2, 'warn'],
  [-0.25, 'warn'],
] as const)('says that a nose is %d distances of the eyes to the right: %s', async (turn, verdict) => {
  const frontal = named(await checksOf({ turn }), 'frontal');
  expect(frontal?.verdict).toBe(verdict);
  expect(Math.abs(frontal!.value - turn)).toBeLessThan(0.02);
});

it('measures a nose along the line of the eyes: a tilted head is not a turned one', async () => {
  // The nose is 12 px below the eyes, which are 32 px apart.
  const turn = (-12 * Math.tan((10 * Math.PI) / 180)) / 32;
  const frontal = named(await checksOf({ tilt: 10, turn }), 'frontal');
  expect(Math.abs(frontal!.value)).toBeLessThan(0.03);
});

it('counts faces that are at least half as high as the largest', async () => {
  const two = [
    [6, 10, 255],
    [22, 10, 200],
  ] as const;
  expect(named(await checksOf({ heads: two }), 'one-face')).toEqual({ name: 'one-face', verdict: 'warn', value: 2 });
  const far = [
    [6, 10, 255],
    [22, 10, 150],
  ] as const;
  expect(named(await checksOf({ heads: far }), 'one-face')).toEqual({ name: 'one-face', verdict: 'pass', value: 1 });
});

it('says no more than that there is no face where there is none', async () => {
  expect(await checksOf({ heads: [[14, 10, 100]] })).toEqual([{ name: 'one-face', verdict: 'warn', value: 0 }]);
});

it('counts pixels between the eyes in the result, also of a photo that is reduced or cut', async () => {
  const eyes = async (options: EnhanceOptions) => named(await checksOf({}, 3, options), 'resolution');
  expect(await eyes({ mostLongEdge: 512 })).toEqual({ name: 'resolution', verdict: 'warn', value: 44 });
});

it('sees the photo as its result shows it: turned and cut', async () => {
  const heads = [
    [6, 10, 255],
    [22, 10, 255],
  ] as const;
  const cut = await checksOf({ heads }, 3, { crop: { left: 0.5, top: 0, width: 0.5, height: 1 } });
  expect(named(cut, 'one-face')?.value).toBe(1);
});

it('checks nothing in other recipes, nor unless it is asked to look for faces', async () => {
  const photo = await fileOf(posed({}), 'png');
  const { report } = await engine.enhance(photo, 'sr', { scale: 2, strength: { sr: 0 }, findFaces: true });
  expect([report.checks, report.faces.length]).toEqual([[], 1]);
  expect((await engine.enhance(photo, 'bg')).report.checks).toEqual([]);
});

it.skipIf(!hasShared)('passes research portraits, and says by how much they are tilted once they are', async () => {
  for (const path of sharedPhotos('portraits').slice(0, 3)) {
    const checks = async (options: EnhanceOptions) =>
      (await own.enhance(await readFile(path), 'bg', { ...options, findFaces: true, mostLongEdge: 640 })).report.checks;
    const [straight, tilted] = [await checks({}), await checks({ straighten: 12 })];
    for (const name of ['one-face', 'level', 'frontal'] as const) expect(named(straight, name)?.verdict).toBe('pass');
    const [before, after] = [named(straight, 'level')!, named(tilted, 'level')!];
    expect(after.verdict).toBe('warn');
    expect(Math.abs(after.value - before.value - 12)).toBeLessThan(3);
  }
});
