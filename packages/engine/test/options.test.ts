import { expect, it } from 'vitest';
import { PhotoError } from '../src/errors.ts';
import { checkOptions, type Options, targetSize } from '../src/options.ts';

const reason = (options: unknown) => {
  try {
    checkOptions(options as Options);
    return undefined;
  } catch (error) {
    return error instanceof PhotoError ? error.reason : error;
  }
};

it('enlarges twice unless told otherwise, never above 6000 px on the longer side and never below the photo', () => {
  expect(targetSize(1024, 788, {})).toEqual([2048, 1576]);
  expect(targetSize(4000, 3000, {})).toEqual([6000, 4500]);
  expect(targetSize(3000, 4000, { scale: 4 })).toEqual([4500, 6000]);
  expect(targetSize(7000, 100, {})).toEqual([7000, 100]);
  expect(targetSize(9000, 9000, { scale: 4 })).toEqual([9000, 9000]);
});

it('takes scale 1, 2 and 4', () => {
  expect(targetSize(600, 400, { scale: 1 })).toEqual([600, 400]);
  expect(targetSize(600, 400, { scale: 2 })).toEqual([1200, 800]);
  expect(targetSize(600, 400, { scale: 4 })).toEqual([2400, 1600]);
});

it('takes longEdge as the size of the result, up to four times the photo, and as a limit beside scale', () => {
  expect(targetSize(1000, 500, { longEdge: 3000 })).toEqual([3000, 1500]);
  expect(targetSize(1000, 500, { longEdge: 5000 })).toEqual([4000, 2000]);
  expect(targetSize(1000, 500, { longEdge: 300 })).toEqual([1000, 500]);
  expect(targetSize(1000, 500, { scale: 4, longEdge: 1600 })).toEqual([1600, 800]);
  expect(targetSize(1000, 500, { scale: 2, longEdge: 6000 })).toEqual([2000, 1000]);
});

it('refuses options outside their ranges, saying what it expected', () => {
  for (const options of [
    { scale: 3 },
    { longEdge: 6001 },
    { longEdge: 99.5 },
    { quality: 0 },
    { quality: Number.NaN },
    { strength: { repair: 1.1 } },
    { strength: { sr: -0.1 } },
    { texture: 1.1 },
    { texture: Number.NaN },
    { rotate: 45 },
    { straighten: 46 },
    { crop: { left: 0.5, top: 0, width: 0.6, height: 1 } },
    { crop: { left: 0, top: 0, width: 0, height: 1 } },
    { paper: [1181, 0] },
    { format: 'bmp' },
    { rgb: [1, 2] },
    { rgb: [1, 2, 256] },
    { colours: [{ x: -0.1, y: 0, colour: '#123456' }] },
    { colours: [{ x: 0, y: Number.NaN, colour: '#123456' }] },
    { colours: [{ x: 0, y: 0, colour: 'green' }] },
    { colours: Array(25).fill({ x: 0.5, y: 0.5, colour: '#123456' }) },
  ])
    expect(reason(options)).toBe('bad_option');
  expect(
    reason({
      scale: 4,
      longEdge: 6000,
      quality: 100,
      strength: { colour: 0 },
      texture: 1,
      format: 'avif',
      rgb: [0, 128, 255],
    }),
  ).toBeUndefined();
  expect(reason({ colours: Array(24).fill({ x: 0, y: 1, colour: '#12aBfF' }) })).toBeUndefined();
  expect(() => checkOptions({ quality: 101 })).toThrow(
    'expected a whole number from 1 to 100 for quality but received 101',
  );
  expect(() => checkOptions({ colours: [{ x: 0.5, y: 1.2, colour: '#123456' }] })).toThrow(
    'expected a number from 0 to 1 for colours[0].y but received 1.2',
  );
});
