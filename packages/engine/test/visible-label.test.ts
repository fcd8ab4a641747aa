import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { openEngine } from '../src/index.ts';
import type { Raster } from '../src/raster.ts';
import { withVisibleLabel } from '../src/visible-label.ts';
import { draw, fileOf, grey, pixelsOf, scene } from './pictures.ts';

const engine = openEngine({ processes: 1 });
afterAll(() => engine.close());

/** The smallest box that holds every pixel in which two pictures differ, by more than `least` in some channel. */
function changedBox(a: Raster, b: Raster, least = 0) {
  const box = { left: a.width, top: a.height, right: 0, bottom: 0 };
  for (let i = 0; i < a.data.length; i++) {
    if (Math.abs((a.data[i] as number) - (b.data[i] as number)) <= least) continue;
    const [x, y] = [Math.floor(i / 3) % a.width, Math.floor(i / 3 / a.width)];
    box.left = Math.min(box.left, x);
    box.top = Math.min(box.top, y);
    box.right = Math.max(box.right, x + 1);
    box.bottom = Math.max(box.bottom, y + 1);
  }
  return box;
}
const heightOf = ({ top, bottom }: ReturnType<typeof changedBox>) => bottom - top;

it.for([
  [3000, 2000],
  [2000, 3000],
  [300, 225],
  [1600, 400],
] as const)('stands in the lower right corner of %i x %i px, and changes no other pixel', async ([width, height]) => {
  const photo = draw(width, height, () => [128, 128, 128]);
  const box = changedBox(photo, await withVisibleLabel(photo));
  const short = Math.min(width, height);
  // The white core alone: the rim around it does not count.
  const letters = changedBox(photo, await withVisibleLabel(photo), 100);
  expect(heightOf(letters)).toBeGreaterThanOrEqual(0.05 * short);
  expect(box.left).toBeGreaterThan(width - 0.6 * Math.max(short, 250));
  expect(box.top).toBeGreaterThan(height - 0.12 * Math.max(short, 200));
  expect(box.right).toBeLessThanOrEqual(width);
  expect(box.bottom).toBeLessThan(height);
});

it.for([0, 40, 128, 215, 255])('can be read on a ground of %i', async (shade) => {
  const photo = draw(600, 400, () => [shade, shade, shade]);
  const { data } = await withVisibleLabel(photo);
  let [white, dark] = [0, 0];
  for (let i = 0; i < data.length; i += 3) {
    if ((data[i] as number) >= 250) white += 1;
    if ((data[i] as number) <= 0.45 * 255) dark += 1;
  }
  expect(white, 'letters').toBeGreaterThan(400);
  expect(dark, 'what parts them from the ground').toBeGreaterThan(400);
});

it('fits into a picture that has hardly any room, and leaves one of a single pixel a picture', async () => {
  for (const [width, height] of [
    [60, 40],
    [20, 900],
    [900, 20],
    [1, 1],
  ] as const) {
    const photo = draw(width, height, () => [90, 90, 90]);
    const { data } = await withVisibleLabel(photo);
    expect(data).toHaveLength(photo.data.length);
  }
  const narrow = draw(60, 400, () => [0, 0, 0]);
  expect(changedBox(narrow, await withVisibleLabel(narrow), 100).left, 'its first letter').toBeGreaterThan(0);
});

it('can be seen where the picture itself is transparent', async () => {
  const photo: Raster = { ...draw(600, 400, () => [10, 200, 10]), alpha: new Uint8Array(600 * 400) };
  const { data, alpha } = await withVisibleLabel(photo);
  const at = alpha?.indexOf(255) ?? -1;
  expect(at).toBeGreaterThan(0);
  expect([...data.subarray(3 * at, 3 * at + 3)].every((value) => value < 60 || value > 200)).toBe(true);
  expect(alpha?.[0]).toBe(0);
  expect(
    [...photo.alpha!].every((value) => value === 0),
    'what was given is not written to',
  ).toBe(true);
});

const options = { format: 'png', scale: 1 } as const;
const labelled = async (photo: Uint8Array, recipe: 'sr,repair,colour' | 'bg' | 'sr', visibleAfter: string[]) => {
  const plain = await engine.enhance(photo, recipe, options);
  const marked = await engine.enhance(photo, recipe, { ...options, label: { visibleAfter } });
  expect(marked.report.steps.map(({ changed }) => changed)).toEqual(plain.report.steps.map(({ changed }) => changed));
  const box = changedBox(await pixelsOf(plain.bytes), await pixelsOf(marked.bytes));
  return { changed: plain.report.steps.filter(({ changed }) => changed).map(({ name }) => name), box };
};
const inCorner = { left: expect.toSatisfy((x: number) => x > 120), top: expect.toSatisfy((y: number) => y > 200) };
const nowhere = { right: 0, bottom: 0 };

it('is drawn exactly where a step that was chosen has changed the photo', async () => {
  const old = await fileOf(grey(scene(320, 240)), 'png');
  const first = await labelled(old, 'sr,repair,colour', ['colour']);
  expect(first.changed).toContain('colour');
  expect(first.box).toMatchObject(inCorner);
  expect((await labelled(old, 'sr,repair,colour', ['bg'])).box).toMatchObject(nowhere);
  // Has its colours already.
  const coloured = await labelled(await fileOf(scene(320, 240), 'png'), 'sr,repair,colour', ['colour']);
  expect(coloured.changed).not.toContain('colour');
  expect(coloured.box).toMatchObject(nowhere);
  expect((await labelled(await fileOf(scene(320, 240), 'png'), 'bg', ['bg'])).box).toMatchObject(inCorner);
});

it('is not drawn unless asked for', async () => {
  const photo = await fileOf(grey(scene(160, 120)), 'png');
  const [one, two] = await Promise.all(
    [options, { ...options, label: { id: 'x' } }].map((each) => engine.enhance(photo, 'sr,repair,colour', each)),
  );
  const pixels = async (bytes: Uint8Array) => sharp(bytes).raw().toBuffer();
  expect((await pixels(one!.bytes)).equals(await pixels(two!.bytes))).toBe(true);
});
