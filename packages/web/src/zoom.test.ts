import { expect, it } from 'vitest';
import { fit, move, zoomTo } from './zoom.ts';

const STAGE = { width: 1000, height: 800 };
const PHOTO = { width: 4000, height: 2000 };

it('fits the whole picture into the stage, centred, and never blows a small one up', () => {
  expect(fit(STAGE, PHOTO, 1)).toEqual({ scale: 0.25, x: 0, y: 150 });
  expect(fit(STAGE, { width: 100, height: 80 }, 1)).toEqual({ scale: 1, x: 450, y: 360 });
  // On a screen with two pixels a CSS pixel, 100 % is half as large.
  expect(fit(STAGE, { width: 100, height: 80 }, 0.5).scale).toBe(0.5);
});

it('keeps the spot under the pointer where it is while zooming', () => {
  const whole = fit(STAGE, PHOTO, 1);
  const point = { x: 400, y: 400 };
  const close = zoomTo(whole, 1, point, STAGE, PHOTO, 1);
  const spot = (view: typeof whole) => [(point.x - view.x) / view.scale, (point.y - view.y) / view.scale];
  expect(close.scale).toBe(1);
  expect(spot(close)).toEqual(spot(whole));
});

it('zooms neither out beyond the whole picture nor in beyond eight screen pixels a pixel', () => {
  const whole = fit(STAGE, PHOTO, 1);
  const at = { x: 0, y: 0 };
  expect(zoomTo(whole, 0.01, at, STAGE, PHOTO, 1)).toEqual(whole);
  expect(zoomTo(whole, 1000, at, STAGE, PHOTO, 1).scale).toBe(8);
});

it('shows no gap beside a picture that is larger than the stage, however far it is moved', () => {
  const close = zoomTo(fit(STAGE, PHOTO, 1), 1, { x: 500, y: 400 }, STAGE, PHOTO, 1);
  expect(move(close, 9999, 9999, STAGE, PHOTO)).toEqual({ scale: 1, x: 0, y: 0 });
  expect(move(close, -9999, -9999, STAGE, PHOTO)).toEqual({ scale: 1, x: -3000, y: -1200 });
});
