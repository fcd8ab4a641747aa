import { type Crop, MAX_STRAIGHTEN, type RunOptions } from '@hili/contract';

/**
 * How a picture is turned and cut before its recipe: first upright, then `rotate` (degrees clockwise), then `crop` (fractions of what that
 * gives), then `straighten` (degrees clockwise around the middle of the crop, which shrinks until it holds no empty corner).
 */
export type Edit = Pick<RunOptions, 'rotate' | 'crop' | 'straighten'>;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** a, b, c, d, e, f of x' = a·x + c·y + e and y' = b·x + d·y + f, as SVG and CSS write a matrix. */
export type Matrix = readonly [number, number, number, number, number, number];

const WHOLE: Crop = { left: 0, top: 0, width: 1, height: 1 };

/** Whether an edit leaves every picture as it is. */
export function isPlain({ rotate = 0, straighten = 0, crop = WHOLE }: Edit): boolean {
  return rotate === 0 && straighten === 0 && crop.width === 1 && crop.height === 1;
}

/** Size of an upright picture after its quarter turns. */
export function turnedSize({ width, height }: Size, { rotate = 0 }: Edit): Size {
  return rotate % 180 === 0 ? { width, height } : { width: height, height: width };
}

/** The share to which a rectangle of w x h px around x, y shrinks so that it fits into a picture when it is turned by an angle (radians). */
export function shrinkage({ width, height }: Size, x: number, y: number, w: number, h: number, angle: number): number {
  const [cos, sin] = [Math.cos(angle), Math.abs(Math.sin(angle))];
  return Math.min(
    1,
    Math.min(x, width - x) / ((w * cos + h * sin) / 2),
    Math.min(y, height - y) / ((w * sin + h * cos) / 2),
  );
}

/** Size and middle of what the engine cuts out, in whole and half pixels of the turned picture, as packages/engine/src/shape.ts does. */
function cutOf(size: Size, { crop = WHOLE, straighten = 0 }: Edit): Size & { readonly x: number; readonly y: number } {
  const edges = (from: number, share: number, side: number) => {
    const start = Math.min(side - 1, Math.round(from * side));
    return [start, Math.min(side, Math.max(start + 1, Math.round((from + share) * side)))] as const;
  };
  const [left, right] = edges(crop.left, crop.width, size.width);
  const [top, bottom] = edges(crop.top, crop.height, size.height);
  const [x, y, w, h] = [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top];
  const fits = shrinkage(size, x, y, w, h, radians(straighten));
  const shrunk = (side: number) => (fits === 1 ? side : Math.max(1, Math.floor(side * fits)));
  return { x, y, width: shrunk(w), height: shrunk(h) };
}

export const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Pixels that an upright picture has left once it is turned and cut. */
export function editedSize(picture: Size, edit: Edit): Size {
  const { width, height } = cutOf(turnedSize(picture, edit), edit);
  return { width, height };
}

/** Turns a picture by quarters, its upper left corner at 0, 0 again. */
export function quarterMatrix({ width, height }: Size, { rotate = 0 }: Edit): Matrix {
  if (rotate === 90) return [0, 1, -1, 0, height, 0];
  if (rotate === 180) return [-1, 0, 0, -1, width, height];
  if (rotate === 270) return [0, -1, 1, 0, 0, width];
  return [1, 0, 0, 1, 0, 0];
}

/** Lays an upright picture behind a window of `editedSize` at 0, 0 so that the window shows what the engine cuts out. */
export function editMatrix(picture: Size, edit: Edit): Matrix {
  const cut = cutOf(turnedSize(picture, edit), edit);
  const [a, b, c, d, e, f] = quarterMatrix(picture, edit);
  const angle = radians(edit.straighten ?? 0);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turned = (x: number, y: number) => [x * cos - y * sin, x * sin + y * cos] as const;
  const [[ta, tb], [tc, td], [te, tf]] = [turned(a, b), turned(c, d), turned(e - cut.x, f - cut.y)];
  return [ta, tb, tc, td, te + cut.width / 2, tf + cut.height / 2];
}

/** Turns an edited picture a quarter further, clockwise or back; the same part of it stays cut out. */
export function turnedBy({ rotate = 0, crop, straighten }: Edit, by: 90 | -90): Edit {
  const angle = ((rotate + by + 360) % 360) as 0 | 90 | 180 | 270;
  const cut = crop && {
    left: tidy(by === 90 ? 1 - crop.top - crop.height : crop.top),
    top: tidy(by === 90 ? crop.left : 1 - crop.left - crop.width),
    width: crop.height,
    height: crop.width,
  };
  return edited({ rotate: angle, crop: cut, straighten });
}

/**
 * An edit that also levels what the one given leaves tilted.
 * @param tilt degrees clockwise.
 * @returns undefined where it would take more than can be straightened.
 */
export function levelled(edit: Edit, tilt: number): Edit | undefined {
  const straighten = Math.round(10 * ((edit.straighten ?? 0) - tilt)) / 10;
  return Math.abs(straighten) <= MAX_STRAIGHTEN ? edited({ ...edit, straighten } as Edit) : undefined;
}

/** Fractions to a hundred thousandth: less than a tenth of a pixel of the largest picture. */
export const tidy = (fraction: number): number => Math.max(0, Math.round(fraction * 1e5) / 1e5);

/** An edit without what changes nothing. */
export function edited({ rotate, crop, straighten }: { readonly [K in keyof Edit]: Edit[K] | undefined }): Edit {
  return {
    ...(rotate && { rotate }),
    ...(crop && !(crop.width === 1 && crop.height === 1) && { crop }),
    ...(straighten && { straighten }),
  };
}
