import type { Network } from './sessions.ts';

type View = 'turned' | 'transposed';

/** A picture as another view shows it. Each view undoes itself; a transposed one is `height` wide. */
function seen(pixels: Uint8Array, width: number, height: number, view: View): Uint8Array {
  const out = new Uint8Array(pixels.length);
  for (let y = 0, from = 0; y < height; y++)
    for (let x = 0; x < width; x++, from += 3) {
      const to = view === 'turned' ? (height - 1 - y) * width + width - 1 - x : x * height + y;
      out[3 * to] = pixels[from] as number;
      out[3 * to + 1] = pixels[from + 1] as number;
      out[3 * to + 2] = pixels[from + 2] as number;
    }
  return out;
}

/** Change in steps of 8 bits that is not worth a second look. */
const SMALL = 3;

/** The middle one of three results, value by value. */
function middle([first, second, third]: readonly [Uint8Array, Uint8Array, Uint8Array]): Uint8Array {
  return first.map((a, i) => {
    const [b, c] = [second[i] as number, third[i] as number];
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  });
}

/**
 * A network of scale 1 that looks at the picture as it is, turned and transposed, and gives the middle of the three results: damage looks
 * damaged from every side; what one look takes for damage in a sound photo (masts, wires, window bars) the others mostly do not.
 */
export function fromAllSides(network: Network): Network {
  return {
    card: network.card,
    async run(pixels, width, height) {
      const first = Uint8Array.from(await network.run(pixels, width, height));
      if (!first.some((value, i) => Math.abs(value - (pixels[i] as number)) > SMALL)) return first;
      const look = async (view: View) => {
        const [w, h] = view === 'transposed' ? [height, width] : [width, height];
        return seen((await network.run(seen(pixels, width, height, view), w, h)) as Uint8Array, w, h, view);
      };
      return middle([first, await look('turned'), await look('transposed')]);
    },
  };
}
