/** What a network takes beside red, green and blue. */
export interface Beside {
  /** How badly the photo is spoilt: 0 to 255. */
  readonly strength: number;
  /** How much texture it draws, 0 to 1, for a network that takes noise. */
  readonly texture: number;
}

/** Standard deviation of the sum of four bytes, and that of the noise which draws all of the texture, see training/texture.py. */
const [SUM_DEVIATION, FULL_DEVIATION] = [147.8, 32];
const NONE = 128;

/** White noise that depends on the place alone, so tiles agree and a photo gives the same picture each time: nearly normal, -510 to 510. */
function noiseAt(x: number, y: number): number {
  // A permutation of 32 bits with little bias (found by hash-prospector, public domain) over coordinates spread by two odd constants.
  let bits = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77);
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  bits ^= bits >>> 15;
  return (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24) - 510;
}

/**
 * The input of a network that takes more than a picture: RGB, the strength, and where it has planes for it noise at the size of its
 * result, `scale * scale` values for each pixel.
 * @param rgb a tile of `width` pixels in a row whose first pixel is at x, y of the photo; both may be negative.
 */
export function withPlanes(
  rgb: Uint8Array,
  { strength, texture }: Beside,
  { channels, scale }: { readonly channels: number; readonly scale: number },
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
): Uint8Array {
  const pixels = rgb.length / 3;
  const out = new Uint8Array(pixels * channels).fill(strength);
  const factor = (texture * FULL_DEVIATION) / SUM_DEVIATION;
  for (let i = 0; i < pixels; i++) {
    const to = channels * i;
    out[to] = rgb[3 * i] as number;
    out[to + 1] = rgb[3 * i + 1] as number;
    out[to + 2] = rgb[3 * i + 2] as number;
    for (let k = 4; k < channels; k++) {
      const across = scale * (x + (i % width)) + ((k - 4) % scale);
      const down = scale * (y + Math.floor(i / width)) + Math.floor((k - 4) / scale);
      out[to + k] = NONE + Math.round(factor * noiseAt(across, down));
    }
  }
  return out;
}
