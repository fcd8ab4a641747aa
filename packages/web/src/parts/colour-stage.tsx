import { MOST_COLOURS, type ResultView } from '@hili/contract';
import { type CSSProperties, type KeyboardEvent, type MouseEvent, type PointerEvent, useRef, useState } from 'react';
import { percent } from '../format.ts';
import { useSpeech } from '../language.ts';
import { hasRoom, type Mark, marked, moved, without } from '../marks.ts';
import { swatchOf } from '../swatches.ts';

interface ColourStageProps {
  readonly result: ResultView;
  readonly marks: readonly Mark[];
  /** The key of the mark whose colour is being chosen. */
  readonly chosen: number | undefined;
  readonly onChange: (marks: readonly Mark[], chosen: number | undefined) => void;
}

/** Pixels that a finger trembles. */
const STILL = 5;

const WAYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The result with the places that are marked on it. A tap marks one more; marks are dragged, or moved by the arrow keys. */
export function ColourStage({ result, marks, chosen, onChange }: ColourStageProps) {
  const { t, language } = useSpeech();
  const frame = useRef<HTMLFieldSetElement>(null);
  const drag = useRef<{ x: number; y: number; far: boolean }>(undefined);
  const [said, setSaid] = useState('');
  const style = { '--shape': result.width / result.height } as CSSProperties;
  const shares = (x: number, y: number) => {
    const { width, height } = frame.current!.getBoundingClientRect();
    return [x / width, y / height] as const;
  };

  function mark({ clientX, clientY, detail }: MouseEvent) {
    if (!hasRoom(marks)) return setSaid(t('colours.full', { count: MOST_COLOURS }));
    const { left, top } = frame.current!.getBoundingClientRect();
    // Pressed by a key it was not pointed at: the arrow keys move it from the middle.
    const [x, y] = detail === 0 ? [0.5, 0.5] : shares(clientX - left, clientY - top);
    const next = marked(marks, x, y);
    onChange(next, next.at(-1)?.key);
    setSaid(t('colours.marked'));
  }

  function onPointerDown({ currentTarget, pointerId, clientX, clientY, button }: PointerEvent<HTMLElement>) {
    if (button !== 0) return;
    currentTarget.setPointerCapture(pointerId);
    drag.current = { x: clientX, y: clientY, far: false };
  }

  function onPointerMove({ clientX, clientY }: PointerEvent, { key }: Mark) {
    const from = drag.current;
    if (!from) return;
    const [dx, dy] = [clientX - from.x, clientY - from.y];
    if (!from.far && Math.hypot(dx, dy) < STILL) return;
    drag.current = { x: clientX, y: clientY, far: true };
    onChange(moved(marks, key, ...shares(dx, dy)), key);
  }

  function onKeyDown(event: KeyboardEvent, { key }: Mark) {
    const way = WAYS[event.key];
    if (event.key === 'Delete' || event.key === 'Backspace') onChange(without(marks, key), undefined);
    else if (way) {
      const step = event.shiftKey ? 0.05 : 0.01;
      const next = moved(marks, key, way[0] * step, way[1] * step);
      const { x, y } = next.find((one) => one.key === key)!;
      onChange(next, key);
      setSaid(t('colours.at', { x: percent(language, x), y: percent(language, y) }));
    } else return;
    event.preventDefault();
  }

  return (
    <fieldset
      ref={frame}
      aria-label={t('colours.stage')}
      style={style}
      className="relative m-auto min-w-0 aspect-(--shape) w-[min(100cqw,calc(100cqh*var(--shape)))] select-none"
    >
      <button
        type="button"
        aria-label={t('colours.mark')}
        onClick={mark}
        className="absolute inset-0 cursor-crosshair!"
      >
        <img src={result.previewUrl ?? result.url} alt="" draggable="false" className="size-full" />
      </button>
      {marks.map((one, at) => (
        <button
          key={one.key}
          type="button"
          aria-pressed={one.key === chosen}
          aria-label={t('colours.place', { number: at + 1, colour: nameOf(one.colour) })}
          title={t('colours.move')}
          style={{ left: `${100 * one.x}%`, top: `${100 * one.y}%` }}
          onPointerDown={onPointerDown}
          onPointerMove={(event) => onPointerMove(event, one)}
          onPointerUp={() => {
            drag.current = undefined;
          }}
          onPointerCancel={() => {
            drag.current = undefined;
          }}
          onClick={() => onChange(marks, one.key)}
          onKeyDown={(event) => onKeyDown(event, one)}
          className="group absolute grid size-11 -translate-1/2 cursor-grab! touch-none place-items-center rounded-full"
        >
          <span
            style={{ background: one.colour }}
            className="size-6 rounded-full border-3 border-white shadow-[0_0_0_1.5px_#14110e,0_1px_6px_rgb(0_0_0/0.6)] group-aria-pressed:size-8 group-aria-pressed:shadow-[0_0_0_1.5px_#14110e,0_0_0_5px_#9ad3bc]"
          />
        </button>
      ))}
      <p role="status" className="sr-only">
        {said}
      </p>
    </fieldset>
  );

  function nameOf(colour: string | undefined): string {
    const swatch = swatchOf(colour);
    return swatch ? t(`colours.swatches.${swatch}`) : (colour ?? t('colours.none'));
  }
}
