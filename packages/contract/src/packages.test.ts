import { expect, it } from 'vitest';
import { PACKAGES } from './packages.ts';

it('has four packages, each cheaper a photo than the one before, all but the smallest with batch', () => {
  expect(PACKAGES.map(({ photos, fen }) => [photos, fen])).toEqual([
    [3, 4980],
    [10, 15_000],
    [50, 40_000],
    [200, 100_000],
  ]);
  const each = PACKAGES.map(({ photos, fen }) => fen / photos);
  expect(each).toEqual(each.toSorted((a, b) => b - a));
  expect(PACKAGES.map(({ batch }) => batch)).toEqual([false, true, true, true]);
  expect(new Set(PACKAGES.map(({ code }) => code)).size).toBe(PACKAGES.length);
});
