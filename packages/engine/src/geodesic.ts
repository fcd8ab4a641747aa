/** Sweeps over a picture at most. Two suffice where ways bend little; a maze of lines needs more, and is cut short. */
const SWEEPS = 8;

/**
 * How far each pixel is from the nearest of some others along its shortest way, on which a change of the plane costs length: within a thing
 * of one lightness it is about the number of pixels, across the outline of a thing far more (Criminisi, Sharp and Blake 2008, by raster
 * sweeps).
 * @param plane width * height values.
 * @param from the pixels that have the distance 0, as y * width + x.
 * @param price pixels of way for a change of 1 in the plane.
 */
export function geodesic(
  plane: Float32Array,
  width: number,
  height: number,
  from: readonly number[],
  price: number,
): Float32Array {
  const out = new Float32Array(plane.length).fill(Number.POSITIVE_INFINITY);
  for (const pixel of from) out[pixel] = 0;
  let nearer = true;
  const step = (pixel: number, neighbour: number, length: number) => {
    const change = Math.abs((plane[pixel] as number) - (plane[neighbour] as number));
    const way = (out[neighbour] as number) + length + price * change;
    // Less than that is no progress but the rounding of 32 bits.
    if (way >= (out[pixel] as number) - 1e-3) return;
    out[pixel] = way;
    nearer = true;
  };
  /** Looks at the four neighbours that a sweep in this direction has passed already. */
  const look = (x: number, y: number, back: 1 | -1) => {
    const pixel = y * width + x;
    const [left, right] = [x - back >= 0 && x - back < width, x + back >= 0 && x + back < width];
    if (left) step(pixel, pixel - back, 1);
    if (y - back < 0 || y - back >= height) return;
    const above = pixel - back * width;
    step(pixel, above, 1);
    if (left) step(pixel, above - back, Math.SQRT2);
    if (right) step(pixel, above + back, Math.SQRT2);
  };
  for (let sweep = 0; sweep < SWEEPS && nearer; sweep++) {
    nearer = false;
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) look(x, y, 1);
    for (let y = height - 1; y >= 0; y--) for (let x = width - 1; x >= 0; x--) look(x, y, -1);
  }
  return out;
}
