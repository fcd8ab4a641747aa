/** Colours of what stands in front and of what lies behind, as if each were alone: red, green, blue interleaved, 0 to 255. */
export interface Layers {
  readonly width: number;
  readonly height: number;
  readonly front: Float32Array;
  readonly back: Float32Array;
}

/** Smoothness everywhere, and more of it where alpha changes: the weights of the paper. */
const SMOOTH = 1e-5;
const GRADIENT = 1;
/** Sides up to which a level is small and cheap, and the passes over small and large levels. */
const SMALL = 32;
const PASSES = [10, 2] as const;

/** Takes every level from the picture by its nearest pixel. */
function nearest(from: ArrayLike<number>, channels: number, w: number, h: number, width: number, height: number) {
  const out = new Float32Array(channels * width * height);
  for (let y = 0, to = 0; y < height; y++) {
    const row = Math.min(h - 1, Math.floor(((y + 0.5) * h) / height)) * w;
    for (let x = 0; x < width; x++) {
      const at = channels * (row + Math.min(w - 1, Math.floor(((x + 0.5) * w) / width)));
      for (let c = 0; c < channels; c++) out[to++] = from[at + c] as number;
    }
  }
  return out;
}

/** One pass: each pixel solves I = alpha F + (1 - alpha) B against the layers of its four neighbours, in place. */
function relax(image: Float32Array, alpha: Float32Array, layers: Layers): void {
  const { width, height, front, back } = layers;
  const neighbours = new Int32Array(4);
  const weights = new Float64Array(4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const a = alpha[i] as number;
      neighbours[0] = y > 0 ? i - width : i;
      neighbours[1] = y < height - 1 ? i + width : i;
      neighbours[2] = x > 0 ? i - 1 : i;
      neighbours[3] = x < width - 1 ? i + 1 : i;
      let weight = 0;
      for (let k = 0; k < 4; k++) {
        const w = SMOOTH + GRADIENT * Math.abs(a - (alpha[neighbours[k] as number] as number));
        weights[k] = w;
        weight += w;
      }
      const ff = a * a + weight;
      const fb = a * (1 - a);
      const bb = (1 - a) * (1 - a) + weight;
      const det = ff * bb - fb * fb;
      for (let c = 0; c < 3; c++) {
        const value = image[3 * i + c] as number;
        let toFront = a * value;
        let toBack = (1 - a) * value;
        for (let k = 0; k < 4; k++) {
          const at = 3 * (neighbours[k] as number) + c;
          toFront += (weights[k] as number) * (front[at] as number);
          toBack += (weights[k] as number) * (back[at] as number);
        }
        front[3 * i + c] = Math.min(255, Math.max(0, (bb * toFront - fb * toBack) / det));
        back[3 * i + c] = Math.min(255, Math.max(0, (ff * toBack - fb * toFront) / det));
      }
    }
}

/**
 * Separates a photo into the colours in front and behind, so that neither shines through the rim of a matte: fast multi-level foreground
 * estimation (Germer, Uelwer, Conrad, Harmeling 2020, arXiv:2006.14970).
 * @param data 3 * width * height bytes. @param alpha width * height values, 0 to 1.
 */
export function separate(data: Uint8Array, alpha: Float32Array, width: number, height: number): Layers {
  const levels = Math.max(1, Math.ceil(Math.log2(Math.max(width, height))));
  let layers: Layers = { width: 1, height: 1, front: new Float32Array(3), back: new Float32Array(3) };
  for (let level = 0; level <= levels; level++) {
    const w = Math.round(width ** (level / levels));
    const h = Math.round(height ** (level / levels));
    const image = nearest(data, 3, width, height, w, h);
    const matte = nearest(alpha, 1, width, height, w, h);
    layers = {
      width: w,
      height: h,
      front: nearest(layers.front, 3, layers.width, layers.height, w, h),
      back: nearest(layers.back, 3, layers.width, layers.height, w, h),
    };
    for (let pass = 0; pass < (Math.max(w, h) <= SMALL ? PASSES[0] : PASSES[1]); pass++) relax(image, matte, layers);
  }
  return layers;
}
