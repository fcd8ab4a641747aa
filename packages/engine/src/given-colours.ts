import { chroma, lightness } from './colourspace.ts';
import { PhotoError } from './errors.ts';
import { geodesic } from './geodesic.ts';
import { guidedFit } from './guided-filter.ts';
import type { Raster } from './raster.ts';
import type { Network } from './sessions.ts';

/** The true colour of a thing in the photo, as somebody knows it. Its tint counts; how light the thing is, the photo says. */
export interface GivenColour {
  /** Where the thing is: shares of the picture's width and height once it is turned and cut. */
  readonly x: number;
  readonly y: number;
  /** sRGB, `#rrggbb`. */
  readonly colour: string;
}

/** Colours that are given for a photo at most: the network has not seen more. */
export const MOST_COLOURS = 24;

/**
 * Pixels of the square in which a colour is given, at the network's size. It knows squares of 1 to 9. On five places of three photos
 * colour-4 went at least 85 % of the way to five colours with 5 px, 81 % with 3, and 84 % with 9.
 */
const SIDE = 5;

/**
 * How far a given colour reaches: to a share of exp(-(way / REACH)²), in pixels at the network's size, of which a change of lightness by 1
 * costs PRICE. The network alone carries one colour over the whole picture: a dress that is said to be green makes the sky greenish. On 20
 * held-out photos colour-4 moved the ab of other things by 12 for a wrong colour at one place, and so by 1. True colours where its guess
 * was worst gained 0.5 dB (three) and 0.9 (eight), and so 1.0 and 1.8; ten at places drawn by chance 2.8, and so 1.7.
 */
const REACH = 400;
const PRICE = 12;
/** What is smoothed away before: texture, whose every step would cost, such as the boards of a wall. Steps of 17 (√.03 of 100) stay. */
const TEXTURE = { radius: 3, eps: 0.03 };

/** What a network takes beside RGB: a + 128, b + 128 and 255 where a colour is given at a place, and these where none is. */
const NOT_GIVEN = [128, 128, 0];

const place = (share: number, side: number) => Math.min(side - 1, Math.floor(share * side));
const bytes = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** The thumbnail as the network takes it. Where squares overlap, the colour that was given last counts. */
function asked({ width, height, data }: Raster, colours: readonly GivenColour[]): Uint8Array {
  const out = new Uint8Array(6 * width * height);
  for (let i = 0; i < width * height; i++) {
    out.set(data.subarray(3 * i, 3 * i + 3), 6 * i);
    out.set(NOT_GIVEN, 6 * i + 3);
  }
  const half = (SIDE - 1) / 2;
  for (const { x, y, colour } of colours) {
    const [a, b] = chroma(...(bytes(colour) as [number, number, number]));
    const given = [Math.round(a) + 128, Math.round(b) + 128, 255];
    const [column, row] = [place(x, width), place(y, height)];
    for (let j = Math.max(0, row - half); j <= Math.min(height - 1, row + half); j++)
      for (let i = Math.max(0, column - half); i <= Math.min(width - 1, column + half); i++)
        out.set(given, 6 * (j * width + i) + 3);
  }
  return out;
}

/** How much each pixel of the thumbnail belongs to a thing whose colour is given, 0 to 1. */
function belonging({ width, height, data }: Raster, colours: readonly GivenColour[]): Float32Array {
  const light = Float32Array.from(
    { length: width * height },
    (_, i) => lightness(data[3 * i] as number, data[3 * i + 1] as number, data[3 * i + 2] as number) / 100,
  );
  const { slope, offset } = guidedFit(light, light, width, height, TEXTURE.radius, TEXTURE.eps);
  const smooth = light.map((value, i) => 100 * ((slope[i] as number) * value + (offset[i] as number)));
  const from = colours.map(({ x, y }) => place(y, height) * width + place(x, width));
  return geodesic(smooth, width, height, from, PRICE).map((way) => Math.exp(-((way / REACH) ** 2)));
}

/**
 * Asks the network of the task `colour` for the colours of a thumbnail.
 * @returns a and b of each of its places, which are `outputStride` pixels wide. Things whose colour is given have it, and what lies apart
 * from them keeps what the network knows for it without.
 * @throws PhotoError `bad_option` when colours are given to a network that takes none.
 */
export async function askColours(
  network: Network,
  thumbnail: Raster,
  colours: readonly GivenColour[] = [],
): Promise<Float32Array> {
  const { card } = network;
  const { width, height, data } = thumbnail;
  const ask = async (pixels: Uint8Array) => (await network.run(pixels, width, height)) as Float32Array;
  const takesColours = card.input.channels === 6;
  if (!takesColours && colours.length > 0)
    throw new PhotoError(
      'bad_option',
      `expected no colours for ${card.id}, which takes none, but received ${colours.length}`,
    );
  const plain = await ask(takesColours ? asked(thumbnail, []) : data);
  if (colours.length === 0) return plain;
  const given = await ask(asked(thumbnail, colours));
  const share = belonging(thumbnail, colours);
  const [stride, across] = [card.outputStride, width / card.outputStride];
  const out = plain.slice();
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const part = (share[y * width + x] as number) / stride ** 2;
      const at = 2 * (Math.floor(y / stride) * across + Math.floor(x / stride));
      for (const c of [at, at + 1]) out[c] = (out[c] as number) + part * ((given[c] as number) - (plain[c] as number));
    }
  return out;
}
