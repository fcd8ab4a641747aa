import type { GivenColour } from '@hili/contract';
import { type Edit, editedSize, editMatrix, type Size, tidy } from './edit.ts';

/** Pixels by which a cut's edge moves when it is rounded to whole ones. */
const SLACK = 1;

/**
 * Colours that were given at places of a picture turned and cut in one way, at the same things of it in another. What the other way cuts
 * away is left out.
 * @param picture pixels of the upright picture.
 */
export function recut(colours: readonly GivenColour[], picture: Size, from: Edit, to: Edit): readonly GivenColour[] {
  const [before, after] = [editedSize(picture, from), editedSize(picture, to)];
  const [a, b, c, d, e, f] = editMatrix(picture, from);
  const [ta, tb, tc, td, te, tf] = editMatrix(picture, to);
  return colours.flatMap(({ x, y, colour }) => {
    const [right, down] = [x * before.width - e, y * before.height - f];
    // A matrix that only turns is undone by its rows.
    const [column, row] = [a * right + b * down, c * right + d * down];
    const [u, v] = [ta * column + tc * row + te, tb * column + td * row + tf];
    const seen = u >= -SLACK && u <= after.width + SLACK && v >= -SLACK && v <= after.height + SLACK;
    return seen ? [{ x: share(u, after.width), y: share(v, after.height), colour }] : [];
  });
}

/** A share of a side, within the picture. */
const share = (place: number, side: number) => Math.min(1, tidy(place / side));
