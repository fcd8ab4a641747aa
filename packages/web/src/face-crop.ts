import type { Crop } from '@hili/contract';
import type { Size } from './edit.ts';

/** The side of what is shown of a face, in longer sides of its box: hair and chin lie outside the box, and tell as much. */
const AROUND = 1.6;

/** The square around a face, as shares of the picture's sides: shifted where it would reach out of the picture, smaller where the picture is. */
export function squareAround({ left, top, width, height }: Crop, picture: Size): Crop {
  const wanted = AROUND * Math.max(width * picture.width, height * picture.height);
  const side = Math.min(wanted, picture.width, picture.height);
  const [across, down] = [side / picture.width, side / picture.height];
  const within = (middle: number, share: number) => Math.min(Math.max(0, middle - share / 2), 1 - share);
  return {
    left: within(left + width / 2, across),
    top: within(top + height / 2, down),
    width: across,
    height: down,
  };
}
