import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { fit, fitScale, move, type Point, type Size, type View, zoomTo } from './zoom.ts';

/** Pixels that an arrow key moves the picture by, and the factor of one press of + or -. */
const STEP_PX = 80;
const STEP_FACTOR = 1.4;
/** An arrow moves the window over the picture, so the picture goes the other way. */
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

export interface Zoom {
  readonly view: View | undefined;
  /** The scale as a share of one picture pixel on one pixel of the screen: 1 is 100 %. */
  readonly share: number;
  in(): void;
  out(): void;
  fit(): void;
  actual(): void;
  onKeyDown(event: KeyboardEvent): void;
}

const middle = ({ width, height }: Size): Point => ({ x: width / 2, y: height / 2 });

/** Zoom and pan of a picture in a stage by mouse, wheel, touch, pen and keyboard. */
export function useZoom(stageRef: RefObject<HTMLElement | null>, picture: Size): Zoom {
  const [view, setView] = useState<View>();
  const size = useRef<Size>({ width: 1, height: 1 });
  const actual = 1 / (globalThis.devicePixelRatio || 1);
  const { width, height } = picture;

  useLayoutEffect(() => {
    const stage = stageRef.current;
    if (!stage) return;
    const shape = { width, height };
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const before = size.current;
      size.current = entry.contentRect;
      setView((old) => {
        const whole = !old || old.scale <= fitScale(before, shape, actual) * 1.001;
        return whole ? fit(size.current, shape, actual) : move(old, 0, 0, size.current, shape);
      });
    });
    observer.observe(stage);
    return () => observer.disconnect();
  }, [stageRef, width, height, actual]);

  useEffect(() => {
    const stage = stageRef.current;
    if (!stage) return;
    return listen(stage, (change) => setView((old) => old && change(old, size.current, { width, height }, actual)));
  }, [stageRef, width, height, actual]);

  const to = (scale: (old: View) => number) =>
    setView((old) => old && zoomTo(old, scale(old), middle(size.current), size.current, picture, actual));
  const zoom = {
    in: () => to((old) => old.scale * STEP_FACTOR),
    out: () => to((old) => old.scale / STEP_FACTOR),
    fit: () => setView(fit(size.current, picture, actual)),
    actual: () => to(() => actual),
  };
  const pan = (dx: number, dy: number) => setView((old) => old && move(old, dx, dy, size.current, picture));
  const keys: Readonly<Record<string, () => void>> = {
    '+': zoom.in,
    '=': zoom.in,
    '-': zoom.out,
    0: zoom.fit,
    1: zoom.actual,
  };
  return {
    ...zoom,
    view,
    share: view ? view.scale / actual : 1,
    onKeyDown(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const arrow = ARROWS[event.key];
      const act = arrow ? () => pan(arrow[0] * STEP_PX, arrow[1] * STEP_PX) : keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    },
  };
}

type Change = (view: View, stage: Size, picture: Size, actual: number) => View;

/** Turns pointers and wheel on a stage into changes of the view: one finger moves, two zoom, a double click goes to 100 % and back. */
function listen(stage: HTMLElement, apply: (change: Change) => void): () => void {
  const pointers = new Map<number, Point>();
  const at = (event: { clientX: number; clientY: number }): Point => {
    const { left, top } = stage.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  function down(event: PointerEvent) {
    if (event.button !== 0 || event.target instanceof HTMLInputElement) return;
    stage.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, at(event));
  }
  function moved(event: PointerEvent) {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    pointers.set(event.pointerId, now);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) return apply((view, size, picture) => move(view, now.x - before.x, now.y - before.y, size, picture));
    const spread = (point: Point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
    const centre = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    apply((view, size, picture, actual) =>
      zoomTo(
        move(view, (now.x - before.x) / 2, (now.y - before.y) / 2, size, picture),
        (view.scale * spread(now)) / spread(before),
        centre,
        size,
        picture,
        actual,
      ),
    );
  }
  const up = (event: PointerEvent) => pointers.delete(event.pointerId);
  function wheel(event: WheelEvent) {
    event.preventDefault();
    const factor = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.002));
    const point = at(event);
    apply((view, size, picture, actual) => zoomTo(view, view.scale * factor, point, size, picture, actual));
  }
  function double(event: MouseEvent) {
    if (event.target instanceof HTMLInputElement) return;
    const point = at(event);
    apply((view, size, picture, actual) => {
      const whole = view.scale <= fitScale(size, picture, actual) * 1.001;
      return whole ? zoomTo(view, actual, point, size, picture, actual) : fit(size, picture, actual);
    });
  }
  stage.addEventListener('pointerdown', down);
  stage.addEventListener('pointermove', moved);
  stage.addEventListener('pointerup', up);
  stage.addEventListener('pointercancel', up);
  stage.addEventListener('wheel', wheel, { passive: false });
  stage.addEventListener('dblclick', double);
  return () => {
    stage.removeEventListener('pointerdown', down);
    stage.removeEventListener('pointermove', moved);
    stage.removeEventListener('pointerup', up);
    stage.removeEventListener('pointercancel', up);
    stage.removeEventListener('wheel', wheel);
    stage.removeEventListener('dblclick', double);
  };
}
