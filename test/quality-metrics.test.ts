import { expect, it } from 'vitest';
import { auc, ciede2000, colourfulness, hueAndChroma, lab } from '../bench/eval/colour-metrics.ts';
import { detailGap, f1, gmsd, haarPsi, mad, msSsim, psnrY, ssim } from '../bench/eval/metrics.ts';
import { enlarged, type Picture } from '../bench/eval/pixels.ts';

const [WIDTH, HEIGHT] = [208, 192];

/** A drawn texture; the expected figures below come from an independent numpy and scipy computation on the same pixels. */
function drawn(value: (x: number, y: number, c: number) => number): Picture {
  const data = new Uint8Array(3 * WIDTH * HEIGHT);
  for (let at = 0; at < data.length; at++) {
    const i = Math.floor(at / 3);
    data[at] = Math.floor(Math.min(255, Math.max(0, value(i % WIDTH, Math.floor(i / WIDTH), at % 3))) + 0.5);
  }
  return { width: WIDTH, height: HEIGHT, data };
}
const texture = (x: number, y: number, c: number) => 128 + 60 * Math.sin(x / 5 + c) + 40 * Math.cos(y / 7 + x / 11);
const clean = drawn(texture);
const worse = drawn((x, y, c) => texture(x, y, c) * 0.9 + 10 + (((x * 31 + y * 17) % 13) - 6) * 2);

it('says 255 squared over the mean square for PSNR: a luma that is off by one byte everywhere is 49.45 dB', () => {
  const [a, b] = [drawn(() => 100), drawn(() => 101)];
  // One byte in all channels is (65.481 + 128.553 + 24.966) / 255 of luma.
  expect(psnrY(a, b)).toBeCloseTo(20 * Math.log10(255 / (219 / 255)), 6);
});

it('agrees with an independent computation of PSNR, SSIM, multi-scale SSIM, GMSD and HaarPSI', () => {
  expect(psnrY(worse, clean)).toBeCloseTo(30.162, 3);
  expect(ssim(worse, clean)).toBeCloseTo(0.83415, 4);
  expect(msSsim(worse, clean)).toBeCloseTo(0.98479, 4);
  expect(gmsd(worse, clean)).toBeCloseTo(0.008716, 4);
  expect(haarPsi(worse, clean)).toBeCloseTo(0.95336, 3);
});

it('gives equal pictures the best figure of every metric', () => {
  expect([ssim(clean, clean), msSsim(clean, clean), gmsd(clean, clean)]).toEqual([1, 1, 0]);
  expect(haarPsi(clean, clean)).toBeCloseTo(1, 6);
});

it("gives CIEDE2000 the values of Sharma's table", () => {
  const table = [
    [50, 2.6772, -79.7751, 50, 0, -82.7485, 2.0425],
    [50, 3.1571, -77.2803, 50, 0, -82.7485, 2.8615],
    [50, -1.3802, -84.2814, 50, 0, -82.7485, 1.0],
    [50, 0, 0, 50, -1, 2, 2.3669],
    [50, 2.49, -0.001, 50, -2.49, 0.0009, 7.1792],
    [50, -0.001, 2.49, 50, 0.0009, -2.49, 4.8045],
    [50, 2.5, 0, 50, 0, -2.5, 4.3065],
    [50, 2.5, 0, 73, 25, -18, 27.1492],
    [50, 2.5, 0, 58, 24, 15, 19.4535],
    [60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644],
    [22.7233, 20.0904, -46.694, 23.0331, 14.973, -42.5619, 2.0373],
    [2.0776, 0.0795, -1.135, 0.9033, -0.0636, -0.5514, 0.9082],
  ];
  for (const [l1, a1, b1, l2, a2, b2, expected] of table as [number, number, number, number, number, number, number][])
    expect(ciede2000([l1, a1, b1], [l2, a2, b2])).toBeCloseTo(expected, 4);
});

it('puts white, mid grey and the sRGB primaries where CIE Lab has them', () => {
  const near = (got: readonly number[], expected: readonly number[]) =>
    expect(Math.max(...got.map((v, i) => Math.abs(v - expected[i]!)))).toBeLessThan(0.05);
  near(lab(255, 255, 255), [100, 0, 0]);
  near(lab(119, 119, 119), [50.03, 0, 0]);
  near(lab(255, 0, 0), [53.24, 80.09, 67.2]);
  near(lab(0, 0, 255), [32.3, 79.19, -107.86]);
});

it('computes colourfulness by hand: two flat halves, red and grey', () => {
  const halves = drawn((x, _, c) => (x < WIDTH / 2 && c > 0 ? 0 : 100));
  // Red: rg 100, yb 50. Grey: both 0. Deviations 50 and 25, means 50 and 25.
  expect(colourfulness(halves)).toBeCloseTo(Math.hypot(50, 25) + 0.3 * Math.hypot(50, 25), 6);
});

it('computes the area under the error curve by hand: all errors at 75 leave 76 of 151 thresholds passed', () => {
  const errors = new Float64Array(152);
  errors[75] = 3;
  expect(auc(errors)).toBeCloseTo((100 * 76) / 151, 9);
  errors[151] = 3;
  expect(auc(errors)).toBeCloseTo((50 * 76) / 151, 9);
});

it('computes the gap of detail by hand: stripes half as strong, and the same ones elsewhere', () => {
  // A pixel differs from both neighbours in its row by 2 d bytes of luma: its Laplacian is 4 d.
  const stripes = (d: number, shift = 0) => drawn((x) => 128 + ((x + shift) % 2 ? d : -d));
  const luma = 219 / 255;
  const expected = Math.log2((4 * 20 * luma + 2) / (4 * 10 * luma + 2));
  expect(detailGap(stripes(10), stripes(20))).toBeCloseTo(expected, 6);
  expect(detailGap(stripes(20), stripes(10))).toBeCloseTo(expected, 6);
  expect(detailGap(stripes(20, 1), stripes(20))).toBeCloseTo(0, 9);
});

it('computes matte difference, mask F1 and hue by hand', () => {
  expect(mad([0, 0.5, 1], [0.3, 0.5, 0.4])).toBeCloseTo(0.3, 9);
  // Two hits, one too many, one missed.
  expect(f1([1, 1, 1, 0, 0], [1, 1, 0, 1, 0])).toBeCloseTo(4 / 6, 9);
  expect(hueAndChroma(0, -5)).toEqual([270, 5]);
});

it('enlarges a ramp without shifting it', () => {
  const big = enlarged(
    drawn((x) => x),
    4,
    'Lanczos3',
  );
  for (const x of [100, 301, 555, 702])
    expect(Math.abs(big.data[3 * (40 * big.width + x)]! - ((x + 0.5) / 4 - 0.5))).toBeLessThan(0.51);
});
