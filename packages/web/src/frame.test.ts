import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Edit, editedSize } from './edit.ts';
import { cropOf, dragged, type Frame, frameOf, reshaped } from './frame.ts';

const size = { width: 12_000, height: 8000 };
const share = (least: number, most: number) => fc.double({ min: least, max: most, noNaN: true });
const anyCrop = fc.record({ left: share(0, 0.6), top: share(0, 0.6), width: share(0.1, 0.4), height: share(0.1, 0.4) });
const anyAngle = share(-45, 45);
const anyGrip = fc.record({ x: fc.constantFrom(-1, 0, 1), y: fc.constantFrom(-1, 0, 1) } as const);
const anyWay = fc.tuple(share(-20_000, 20_000), share(-20_000, 20_000));
const sides = ({ left, right, top, bottom }: Frame) => [right - left, bottom - top] as const;

/** The engine rounds to whole pixels; on the screen the frame is as large as what it cuts out to a thousandth of the picture. */
function expectCut(frame: Frame, straighten: number) {
  const edit: Edit = { straighten, crop: cropOf(size, frame, straighten) };
  const { width, height } = editedSize(size, edit);
  const [w, h] = sides(frame);
  expect(Math.abs(width - w) / size.width).toBeLessThan(0.001);
  expect(Math.abs(height - h) / size.height).toBeLessThan(0.001);
}

it('shows the frame that the engine cuts out, wherever it is dragged', () => {
  fc.assert(
    fc.property(anyCrop, anyAngle, anyGrip, anyWay, (crop, straighten, grip, way) => {
      const frame = frameOf(size, { crop, straighten });
      expectCut(frame, straighten);
      expectCut(dragged(size, straighten, frame, grip, way), straighten);
    }),
  );
});

it('finds the same frame again in the crop that it has become', () => {
  fc.assert(
    fc.property(anyCrop, anyAngle, (crop, straighten) => {
      const frame = frameOf(size, { crop, straighten });
      const again = frameOf(size, { straighten, crop: cropOf(size, frame, straighten) });
      for (const edge of ['left', 'top', 'right', 'bottom'] as const)
        expect(Math.abs(again[edge] - frame[edge])).toBeLessThan(1);
    }),
  );
});

it('keeps a shape that was chosen while edges are dragged', () => {
  fc.assert(
    fc.property(anyCrop, anyAngle, anyGrip, anyWay, share(0.5, 2), (crop, straighten, grip, way, ratio) => {
      const frame = reshaped(size, straighten, frameOf(size, { crop, straighten }), ratio);
      const [w, h] = sides(dragged(size, straighten, frame, grip, way, ratio));
      expect(w / h).toBeCloseTo(ratio, 3);
    }),
  );
});

it('stops at the edge of the picture, and glides along it', () => {
  const frame = frameOf(size, { crop: { left: 0.25, top: 0.25, width: 0.5, height: 0.5 } });
  const rounded = (moved: Frame) =>
    Object.fromEntries(Object.entries(moved).map(([edge, at]) => [edge, Math.round(at)]));
  expect(rounded(dragged(size, 0, frame, { x: 0, y: 0 }, [50_000, 1000]))).toMatchObject({ right: 6000, top: -1000 });
  expect(rounded(dragged(size, 0, frame, { x: -1, y: 0 }, [-50_000, 1000]))).toMatchObject({ left: -6000, top: -2000 });
});

it('takes the largest frame of a shape out of the whole picture', () => {
  const [w, h] = sides(reshaped(size, 0, frameOf(size, {}), 1));
  expect([Math.round(w), Math.round(h)]).toEqual([8000, 8000]);
});

it('calls a frame around everything no crop', () => {
  expect(cropOf(size, frameOf(size, {}), 0)).toBeUndefined();
});
