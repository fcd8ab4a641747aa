import { type CSSProperties, type ReactNode, useState } from 'react';
import { percent } from '../format.ts';
import { useFirstSpeech } from '../language.ts';
import { Icon } from './icons.tsx';

/** A slider between the two; both at once; or after until before is asked for. */
export type CompareWay = 'slider' | 'beside' | 'hold';

interface CompareProps {
  /** Two pictures of one shape, each filling its frame; `before` is laid over `after`, but for side by side. */
  readonly before: ReactNode;
  readonly after: ReactNode;
  readonly way?: CompareWay;
  /** Shows the whole of `before`, without the slider. */
  readonly held?: boolean;
  /** The pictures themselves are dragged, so only the handle moves the slider. */
  readonly handleOnly?: boolean;
  readonly className?: string;
}

const BEFORE = {
  slider: 'absolute inset-0 [clip-path:inset(0_calc(100%-var(--at))_0_0)]',
  beside: 'relative order-first overflow-hidden',
  hold: 'absolute inset-0 invisible',
} as const satisfies Record<CompareWay, string>;

/** Two pictures on one another with a slider between them, before on the left, after on the right; or in another way. */
export function Compare(props: CompareProps) {
  const { before, after, way = 'slider', held = false, handleOnly = false, className = '' } = props;
  const { t, language } = useFirstSpeech();
  const [at, setAt] = useState<number>();
  // Without a style attribute until the slider is moved: the served HTML has none, as the page's policy demands.
  const style = at === undefined ? undefined : ({ '--at': `${at}%` } as CSSProperties);
  const shown = at ?? 50;
  const beside = way === 'beside';
  const sliding = way === 'slider' && !held;
  return (
    <div
      className={`relative overflow-hidden [--at:50%] ${beside ? 'grid gap-1 landscape:grid-cols-2 portrait:grid-rows-2' : ''} ${className}`}
      style={style}
    >
      <div className={beside ? 'relative overflow-hidden' : ''}>
        {after}
        <Tag side={beside ? 'start' : 'end'} visible={beside || (!held && (way === 'hold' || shown < 88))}>
          {t('compare.after')}
        </Tag>
      </div>
      <div
        className={`${held && !beside ? 'absolute inset-0' : BEFORE[way]} ${handleOnly && !beside ? 'pointer-events-none **:pointer-events-none!' : ''}`}
      >
        {before}
        <Tag side="start" visible={!sliding || shown > 12}>
          {t('compare.before')}
        </Tag>
      </div>
      {sliding && (
        <>
          <input
            type="range"
            min="0"
            max="100"
            step="1"
            value={shown}
            onChange={(event) => setAt(event.currentTarget.valueAsNumber)}
            aria-label={t('compare.slider')}
            aria-valuetext={t('compare.value', { percent: percent(language, shown / 100) })}
            className={`peer over-pictures ${handleOnly ? 'thumb-only' : ''}`}
          />
          <span
            aria-hidden="true"
            className="pointer-events-none absolute inset-y-0 left-(--at) w-0.75 -translate-x-1/2 bg-white shadow-[0_0_6px_rgb(0_0_0/0.45)]"
          />
          <span
            aria-hidden="true"
            className="pointer-events-none absolute top-1/2 left-(--at) grid size-12 -translate-1/2 place-items-center rounded-full bg-white text-[#1d5445] shadow-[0_1px_8px_rgb(0_0_0/0.4)] peer-focus-visible:outline-4 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-[#1d5445]"
          >
            <Icon name="sides" className="size-7" />
          </span>
        </>
      )}
    </div>
  );
}

function Tag({
  side,
  visible,
  children,
}: {
  readonly side: 'start' | 'end';
  readonly visible: boolean;
  readonly children: string;
}) {
  return (
    <span
      aria-hidden="true"
      className={`pointer-events-none absolute top-3 rounded-full bg-black/65 px-3 py-0.5 text-sm font-semibold text-white transition-opacity ${side === 'start' ? 'left-3' : 'right-3'} ${visible ? '' : 'opacity-0'}`}
    >
      {children}
    </span>
  );
}
