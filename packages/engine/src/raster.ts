/** A decoded picture in memory, as every step takes and gives it. */
export interface Raster {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** sRGB, 8 bit, R G B interleaved: 3 * width * height bytes. */
  readonly data: Uint8Array;
  /** Opacity, 255 is opaque: width * height bytes; absent when every pixel is opaque. */
  readonly alpha?: Uint8Array;
}

/**
 * Cuts a rectangle that may reach over the edges; what lies outside repeats the nearest edge pixel.
 * @returns 3 * width * height bytes.
 */
export function cutClamped(raster: Raster, left: number, top: number, width: number, height: number): Uint8Array {
  const out = new Uint8Array(3 * width * height);
  const from = Math.max(0, left);
  const to = Math.min(raster.width, left + width);
  for (let y = 0; y < height; y++) {
    const row = 3 * raster.width * Math.min(raster.height - 1, Math.max(0, top + y));
    const start = 3 * y * width;
    out.set(raster.data.subarray(row + 3 * from, row + 3 * to), start + 3 * (from - left));
    for (let x = left; x < from; x++) out.set(raster.data.subarray(row, row + 3), start + 3 * (x - left));
    const last = row + 3 * (raster.width - 1);
    for (let x = to; x < left + width; x++) out.set(raster.data.subarray(last, last + 3), start + 3 * (x - left));
  }
  return out;
}

/** Size of a picture reduced to `longEdge`, or its own size when that is smaller. */
export function fitted({ width, height }: Raster, longEdge: number): readonly [number, number] {
  const factor = Math.min(1, longEdge / Math.max(width, height));
  return [Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor))];
}
