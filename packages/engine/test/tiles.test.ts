import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { cutClamped, type Raster } from '../src/raster.ts';
import { openShrinker } from '../src/resample.ts';
import { type Network, openNetworks } from '../src/sessions.ts';
import { runTiled } from '../src/tiles.ts';
import { draw, pixelsOf, psnr, scene, toSharp, worst } from './pictures.ts';

const networks = openNetworks((process.env.HILI_MODELS ?? '').split(':').filter(Boolean));
afterAll(() => networks.release());

const TASKS = ['sr', 'sr4', 'texture', 'texture4', 'repair'] as const;
/** What those that enlarge take beside the picture: half spoilt, with this much texture. */
const beside = ({ card }: Network, texture = 0.5) =>
  card.input.channels >= 4 ? { strength: 128, texture } : undefined;
const tiled = async (network: Network, photo: Raster, texture?: number) => {
  const { scale } = network.card;
  return runTiled(network, photo, photo.width * scale, photo.height * scale, () => {}, beside(network, texture));
};
/** The photo through the network in one piece: a tile is seven times the overlap. */
const whole = (network: Network, photo: Raster) =>
  tiled(
    { ...network, card: { ...network.card, overlap: 32 * Math.ceil(Math.max(photo.width, photo.height) / 160) } },
    photo,
  );

/** Largest difference between neighbours along a row or column, less that of the picture itself. */
function step(before: Raster, after: Raster): number {
  const scale = after.width / before.width;
  let most = 0;
  for (let y = 0; y < after.height; y++)
    for (let x = 1; x < after.width; x++)
      for (let c = 0; c < 3; c++) {
        const at = 3 * (y * after.width + x) + c;
        most = Math.max(most, Math.abs((after.data[at] as number) - (after.data[at - 3] as number)));
      }
  const [first, last] = [before.data[0] as number, before.data[3 * (before.width - 1)] as number];
  return most - Math.ceil(Math.abs(last - first) / (before.width * scale));
}

it.for(TASKS)('%s shows no tile border on a flat grey and on a smooth gradient', async (task) => {
  const network = await networks.network(task);
  // One step of 8 bits up beside one down is what `repair` and the int8 `texture` make of a gradient in any case.
  for (const photo of [
    draw(900, 420, () => [128, 128, 128]),
    draw(900, 420, (x) => [40 + x / 6, 40 + x / 6, 40 + x / 6]),
  ])
    expect(step(photo, await tiled(network, photo, 0))).toBeLessThanOrEqual(
      task === 'repair' || task === 'texture' ? 2 : 1,
    );
});

/** Columns at the right edge where a tile ends elsewhere than the whole: there `repair` differs by up to 3 steps, and no tiles meet. */
const OUTER = 160;

it.for(TASKS)('%s in tiles equals the whole within 1/255 where tiles meet', async (task) => {
  const network = await networks.network(task);
  // More than one tile of either, and details of every size.
  const photo = task === 'repair' ? scene(1100, 420) : scene(700, 420);
  const inner = (picture: Raster) => cutClamped(picture, 0, 0, picture.width - OUTER, picture.height);
  expect(worst(inner(await tiled(network, photo)), inner(await whole(network, photo)))).toBeLessThanOrEqual(1);
});

it('tells the share that is done after each tile, and stops when told to', async () => {
  const network = await networks.network('sr');
  const shares: number[] = [];
  await runTiled(network, scene(800, 400), 1600, 800, (share) => shares.push(share), beside(network));
  expect(shares.length).toBeGreaterThan(3);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
  const stop = () => {
    throw new Error('enough');
  };
  const stopped = runTiled(network, scene(800, 400), 1600, 800, stop, beside(network));
  await expect(stopped).rejects.toThrow('enough');
});

it('shrinks a picture that comes in rows as an antialiased cubic does', async () => {
  const photo = scene(300, 200);
  for (const [w, h] of [
    [150, 100],
    [211, 141],
    [299, 199],
    [40, 27],
    [300, 200],
  ] as const) {
    const data = new Uint8Array(3 * w * h);
    const push = openShrinker(300, 200, w, h, data);
    for (let y = 0; y < 200; y += 7) push(photo.data.subarray(3 * 300 * y, 3 * 300 * Math.min(200, y + 7)));
    const expected = await pixelsOf(
      await toSharp(photo).resize(w, h, { fit: 'fill', kernel: 'cubic' }).png().toBuffer(),
    );
    expect(psnr({ width: w, height: h, data }, expected)).toBeGreaterThan(40);
  }
});

it('puts every pixel in its place, whatever the size of the photo', async () => {
  const twice = openNetworks([join(import.meta.dirname, 'models', 'steps')]);
  const network = await twice.network('sr');
  for (const [w, h] of [
    [1, 1],
    [7, 1201],
    [385, 384],
    [352, 353],
    [1100, 20],
    [737, 411],
  ] as const) {
    const photo = draw(w, h, (x, y) => [x % 256, y % 256, (x >> 8) * 16 + (y >> 8)]);
    const expected = draw(2 * w, 2 * h, (x, y) => [
      ...photo.data.subarray(3 * ((y >> 1) * w + (x >> 1))).subarray(0, 3),
    ]);
    for (const overlap of [0, 8, 40]) {
      const { data } = await tiled({ ...network, card: { ...network.card, overlap } }, photo);
      expect(worst(data, expected.data), `${w} x ${h}, overlap ${overlap}`).toBeLessThanOrEqual(1);
    }
  }
  await twice.release();
});
