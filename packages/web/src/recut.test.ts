import type { GivenColour } from '@hili/contract';
import { describe, expect, it } from 'vitest';
import { shaped } from '../../engine/src/shape.ts';
import { type Edit, turnedBy } from './edit.ts';
import { recut } from './recut.ts';

/** A picture whose pixels say where they lie: red is the column, green the row. */
const size = { width: 211, height: 149 };
const data = new Uint8Array(3 * size.width * size.height);
for (let y = 0; y < size.height; y++)
  for (let x = 0; x < size.width; x++) data.set([x, y, 0], 3 * (y * size.width + x));

const SHARES = [0.02, 0.3, 0.5, 0.77, 0.98];
const given: readonly GivenColour[] = SHARES.flatMap((x) => SHARES.map((y) => ({ x, y, colour: '#112233' })));
const crop = { left: 0.13, top: 0.21, width: 0.47, height: 0.52 };

type Place = readonly [number, number];
type Cut = ReturnType<typeof shaped>;

/** The column and row of the upright picture that the engine shows at a place of the cut one. */
function under({ width, height, data: pixels }: Cut, { x, y }: GivenColour): Place {
  const [column, row] = [Math.min(width - 1, Math.floor(x * width)), Math.min(height - 1, Math.floor(y * height))];
  const at = 3 * (row * width + column);
  return [pixels[at]!, pixels[at + 1]!];
}
const apart = ([a, b]: Place, [c, d]: Place) => Math.hypot(a - c, b - d);

const WAYS: readonly (readonly [string, Edit, Edit])[] = [
  ['turned', {}, { rotate: 90 }],
  ['turned back', { rotate: 270 }, {}],
  ['turned upside down when it was cut', { rotate: 90, crop }, { rotate: 270, crop }],
  ['straightened', {}, { straighten: -7.3 }],
  ['straightened the other way', { straighten: 12, crop }, { straighten: -20, crop }],
  ['cut', {}, { crop }],
  ['cut elsewhere', { crop }, { crop: { left: 0.3, top: 0, width: 0.7, height: 0.6 } }],
  ['whole again', { rotate: 180, crop, straighten: 5 }, {}],
];

describe.each(WAYS)('when a photo is %s', (_, from, to) => {
  const [before, after] = [from, to].map((edit) => shaped({ ...size, data }, edit)) as [Cut, Cut];
  const kept = given.map((one) => recut([one], size, from, to)[0]);
  const things = given.map((one) => under(before, one));

  it('a given colour stays on the same thing', () => {
    expect(kept.filter(Boolean).length).toBeGreaterThan(3);
    for (const [i, one] of kept.entries()) if (one) expect(apart(under(after, one), things[i]!)).toBeLessThan(3);
  });

  it('those and only those go whose thing is not to be seen any more', () => {
    const { width, height, data: shown } = after;
    const seen = Array.from({ length: width * height }, (_, at): Place => [shown[3 * at]!, shown[3 * at + 1]!]);
    for (const [i, one] of kept.entries()) {
      const nearest = Math.min(...seen.map((place) => apart(place, things[i]!)));
      if (one) expect(nearest).toBeLessThan(3);
      else expect(nearest).toBeGreaterThan(0.5);
    }
  });
});

it('given colours are the same when the photo is cut as it was, and keep their order', () => {
  const edit: Edit = { rotate: 90, crop, straighten: 5 };
  expect(recut(given, size, edit, edit)).toEqual(given);
});

it('those at the very edge stay when the same part is turned, however it is rounded', () => {
  const corners = [0, 1].flatMap((x) => [0, 1].map((y) => ({ x, y, colour: '#445566' })));
  const edit: Edit = { crop, straighten: 5 };
  for (const by of [90, -90] as const) {
    const turned = recut(corners, size, edit, turnedBy(edit, by));
    expect(turned).toHaveLength(4);
    for (const { x, y } of turned) for (const side of [x, y]) expect(Math.min(side, 1 - side)).toBeLessThan(0.02);
  }
});

it('none is left when all of them are cut away', () => {
  const corner = { x: 0.95, y: 0.95, colour: '#778899' };
  expect(recut([corner], size, {}, { crop })).toEqual([]);
  expect(recut([], size, {}, { crop })).toEqual([]);
});
