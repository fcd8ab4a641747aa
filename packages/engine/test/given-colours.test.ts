import { expect, it } from 'vitest';
import { chroma } from '../src/colourspace.ts';
import type { GivenColour } from '../src/given-colours.ts';
import type { Raster } from '../src/raster.ts';
import { colour } from '../src/steps/colour.ts';
import { DUST_BOWL, draw, grey, NAGASAKI, psnr, scene } from './pictures.ts';
import { models, run, whole } from './steps.ts';

type Place = Pick<GivenColour, 'x' | 'y'>;

/** Mean Lab a and b of what lies within a fiftieth of the width around a place. */
function tintAt({ width, height, data }: Raster, { x, y }: Place): readonly [number, number] {
  const [column, row, reach] = [Math.floor(x * width), Math.floor(y * height), Math.round(width / 50)];
  let [a, b, count] = [0, 0, 0];
  for (let j = row - reach; j <= row + reach; j++)
    for (let i = column - reach; i <= column + reach; i++, count++) {
      const at = 3 * (j * width + i);
      const [one, other] = chroma(data[at] as number, data[at + 1] as number, data[at + 2] as number);
      a += one;
      b += other;
    }
  return [a / count, b / count];
}
const rgb = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
const tintOf = (hex: string) => chroma(...(rgb(hex) as [number, number, number]));
const apart = ([a, b]: readonly [number, number], [c, d]: readonly [number, number]) => Math.hypot(a - c, b - d);

/** A thing of an old photo in a colour that the network does not guess for it, and other things. */
const CASES = [
  {
    ...{ photo: DUST_BOWL, x: 0.86, y: 0.42, colour: '#4f7a4a' },
    others: [
      { x: 0.3, y: 0.75 },
      { x: 0.2, y: 0.12 },
    ],
  },
  {
    ...{ photo: NAGASAKI, x: 0.3, y: 0.88, colour: '#8a3a2e' },
    others: [
      { x: 0.4, y: 0.15 },
      { x: 0.15, y: 0.4 },
    ],
  },
  {
    ...{ photo: NAGASAKI, x: 0.3, y: 0.15, colour: '#d8a878' },
    others: [
      { x: 0.3, y: 0.9 },
      { x: 0.5, y: 0.65 },
    ],
  },
] as const;

it('gives a thing the colour that is known for it, and leaves other things and all lightness as they were', async () => {
  for (const { photo: path, others, ...given } of CASES) {
    const photo = grey(await whole(path));
    const { photo: guessed } = await run([colour], photo);
    const { photo: told } = await run([colour], photo, { colours: [given] });
    const [before, after, wanted] = [tintAt(guessed, given), tintAt(told, given), tintOf(given.colour)];
    expect(apart(before, wanted)).toBeGreaterThan(20);
    expect(apart(after, wanted)).toBeLessThan(0.3 * apart(before, wanted));
    for (const other of others)
      expect(apart(tintAt(told, other), tintAt(guessed, other))).toBeLessThan(0.1 * apart(after, before));
    expect(psnr(grey(told), grey(photo))).toBeGreaterThan(30);
  }
});

it('keeps to each of several colours, up to the corners, and to the last of two for one place', async () => {
  const photo = grey(await whole(NAGASAKI));
  const sky = { x: 0.02, y: 0.03, colour: '#d8a878' };
  const water = { x: 0.3, y: 0.88, colour: '#4a6a3a' };
  const corner = { x: 1, y: 1, colour: '#6a4a8a' };
  const { photo: told } = await run([colour], photo, {
    colours: [{ ...water, colour: '#c02020' }, sky, corner, water],
  });
  const { photo: guessed } = await run([colour], photo);
  for (const { colour: hex, ...place } of [sky, water, { ...corner, x: 0.975, y: 0.97 }])
    expect(apart(tintAt(told, place), tintOf(hex))).toBeLessThan(0.6 * apart(tintAt(guessed, place), tintOf(hex)));
});

it('takes colours that are given as a wish for a toned print, but not for a photo that has colours', async () => {
  const print = grey(
    draw(320, 240, (x, y) => Array(3).fill(150 + 20 * Math.sin(x / 90) + (Math.hypot(x - 160, y - 120) < 60 ? 30 : 0))),
    [18, 2, -34],
  );
  const colours = [{ x: 0.5, y: 0.5, colour: '#4060a0' }];
  expect((await run([colour], print, { colours: [] })).steps[0]).toMatchObject({ changed: false, note: 'toned' });
  expect((await run([colour], print, { colours })).changed).toBe(true);
  const { steps } = await run([colour], scene(320, 240), { colours });
  expect(steps[0]).toMatchObject({ changed: false, note: 'coloured' });
  const wall = { x: 0.36, y: 0.75, colour: '#4060a0' };
  const { photo } = await run([colour], scene(320, 240), { colours: [wall], recolour: true });
  expect(tintAt(photo, wall)[1]).toBeLessThan(-5);
});

it('refuses them where the network takes none, and says so, while that network still colours a photo without', async () => {
  const photo = grey(scene(160, 120));
  const [given] = CASES;
  await expect(run([colour], photo, { colours: [given, given] }, models('dye'))).rejects.toMatchObject({
    reason: 'bad_option',
    message: 'expected no colours for dye-1, which takes none, but received 2',
  });
  for (const colours of [undefined, []]) {
    const { photo: dyed } = await run([colour], photo, { ...(colours && { colours }) }, models('dye'));
    expect(apart(tintAt(dyed, { x: 0.5, y: 0.5 }), [40, 20])).toBeLessThan(5);
  }
});
