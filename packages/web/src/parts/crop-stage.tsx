import { type CSSProperties, type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { type Edit, quarterMatrix, type Size, turnedSize } from '../edit.ts';
import { percent } from '../format.ts';
import { dragged, type Frame, frameOf, type Grip } from '../frame.ts';
import { useSpeech } from '../language.ts';
import { CropPicture, viewOf } from './crop-picture.tsx';

interface CropStageProps {
  readonly source: string;
  /** Pixels of the upright picture. */
  readonly size: Size;
  readonly edit: Edit;
  /** Width by height that the frame keeps. */
  readonly ratio: number | undefined;
  /** Draws many lines instead of thirds, to see what is level. */
  readonly fine: boolean;
  readonly onFrame: (frame: Frame) => void;
}

const EDGES = { left: [-1, 0], right: [1, 0], top: [0, -1], bottom: [0, 1] } as const;
const CORNERS = [
  [-1, -1],
  [1, -1],
  [-1, 1],
  [1, 1],
] as const;
const BAR =
  'absolute -translate-1/2 rounded-full bg-white shadow-[0_0_4px_rgb(0_0_0/0.6)] group-data-held:bg-[#9ad3bc]';
/** Pixels that a finger trembles. */
const STILL = 5;

const gripOf = (text: string): Grip => {
  const [x, y] = text.split(',').map(Number);
  return { x, y } as Grip;
};

/**
 * The picture with the frame that is cut out. Edges and corners are dragged; or one is tapped, and then the place where it shall go. By
 * keyboard each edge is a slider, and the frame itself moves by the arrow keys.
 */
export function CropStage({ source, size, edit, ratio, fine, onFrame }: CropStageProps) {
  const { t, language } = useSpeech();
  const drag = useRef<{ grip: string; frame: Frame; x: number; y: number; moved: boolean }>(undefined);
  const [held, setHeld] = useState<string>();
  const [said, setSaid] = useState('');
  const turned = turnedSize(size, edit);
  const straighten = edit.straighten ?? 0;
  const frame = frameOf(turned, edit);
  const view = viewOf(turned, straighten);
  const share = {
    left: frame.left / view.width + 0.5,
    right: frame.right / view.width + 0.5,
    top: frame.top / view.height + 0.5,
    bottom: frame.bottom / view.height + 0.5,
  };
  const style = {
    '--shape': turned.width / turned.height,
    '--left': `${100 * share.left}%`,
    '--right': `${100 * share.right}%`,
    '--top': `${100 * share.top}%`,
    '--bottom': `${100 * share.bottom}%`,
  } as CSSProperties;

  const move = (from: Frame, grip: string, way: readonly [number, number]) =>
    onFrame(dragged(turned, straighten, from, gripOf(grip), way, ratio));

  function onPointerDown(event: PointerEvent<HTMLElement>) {
    const grip = (event.target as Element).closest<HTMLElement>('[data-grip]')?.dataset.grip ?? '';
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { grip, frame, x: event.clientX, y: event.clientY, moved: false };
  }

  function onPointerMove({ clientX, clientY, currentTarget }: PointerEvent<HTMLElement>) {
    const now = drag.current;
    if (!now?.grip) return;
    const [dx, dy] = [clientX - now.x, clientY - now.y];
    if (!now.moved && Math.hypot(dx, dy) < STILL) return;
    now.moved = true;
    setHeld(undefined);
    const scale = view.width / currentTarget.getBoundingClientRect().width;
    move(now.frame, now.grip, [dx * scale, dy * scale]);
  }

  function onPointerUp({ clientX, clientY, currentTarget }: PointerEvent<HTMLElement>) {
    const now = drag.current;
    drag.current = undefined;
    if (!now || now.moved) return;
    if (now.grip && now.grip !== '0,0') return setHeld(now.grip === held ? undefined : now.grip);
    if (!held) return;
    const box = currentTarget.getBoundingClientRect();
    const { x, y } = gripOf(held);
    const u = ((clientX - box.left) / box.width - 0.5) * view.width;
    const v = ((clientY - box.top) / box.height - 0.5) * view.height;
    move(frame, held, [u - (x < 0 ? frame.left : frame.right), v - (y < 0 ? frame.top : frame.bottom)]);
    setHeld(undefined);
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const grip = event.currentTarget.dataset.grip ?? '';
    const step = event.shiftKey ? 0.05 : 0.01;
    const ways: Record<string, readonly [number, number]> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
      PageUp: gripOf(grip).x === 0 ? [0, -0.1] : [0.1, 0],
      PageDown: gripOf(grip).x === 0 ? [0, 0.1] : [-0.1, 0],
    };
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    const next = dragged(turned, straighten, frame, gripOf(grip), [way[0] * view.width, way[1] * view.height], ratio);
    onFrame(next);
    // A slider says its value by itself; the frame does not.
    if (grip === '0,0')
      setSaid(
        `${t('edit.edges.left')} ${percent(language, next.left / view.width + 0.5)}, ${t('edit.edges.top')} ${percent(language, next.top / view.height + 0.5)}`,
      );
  }

  return (
    <fieldset
      aria-label={t('edit.frame')}
      style={style}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        drag.current = undefined;
      }}
      className="relative m-auto min-w-0 aspect-(--shape) w-[min(100cqw,calc(100cqh*var(--shape)))] touch-none select-none"
    >
      <CropPicture source={source} matrix={quarterMatrix(size, edit)} {...{ size, turned, straighten, frame, fine }} />
      <button
        type="button"
        data-grip="0,0"
        onKeyDown={onKeyDown}
        aria-label={t('edit.move')}
        className="absolute top-(--top) right-[calc(100%-var(--right))] bottom-[calc(100%-var(--bottom))] left-(--left) cursor-move! -outline-offset-3"
      />
      {(Object.keys(EDGES) as (keyof typeof EDGES)[]).map((edge) => {
        const [x, y] = EDGES[edge];
        const grip = `${x},${y}`;
        return (
          <div
            key={edge}
            role="slider"
            tabIndex={0}
            data-grip={grip}
            data-held={held === grip || undefined}
            onKeyDown={onKeyDown}
            aria-label={t(`edit.edges.${edge}`)}
            aria-orientation={x === 0 ? 'vertical' : 'horizontal'}
            aria-valuemin={0}
            aria-valuemax={100}
            // Up is more on an upright slider, and down the picture is more here.
            aria-valuenow={Math.round(100 * (x === 0 ? 1 - share[edge] : share[edge]))}
            aria-valuetext={percent(language, share[edge])}
            className={`group absolute size-11 ${PLACES[edge]} ${ASIDE[`x${x}`]} ${ASIDE[`y${y}`]}`}
          >
            <span className={`${BAR} ${ON[`x${x}`]} ${ON[`y${y}`]} ${x === 0 ? 'h-1.5 w-8' : 'h-8 w-1.5'}`} />
          </div>
        );
      })}
      {CORNERS.map(([x, y]) => (
        <span
          key={`${x},${y}`}
          aria-hidden="true"
          data-grip={`${x},${y}`}
          data-held={held === `${x},${y}` || undefined}
          className={`group absolute size-12 ${PLACES[`${x},${y}`]} ${ASIDE[`x${x}`]} ${ASIDE[`y${y}`]}`}
        >
          <span className={`${BAR} size-5 ${ON[`x${x}`]} ${ON[`y${y}`]}`} />
        </span>
      ))}
      <p role="status" className="sr-only">
        {said}
      </p>
    </fieldset>
  );
}

const PLACES = {
  left: 'left-(--left) top-[calc((var(--top)+var(--bottom))/2)] cursor-ew-resize',
  right: 'left-(--right) top-[calc((var(--top)+var(--bottom))/2)] cursor-ew-resize',
  top: 'top-(--top) left-[calc((var(--left)+var(--right))/2)] cursor-ns-resize',
  bottom: 'top-(--bottom) left-[calc((var(--left)+var(--right))/2)] cursor-ns-resize',
  '-1,-1': 'left-(--left) top-(--top) cursor-nwse-resize',
  '1,-1': 'left-(--right) top-(--top) cursor-nesw-resize',
  '-1,1': 'left-(--left) top-(--bottom) cursor-nesw-resize',
  '1,1': 'left-(--right) top-(--bottom) cursor-nwse-resize',
} as const;

/** What a finger meets lies more outside of the frame than inside, so that a small frame can still be moved. */
const ASIDE = {
  'x-1': '-translate-x-3/4',
  x0: '-translate-x-1/2',
  x1: '-translate-x-1/4',
  'y-1': '-translate-y-3/4',
  y0: '-translate-y-1/2',
  y1: '-translate-y-1/4',
} as const;
/** What the eye meets lies on the frame. */
const ON = {
  'x-1': 'left-3/4',
  x0: 'left-1/2',
  x1: 'left-1/4',
  'y-1': 'top-3/4',
  y0: 'top-1/2',
  y1: 'top-1/4',
} as const;
