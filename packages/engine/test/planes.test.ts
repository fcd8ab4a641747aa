import { expect, it } from 'vitest';
import { withPlanes } from '../src/planes.ts';

const rgb = (width: number, height: number) => Uint8Array.from({ length: 3 * width * height }, (_, i) => i % 251);
/** A tile at x, y with noise for an enlargement by `scale`. */
const tile = (x: number, y: number, width: number, height: number, scale: number, texture = 1) =>
  withPlanes(rgb(width, height), { strength: 77, texture }, { channels: 4 + scale ** 2, scale }, { x, y, width });
/** The noise of a tile as a picture at the size of the enlargement, by the order of a pixel shuffle. */
function shuffled(planes: Uint8Array, width: number, height: number, scale: number): number[] {
  const channels = 4 + scale ** 2;
  return Array.from({ length: width * height * scale ** 2 }, (_, i) => {
    const [x, y] = [i % (width * scale), Math.floor(i / (width * scale))];
    const pixel = Math.floor(y / scale) * width + Math.floor(x / scale);
    return planes[channels * pixel + 4 + (y % scale) * scale + (x % scale)] as number;
  });
}

it('keeps the picture and the strength, and adds noise of the deviation that was asked for around the middle', () => {
  for (const [texture, expected] of [
    [1, 32],
    [0.25, 8],
    [0, 0],
  ] as const) {
    const planes = tile(-3, 5, 64, 64, 4, texture);
    expect([...planes.subarray(20, 24)]).toEqual([...rgb(64, 64).subarray(3, 6), 77]);
    const noise = shuffled(planes, 64, 64, 4);
    const mean = noise.reduce((sum, v) => sum + v, 0) / noise.length;
    const deviation = Math.sqrt(noise.reduce((sum, v) => sum + (v - mean) ** 2, 0) / noise.length);
    expect(Math.abs(mean - 128)).toBeLessThan(0.5);
    expect(Math.abs(deviation - expected)).toBeLessThan(0.5);
    // Four deviations at most: no byte has run over.
    expect(Math.max(...noise.map((v) => Math.abs(v - 128)))).toBeLessThan(3.6 * expected + 1);
  }
});

it('puts noise where it belongs in the enlargement, so that tiles agree, at the left of the photo too', () => {
  for (const scale of [2, 4]) {
    const whole = shuffled(tile(-8, -4, 40, 20, scale), 40, 20, scale);
    // The same places one by one, as an enlargement by 1 has them.
    const single = shuffled(tile(-8 * scale, -4 * scale, 40 * scale, 20 * scale, 1), 40 * scale, 20 * scale, 1);
    expect(whole).toEqual(single);
    const part = shuffled(tile(2, 3, 10, 5, scale), 10, 5, scale);
    const row = (noise: number[], width: number, x: number, y: number) =>
      noise.slice(y * width + x, y * width + x + 10 * scale);
    for (let y = 0; y < 5 * scale; y++)
      expect(row(part, 10 * scale, 0, y)).toEqual(row(whole, 40 * scale, 10 * scale, 7 * scale + y));
  }
});
