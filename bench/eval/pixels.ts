import { decode, encode, resize } from '@hili/engine/codec';

/** A picture in memory: 8-bit sRGB, R G B interleaved. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** One channel of real numbers, row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float64Array;
}

export async function readPicture(path: string): Promise<Picture> {
  const { width, height, data } = (await decode(path)).raster;
  return { width, height, data };
}

/** Writes a picture; PNG loses nothing. */
export const writePicture = (picture: Picture, path: string, format: 'png' | 'jpeg' = 'png', quality = 92) =>
  encode(picture, { exif: {} }, format, path, quality);

/** Antialiased resampling as sharp does it. */
export const resampled = (picture: Picture, width: number, height: number, kernel: 'lanczos3' | 'cubic' | 'linear') =>
  resize(picture, width, height, kernel);

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
const KERNELS = {
  Lanczos3: { reach: 3, weight: (x: number) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
  bicubic: {
    reach: 2,
    weight: (x: number) => {
      const t = Math.abs(x);
      return t < 1 ? (1.5 * t - 2.5) * t * t + 1 : t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
    },
  },
} as const;

/** The classical enlargement by a whole factor, pixel centres aligned; sharp's own is bicubic for both and half a pixel off. */
export function enlarged(picture: Picture, factor: number, kernel: keyof typeof KERNELS): Picture {
  const { reach, weight } = KERNELS[kernel];
  const pass = (values: Float64Array, width: number, height: number, along: 'x' | 'y') => {
    const [w, h] = along === 'x' ? [width * factor, height] : [width, height * factor];
    const out = new Float64Array(3 * w * h);
    const [length, step] = along === 'x' ? [width, 3] : [height, 3 * width];
    for (let t = 0; t < length * factor; t++) {
      const centre = (t + 0.5) / factor - 0.5;
      const first = Math.floor(centre) - reach + 1;
      const raw = Float64Array.from({ length: 2 * reach }, (_, k) => weight(first + k - centre));
      const offsets = Int32Array.from(raw, (_, k) => step * Math.min(length - 1, Math.max(0, first + k)));
      const sum = raw.reduce((a, b) => a + b);
      for (let line = 0; line < (along === 'x' ? height : width); line++)
        for (let c = 0; c < 3; c++) {
          const base = (along === 'x' ? 3 * width : 3) * line + c;
          let value = 0;
          for (let k = 0; k < raw.length; k++) value += raw[k]! * values[base + offsets[k]!]!;
          out[(along === 'x' ? 3 * w * line + 3 * t : 3 * w * t + 3 * line) + c] = value / sum;
        }
    }
    return out;
  };
  const across = pass(Float64Array.from(picture.data), picture.width, picture.height, 'x');
  const values = pass(across, picture.width * factor, picture.height, 'y');
  const data = Uint8Array.from(values, (v) => Math.round(Math.min(255, Math.max(0, v))));
  return { width: picture.width * factor, height: picture.height * factor, data };
}

export function plane(width: number, height: number, value: (i: number) => number): Plane {
  const data = new Float64Array(width * height);
  for (let i = 0; i < data.length; i++) data[i] = value(i);
  return { width, height, data };
}

/** Each value by its neighbours `weights` apart, along x or y; the edge pixel repeats. Weights have odd length. */
export function convolved(source: Plane, weights: readonly number[], along: 'x' | 'y'): Plane {
  const { width, height, data } = source;
  const reach = (weights.length - 1) / 2;
  const out = new Float64Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = -reach; k <= reach; k++) {
        const at =
          along === 'x'
            ? y * width + Math.min(width - 1, Math.max(0, x + k))
            : Math.min(height - 1, Math.max(0, y + k)) * width + x;
        sum += weights[k + reach]! * data[at]!;
      }
      out[y * width + x] = sum;
    }
  return { width, height, data: out };
}

/** Weights of a Gaussian cut at `reach`, sum 1. */
export function gaussian(sigma: number, reach = Math.max(1, Math.ceil(3 * sigma))): number[] {
  const values = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)));
  const sum = values.reduce((a, b) => a + b);
  return values.map((v) => v / sum);
}

export const blurredPlane = (source: Plane, sigma: number) => {
  const weights = gaussian(sigma);
  return convolved(convolved(source, weights, 'x'), weights, 'y');
};

/** Averages 2 x 2 blocks; an odd last row or column is dropped. */
export function halfPlane({ width, height, data }: Plane): Plane {
  const [w, h] = [width >> 1, height >> 1];
  return plane(w, h, (i) => {
    const at = 2 * Math.floor(i / w) * width + 2 * (i % w);
    return (data[at]! + data[at + 1]! + data[at + width]! + data[at + width + 1]!) / 4;
  });
}
