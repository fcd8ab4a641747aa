import { createHash } from 'node:crypto';

export type Random = ReturnType<typeof random>;

/** Random numbers that a text decides: the same on every machine (sfc32, seeded by sha256). */
export function random(seed: string) {
  const bytes = createHash('sha256').update(seed).digest();
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at)) as [number, number, number, number];
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 2 ** 32;
  };
  const uniform = (low: number, high: number) => low + (high - low) * next();
  return {
    chance: (p: number) => next() < p,
    uniform,
    whole: (low: number, high: number) => Math.floor(uniform(low, high + 1)),
    logUniform: (low: number, high: number) => Math.exp(uniform(Math.log(low), Math.log(high))),
    /** Normal, by Box and Muller. */
    normal: (sigma = 1) => sigma * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}
