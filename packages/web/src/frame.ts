import { type Crop, LEAST_CROP } from '@hili/contract';
import { type Edit, radians, type Size, shrinkage, tidy } from './edit.ts';

/**
 * What is cut out, as the editor shows it: a rectangle that lies straight on the screen, over a picture that is straightened around its own
 * middle. In pixels of the turned picture, from that middle.
 */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Which edges are moved: -1 the left or upper one, 1 the right or lower one; 0, 0 moves the whole frame. */
export interface Grip {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

/** The least share of each side that the editor lets one cut out: twice what the engine takes, so that handles stay apart. */
const LEAST = 2 * LEAST_CROP;
/** Pixels by which rounding may reach over the edge. */
const SLACK = 1e-3;

const around = (u: number, v: number, width: number, height: number): Frame => ({
  left: u - width / 2,
  right: u + width / 2,
  top: v - height / 2,
  bottom: v + height / 2,
});
const sidesOf = ({ left, right, top, bottom }: Frame) => [right - left, bottom - top] as const;
const middleOf = ({ left, right, top, bottom }: Frame) => [(left + right) / 2, (top + bottom) / 2] as const;

/** The frame of an edit, shrunk as the engine shrinks it. `size` is that of the turned picture. */
export function frameOf(size: Size, { crop, straighten = 0 }: Edit): Frame {
  const { left, top, width, height } = crop ?? { left: 0, top: 0, width: 1, height: 1 };
  const [w, h] = [width * size.width, height * size.height];
  const [x, y] = [left * size.width + w / 2, top * size.height + h / 2];
  const angle = radians(straighten);
  const fits = shrinkage(size, x, y, w, h, angle);
  const [dx, dy] = [x - size.width / 2, y - size.height / 2];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return around(dx * cos - dy * sin, dx * sin + dy * cos, w * fits, h * fits);
}

/** The middle of a frame in pixels of the turned picture. */
function placeOf(size: Size, frame: Frame, straighten: number): readonly [number, number] {
  const [u, v] = middleOf(frame);
  const [cos, sin] = [Math.cos(radians(straighten)), Math.sin(radians(straighten))];
  return [size.width / 2 + u * cos + v * sin, size.height / 2 - u * sin + v * cos];
}

/** The crop of which the engine makes this frame; undefined when it is all of the picture. */
export function cropOf(size: Size, frame: Frame, straighten: number): Crop | undefined {
  const [x, y] = placeOf(size, frame, straighten);
  const [w, h] = sidesOf(frame);
  const along = (middle: number, part: number, side: number) => {
    const from = tidy((middle - part / 2) / side);
    return [from, Math.min(tidy(part / side), tidy(1 - from))] as const;
  };
  const [[left, width], [top, height]] = [along(x, w, size.width), along(y, h, size.height)];
  return width > 0.9999 && height > 0.9999 ? undefined : { left, top, width, height };
}

/**
 * Whether a frame can be cut out as it is: no corner is empty, and the crop lies within the picture before it is straightened too.
 * Each condition is linear in the frame's edges, so that what lies between two such frames is one as well.
 */
function holds(size: Size, frame: Frame, straighten: number): boolean {
  const [w, h] = sidesOf(frame);
  const [x, y] = placeOf(size, frame, straighten);
  const [toX, toY] = [Math.min(x, size.width - x) + SLACK, Math.min(y, size.height - y) + SLACK];
  const [cos, sin] = [Math.cos(radians(straighten)), Math.abs(Math.sin(radians(straighten)))];
  const straight = Math.max(w, w * cos + h * sin) / 2 <= toX && Math.max(h, w * sin + h * cos) / 2 <= toY;
  return straight && w >= LEAST * size.width - SLACK && h >= LEAST * size.height - SLACK;
}

/** As far from one frame towards another as a picture reaches. */
function towards(size: Size, straighten: number, from: Frame, to: Frame): Frame {
  const at = (share: number): Frame => ({
    left: from.left + share * (to.left - from.left),
    right: from.right + share * (to.right - from.right),
    top: from.top + share * (to.top - from.top),
    bottom: from.bottom + share * (to.bottom - from.bottom),
  });
  if (holds(size, to, straighten)) return to;
  let [low, high] = [0, 1];
  // 2^-20 of a drag over a picture of 20 000 px is less than a pixel.
  for (let step = 0; step < 20; step++) {
    const share = (low + high) / 2;
    if (holds(size, at(share), straighten)) low = share;
    else high = share;
  }
  return at(low);
}

/**
 * Moves a frame, or some of its edges, by a distance on the screen (pixels of the picture), as far as the picture reaches.
 * @param ratio width by height that it keeps; the opposite corner, or the middle of the opposite edge, stays where it is.
 */
export function dragged(
  size: Size,
  straighten: number,
  frame: Frame,
  { x, y }: Grip,
  [du, dv]: readonly [number, number],
  ratio?: number,
): Frame {
  const whole = x === 0 && y === 0;
  const { left, top, right, bottom } = frame;
  if (ratio && !whole) {
    const [w, h] = sidesOf(frame);
    const width = Math.max(
      1,
      x === 0 ? (h + y * dv) * ratio : y === 0 ? w + x * du : Math.max(w + x * du, (h + y * dv) * ratio),
    );
    const [u, v] = middleOf(frame);
    const [more, higher] = [(width - w) / 2, (width / ratio - h) / 2];
    return towards(size, straighten, frame, around(u + x * more, v + y * higher, width, width / ratio));
  }
  // One direction after the other, so that a frame glides along the edge that it meets.
  const sideways = {
    ...frame,
    left: left + (whole || x === -1 ? du : 0),
    right: right + (whole || x === 1 ? du : 0),
  };
  const moved = towards(size, straighten, frame, sideways);
  const upright = {
    ...moved,
    top: top + (whole || y === -1 ? dv : 0),
    bottom: bottom + (whole || y === 1 ? dv : 0),
  };
  return towards(size, straighten, moved, upright);
}

/** A frame of another shape around the same middle, as large as the one given or as the picture allows. @param ratio width by height. */
export function reshaped(size: Size, straighten: number, frame: Frame, ratio: number): Frame {
  const [w, h] = sidesOf(frame);
  const [u, v] = middleOf(frame);
  const width = Math.sqrt(w * h * ratio);
  const least = LEAST * Math.max(size.width, size.height * ratio);
  return towards(size, straighten, around(u, v, least, least / ratio), around(u, v, width, width / ratio));
}
