import type { Wish } from '@hili/contract';
import { beforeEach, expect, it } from 'vitest';
import {
  deletePreset,
  firstWish,
  noteWish,
  presetOf,
  presets,
  readKept,
  readWish,
  renamePreset,
  savePreset,
  withPreset,
} from './presets.ts';

// Without a browser there is nowhere to keep anything, as where it is forbidden: then it lasts as long as the page.
beforeEach(() => {
  for (const { name } of presets.get()) deletePreset(name);
});
const names = () => presets.get().map(({ name }) => name);

it('begins the next photo with the wish that was used last, but not with its cut, nor with colours that are true of it', () => {
  expect(firstWish()).toEqual({ recipe: 'sr,repair' });
  noteWish({ recipe: 'sr', scale: 4, rotate: 90, crop: { left: 0, top: 0, width: 0.5, height: 0.5 }, straighten: 2 });
  expect(firstWish()).toEqual({ recipe: 'sr', scale: 4 });
  noteWish({ recipe: 'sr,repair,colour', colours: [{ x: 0.5, y: 0.5, colour: '#3f7a4a' }] });
  expect(firstWish()).toEqual({ recipe: 'sr,repair,colour' });
});

it('does not begin the next photo with an ID photo’s background, which an old photo would get unasked', () => {
  noteWish({ recipe: 'sr', scale: 4 });
  noteWish({ recipe: 'bg', rgb: [67, 142, 219] });
  expect(firstWish()).toEqual({ recipe: 'sr', scale: 4 });
  expect(readKept('{"last":{"recipe":"bg","rgb":[255,255,255]}}')).toEqual({ named: [] });
  savePreset('Passport', { recipe: 'bg', rgb: [255, 255, 255] });
  expect(names()).toEqual(['Passport']);
});

it('keeps settings under a name, each name once, and knows them again', () => {
  savePreset(' For the album ', { recipe: 'sr', print: [100, 150] });
  savePreset('Album 2', { recipe: 'sr,repair', repairStrength: 0.5 });
  savePreset('For the album', { recipe: 'sr', print: [130, 180] });
  savePreset('   ', { recipe: 'sr' });
  expect(names()).toEqual(['Album 2', 'For the album']);
  expect(presetOf(presets.get(), { print: [130, 180], recipe: 'sr', rotate: 180 })).toBe('For the album');
  expect(presetOf(presets.get(), { recipe: 'sr', print: [100, 150] })).toBeUndefined();
});

it('renames and deletes them', () => {
  savePreset('a', { recipe: 'sr' });
  savePreset('b', { recipe: 'sr,repair' });
  renamePreset('a', 'c');
  expect(names()).toEqual(['c', 'b']);
  renamePreset('c', ' ');
  expect(names()).toEqual(['c', 'b']);
  renamePreset('c', 'b');
  expect(presets.get()).toEqual([{ name: 'b', wish: { recipe: 'sr' } }]);
  deletePreset('b');
  expect(names()).toEqual([]);
});

it.each([
  null,
  '',
  'null',
  '5',
  '[]',
  '{"last":7,"named":"x"}',
  '{"named":[null,5,{"name":"x"},{"name":5,"wish":{"recipe":"sr"}}]}',
])('reads nothing out of %s', (text) => {
  expect(readKept(text)).toEqual({ named: [] });
});

it('leaves out of kept settings what is not right', () => {
  expect(
    readWish({
      recipe: 'sr',
      srStrength: 2,
      texture: -0.1,
      scale: 3,
      longEdge: 'x',
      print: [100],
      format: 'exe',
      __proto__x: 1,
      constructor: 1,
    }),
  ).toEqual({ recipe: 'sr' });
  expect(readWish({ recipe: 'paint' })).toBeUndefined();
  expect(readWish({ recipe: 'bg', rgb: [0, 0, 256] })).toEqual({ recipe: 'bg', rgb: [255, 255, 255] });
});

it('takes kept settings for a photo as it is turned, cut and coloured', () => {
  const before: Wish = {
    recipe: 'sr,repair,colour',
    rotate: 90,
    crop: { left: 0, top: 0, width: 0.5, height: 1 },
    colours: [{ x: 0.5, y: 0.5, colour: '#c81e1e' }],
  };
  expect(withPreset({ name: 'mild', wish: { recipe: 'sr,repair,colour', colourStrength: 0.5 } }, before)).toEqual({
    ...before,
    colourStrength: 0.5,
  });
  // What colours nothing has no use for them.
  expect(withPreset({ name: 'repair', wish: { recipe: 'sr,repair' } }, before)).toEqual({
    recipe: 'sr,repair',
    rotate: 90,
    crop: { left: 0, top: 0, width: 0.5, height: 1 },
  });
});
