import type { Raster } from './raster.ts';

/** Change of a pixel (steps of 8 bits) from which it begins to count as damage, and from which it does altogether. */
const MARKED = 8;
const CERTAIN = 24;

/** How surely each pixel was damaged, 0 to 1: by how much it was changed, or one beside it. */
function damage(copy: Raster, repaired: Raster): Float32Array {
  const { width, height } = copy;
  const own = new Float32Array(width * height);
  for (let i = 0; i < own.length; i++) {
    let change = 0;
    for (let c = 3 * i; c < 3 * i + 3; c++)
      change = Math.max(change, Math.abs((repaired.data[c] as number) - (copy.data[c] as number)));
    own[i] = Math.min(1, Math.max(0, (change - MARKED) / (CERTAIN - MARKED)));
  }
  const out = new Float32Array(own.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let most = 0;
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++)
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++)
          most = Math.max(most, own[v * width + u] as number);
      out[y * width + x] = most;
    }
  return out;
}

/** For each of `size` pixels the two of a copy with `copySize` between which it lies, and the weight of the second. */
function between(size: number, copySize: number): { first: Int32Array; second: Int32Array; weight: Float32Array } {
  const [first, second, weight] = [new Int32Array(size), new Int32Array(size), new Float32Array(size)];
  for (let i = 0; i < size; i++) {
    const at = Math.min(copySize - 1, Math.max(0, ((i + 0.5) * copySize) / size - 0.5));
    first[i] = Math.floor(at);
    second[i] = Math.min(copySize - 1, Math.floor(at) + 1);
    weight[i] = at - Math.floor(at);
  }
  return { first, second, weight };
}

/**
 * Carries over to a photo what was repaired in a reduced copy of it: damage too wide for the network at full size. Sound pixels are
 * changed as much as the copy's were and keep their detail; damaged ones, whose detail is the damage, are taken from the copy.
 * @param copy the photo reduced, `repaired` the same size.
 * @returns a new picture of the photo's size.
 */
export function carry(photo: Raster, copy: Raster, repaired: Raster): Raster {
  const { width, height } = photo;
  const data = new Uint8Array(photo.data.length);
  const damaged = damage(copy, repaired);
  const across = between(width, copy.width);
  const down = between(height, copy.height);
  for (let y = 0, i = 0; y < height; y++) {
    const [top, bottom, low] = [down.first[y] as number, down.second[y] as number, down.weight[y] as number];
    for (let x = 0; x < width; x++) {
      const [left, right, far] = [across.first[x] as number, across.second[x] as number, across.weight[x] as number];
      const places = [
        top * copy.width + left,
        top * copy.width + right,
        bottom * copy.width + left,
        bottom * copy.width + right,
      ];
      const weights = [(1 - low) * (1 - far), (1 - low) * far, low * (1 - far), low * far];
      let share = 0;
      for (let k = 0; k < 4; k++) share += (weights[k] as number) * (damaged[places[k] as number] as number);
      for (let c = 0; c < 3; c++, i++) {
        let [change, filled] = [0, 0];
        for (let k = 0; k < 4; k++) {
          const at = 3 * (places[k] as number) + c;
          const value = repaired.data[at] as number;
          filled += (weights[k] as number) * value;
          change += (weights[k] as number) * (value - (copy.data[at] as number));
        }
        const kept = (photo.data[i] as number) + change;
        data[i] = Math.max(0, Math.min(255, Math.round(kept + share * (filled - kept))));
      }
    }
  }
  return { width, height, data };
}
