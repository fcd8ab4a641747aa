import { describe, expect, it } from 'vitest';
import { shaped } from '../../engine/src/shape.ts';
import { type Edit, editedSize, editMatrix, levelled, turnedBy } from './edit.ts';

/** A picture whose pixels say where they lie: red is the column, green the row. */
const size = { width: 211, height: 149 };
const data = new Uint8Array(3 * size.width * size.height);
for (let y = 0; y < size.height; y++)
  for (let x = 0; x < size.width; x++) data.set([x, y, 0], 3 * (y * size.width + x));

const crop = { left: 0.13, top: 0.21, width: 0.47, height: 0.52 };
const corner = { left: 0, top: 0.4, width: 0.6, height: 0.6 };
const EDITS: readonly Edit[] = [
  {},
  ...([90, 180, 270] as const).flatMap((rotate) => [{ rotate }, { rotate, crop }, { rotate, crop, straighten: -7.3 }]),
  { crop },
  { straighten: 3 },
  { straighten: -45 },
  { crop: corner, straighten: 20 },
  { crop: { left: 0.9, top: 0, width: 0.1, height: 1 }, straighten: 2 },
];

describe.each(EDITS.map((edit) => [JSON.stringify(edit), edit] as const))('an edit of %s', (_, edit) => {
  const made = shaped({ ...size, data }, edit);

  it('leaves as many pixels as the engine does', () => {
    expect(editedSize(size, edit)).toEqual({ width: made.width, height: made.height });
  });

  it('shows at each place what the engine has there, within a pixel', () => {
    const [a, b, c, d, e, f] = editMatrix(size, edit);
    const shares = [0.1, 0.35, 0.5, 0.8, 0.95];
    for (const [i, j] of shares.flatMap((u) => shares.map((v) => [u, v] as const))) {
      const [x, y] = [Math.floor(i * made.width), Math.floor(j * made.height)];
      const [column, row] = made.data.subarray(3 * (y * made.width + x));
      // The middle of that pixel, laid into the window by the page.
      const at = [a * (column! + 0.5) + c * (row! + 0.5) + e, b * (column! + 0.5) + d * (row! + 0.5) + f] as const;
      expect(Math.hypot(at[0] - x - 0.5, at[1] - y - 0.5)).toBeLessThan(1);
    }
  });
});

it.each([90, -90] as const)('keeps the same part cut out when the picture is turned by %i degrees', (by) => {
  const edit: Edit = { rotate: 90, crop: corner, straighten: 5 };
  const turned = shaped(shaped({ ...size, data }, edit), { rotate: by === 90 ? 90 : 270 });
  const other = shaped({ ...size, data }, turnedBy(edit, by));
  const middle = ({ width, height, data }: typeof other) =>
    data.subarray(3 * ((height >> 1) * width + (width >> 1)), 3 * ((height >> 1) * width + (width >> 1)) + 2);
  expect([other.width, other.height]).toEqual([turned.width, turned.height]);
  const [there, here] = [middle(turned), middle(other)];
  expect(Math.hypot(there[0]! - here[0]!, there[1]! - here[1]!)).toBeLessThan(2);
});

it('comes back to where it was after four turns', () => {
  const edit: Edit = { crop, straighten: 5 };
  expect([90, 90, 90, 90].reduce<Edit>((now, by) => turnedBy(now, by as 90), edit)).toEqual(edit);
});

describe('an edit that levels what another leaves tilted', () => {
  it.each([{}, { crop }, { rotate: 90, crop, straighten: -7.3 }] as const)('makes a line level after %j', (edit) => {
    const tilt = 6.2;
    const [a, b, c, d] = editMatrix(size, edit);
    const [right, down] = [Math.cos((tilt * Math.PI) / 180), Math.sin((tilt * Math.PI) / 180)];
    // The line in the upright picture: a matrix that only turns is undone by its rows.
    const [x, y] = [a * right + b * down, c * right + d * down];
    const [, lb, , ld] = editMatrix(size, levelled(edit, tilt)!);
    expect(lb * x + ld * y).toBeCloseTo(0, 5);
  });

  it('keeps the cut, and nothing of what is not an edit', () => {
    const asked = { crop, straighten: 4, rgb: [0, 0, 255] } as const;
    expect(levelled(asked, 4)).toEqual({ crop });
    expect(levelled(asked, -8.04)).toEqual({ crop, straighten: 12 });
  });

  it('is none where more is asked than can be straightened', () => {
    expect(levelled({ straighten: 40 }, -10)).toBeUndefined();
  });
});
