import { expect, it } from 'vitest';
import { squareAround } from './face-crop.ts';

const picture = { width: 2000, height: 1000 };
const pixels = ({ left, top, width, height }: ReturnType<typeof squareAround>) =>
  [left * 2000, top * 1000, width * 2000, height * 1000].map((value) => Math.round(value * 1000) / 1000);

it('shows a square around a face, by more than half of its longer side wider than the face', () => {
  // 100 x 200 px, its middle at 1050, 500.
  expect(pixels(squareAround({ left: 0.5, top: 0.4, width: 0.05, height: 0.2 }, picture))).toEqual([
    890, 340, 320, 320,
  ]);
});

it('moves the square into the picture beside a face at its edge', () => {
  expect(pixels(squareAround({ left: 0, top: 0, width: 0.05, height: 0.2 }, picture))).toEqual([0, 0, 320, 320]);
  expect(pixels(squareAround({ left: 0.95, top: 0.8, width: 0.05, height: 0.2 }, picture))).toEqual([
    1680, 680, 320, 320,
  ]);
});

it('is as large as the picture lets it be around a face that fills it', () => {
  expect(pixels(squareAround({ left: 0.3, top: 0.05, width: 0.4, height: 0.9 }, picture))).toEqual([
    500, 0, 1000, 1000,
  ]);
});
