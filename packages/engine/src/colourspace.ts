/** CIE Lab (D65) from and to 8-bit sRGB (IEC 61966-2-1). Tables make it fast enough for 24 megapixels in plain JavaScript. */

const LINEAR = Float32Array.from({ length: 256 }, (_, i) => {
  const v = i / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
});
const STEPS = 4096;
const ENCODED = Uint8Array.from({ length: STEPS + 1 }, (_, i) => {
  const v = i / STEPS;
  return Math.round(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055));
});
const ROOT = Float32Array.from({ length: STEPS + 1 }, (_, i) => {
  const v = i / STEPS;
  return v > 0.008856 ? Math.cbrt(v) : 7.787 * v + 16 / 116;
});
const root = (v: number) => ROOT[Math.min(STEPS, Math.round(v * STEPS))] as number;
const cube = (f: number) => (f > 0.206893 ? f * f * f : (f - 16 / 116) / 7.787);
const encoded = (v: number) => ENCODED[v <= 0 ? 0 : v >= 1 ? STEPS : Math.round(v * STEPS)] as number;

/** Lab L of one pixel, 0 to 100. */
export function lightness(r: number, g: number, b: number): number {
  const y = 0.2126729 * (LINEAR[r] as number) + 0.7151522 * (LINEAR[g] as number) + 0.072175 * (LINEAR[b] as number);
  return 116 * (y < 0.02 ? (y > 0.008856 ? Math.cbrt(y) : 7.787 * y + 16 / 116) : root(y)) - 16;
}

/** Lab a and b of one pixel. */
export function chroma(r: number, g: number, b: number): readonly [number, number] {
  const [lr, lg, lb] = [LINEAR[r] as number, LINEAR[g] as number, LINEAR[b] as number];
  const fx = root((0.4124564 * lr + 0.3575761 * lg + 0.1804375 * lb) / 0.95047);
  const fy = root(0.2126729 * lr + 0.7151522 * lg + 0.072175 * lb);
  const fz = root((0.0193339 * lr + 0.119192 * lg + 0.9503041 * lb) / 1.08883);
  return [500 * (fx - fy), 200 * (fy - fz)];
}

/** Writes the sRGB bytes of a Lab colour at `out[at]`, clipped to what sRGB holds. */
export function putLab(L: number, a: number, b: number, out: Uint8Array, at: number): void {
  const fy = (L + 16) / 116;
  const x = 0.95047 * cube(fy + a / 500);
  const y = cube(fy);
  const z = 1.08883 * cube(fy - b / 200);
  out[at] = encoded(3.2404542 * x - 1.5371385 * y - 0.4985314 * z);
  out[at + 1] = encoded(-0.969266 * x + 1.8760108 * y + 0.041556 * z);
  out[at + 2] = encoded(0.0556434 * x - 0.2040259 * y + 1.0572252 * z);
}
