import type { Raster } from './raster.ts';

/** A part of a picture, as fractions of its sides. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How a picture is turned and cut before anything else; in this order. */
export interface Shape {
  /** Degrees clockwise, in quarter turns. */
  readonly rotate?: 0 | 90 | 180 | 270;
  /** Degrees clockwise around the middle of the crop, -45 to 45. The crop shrinks around its middle until it holds no empty corner. */
  readonly straighten?: number;
  /** Part of the upright, rotated picture; all of it unless given. */
  readonly crop?: Crop;
}

/** Where the middle of a pixel of the result lies in the picture: x = x0 + i * xi + j * xj for pixel i of row j, and y alike. */
interface Place {
  readonly width: number;
  readonly height: number;
  readonly x0: number;
  readonly xi: number;
  readonly xj: number;
  readonly y0: number;
  readonly yi: number;
  readonly yj: number;
}

const WHOLE: Crop = { left: 0, top: 0, width: 1, height: 1 };

/** Size and middle of the rectangle to cut, in pixels of the rotated picture. */
function rectangle(width: number, height: number, { crop = WHOLE, straighten = 0 }: Shape) {
  const edges = (from: number, share: number, side: number) => {
    const start = Math.min(side - 1, Math.round(from * side));
    return [start, Math.min(side, Math.max(start + 1, Math.round((from + share) * side)))] as const;
  };
  const [left, right] = edges(crop.left, crop.width, width);
  const [top, bottom] = edges(crop.top, crop.height, height);
  const [x, y, w, h] = [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top];
  const angle = (straighten * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.abs(Math.sin(angle))];
  const fits = Math.min(
    1,
    Math.min(x, width - x) / ((w * cos + h * sin) / 2),
    Math.min(y, height - y) / ((w * sin + h * cos) / 2),
  );
  const shrunk = (side: number) => (fits === 1 ? side : Math.max(1, Math.floor(side * fits)));
  return { x, y, width: shrunk(w), height: shrunk(h), angle };
}

function place(picture: Raster, shape: Shape): Place {
  const { rotate = 0 } = shape;
  const onSide = rotate === 90 || rotate === 270;
  const [W, H] = onSide ? [picture.height, picture.width] : [picture.width, picture.height];
  const { x, y, width, height, angle } = rectangle(W, H, shape);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [u, v] = [(1 - width) / 2, (1 - height) / 2];
  const turned: Place = {
    ...{ width, height, xi: cos, xj: sin, yi: -sin, yj: cos },
    x0: x + u * cos + v * sin,
    y0: y - u * sin + v * cos,
  };
  const { x0, xi, xj, y0, yi, yj } = turned;
  if (rotate === 90) return { ...turned, x0: y0, xi: yi, xj: yj, y0: W - x0, yi: -xi, yj: -xj };
  if (rotate === 180) return { ...turned, x0: W - x0, xi: -xi, xj: -xj, y0: H - y0, yi: -yi, yj: -yj };
  if (rotate === 270) return { ...turned, x0: H - y0, xi: -yi, xj: -yj, y0: x0, yi: xi, yj: xj };
  return turned;
}

/** Copies pixels: every place is the middle of one. */
function copied(data: Uint8Array, channels: 1 | 3, fromWidth: number, at: Place): Uint8Array {
  const out = new Uint8Array(channels * at.width * at.height);
  const step = channels * (Math.round(at.xi) + fromWidth * Math.round(at.yi));
  for (let j = 0, to = 0; j < at.height; j++) {
    let from = channels * (Math.floor(at.x0 + j * at.xj) + fromWidth * Math.floor(at.y0 + j * at.yj));
    for (let i = 0; i < at.width; i++, from += step)
      for (let c = 0; c < channels; c++) out[to++] = data[from + c] as number;
  }
  return out;
}

/** Catmull-Rom weights of the four samples around a place that lies `t` behind the second. */
function weigh(t: number, w: Float64Array): void {
  w[0] = t * (-0.5 + t * (1 - 0.5 * t));
  w[1] = 1 + t * t * (-2.5 + 1.5 * t);
  w[2] = t * (0.5 + t * (2 - 1.5 * t));
  w[3] = t * t * (-0.5 + 0.5 * t);
}

/** Samples between pixels by bicubic interpolation (Keys 1981, a = -0.5); beyond the edge the edge repeats. */
function sampled(data: Uint8Array, channels: 1 | 3, from: Raster, at: Place): Uint8Array {
  const out = new Uint8ClampedArray(channels * at.width * at.height);
  const [wx, wy] = [new Float64Array(4), new Float64Array(4)];
  const [columns, rows] = [new Int32Array(4), new Int32Array(4)];
  const within = (value: number, side: number) => (value < 0 ? 0 : value >= side ? side - 1 : value);
  for (let j = 0, to = 0; j < at.height; j++)
    for (let i = 0; i < at.width; i++, to += channels) {
      const x = at.x0 + i * at.xi + j * at.xj - 0.5;
      const y = at.y0 + i * at.yi + j * at.yj - 0.5;
      const [left, top] = [Math.floor(x), Math.floor(y)];
      weigh(x - left, wx);
      weigh(y - top, wy);
      for (let k = 0; k < 4; k++) {
        columns[k] = channels * within(left + k - 1, from.width);
        rows[k] = channels * from.width * within(top + k - 1, from.height);
      }
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let r = 0; r < 4; r++) {
          const row = (rows[r] as number) + c;
          sum +=
            (wy[r] as number) *
            ((wx[0] as number) * (data[row + (columns[0] as number)] as number) +
              (wx[1] as number) * (data[row + (columns[1] as number)] as number) +
              (wx[2] as number) * (data[row + (columns[2] as number)] as number) +
              (wx[3] as number) * (data[row + (columns[3] as number)] as number));
        }
        out[to + c] = sum;
      }
    }
  return new Uint8Array(out.buffer);
}

/** Whether a shape leaves every picture as it is. */
export function isPlain({ rotate = 0, straighten = 0, crop }: Shape): boolean {
  return rotate === 0 && straighten === 0 && (!crop || (crop.width === 1 && crop.height === 1));
}

/**
 * Turns and cuts a picture. Quarter turns and crops copy pixels; only `straighten` resamples, once for everything together.
 * @returns the picture itself when there is nothing to do.
 */
export function shaped(picture: Raster, shape: Shape): Raster {
  if (isPlain(shape)) return picture;
  const at = place(picture, shape);
  const cut = (data: Uint8Array, channels: 1 | 3) =>
    shape.straighten ? sampled(data, channels, picture, at) : copied(data, channels, picture.width, at);
  const { width, height } = at;
  const data = cut(picture.data, 3);
  return picture.alpha ? { width, height, data, alpha: cut(picture.alpha, 1) } : { width, height, data };
}
