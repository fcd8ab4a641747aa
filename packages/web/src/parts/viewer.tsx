import { Dialog } from '@base-ui/react/dialog';
import type { Crop, PhotoView, ResultView } from '@hili/contract';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { percent } from '../format.ts';
import { useSpeech } from '../language.ts';
import { cutBefore, cutHere } from '../tile-sources.ts';
import { openTwinViews, type TwinViews } from '../twin-views.ts';
import { Compare, type CompareWay } from './compare.tsx';
import { Hold } from './hold.tsx';
import { Icon, type IconName } from './icons.tsx';
import { Layer } from './layer.tsx';
import { closeSource } from './picture.tsx';
import { WayChoice } from './way-choice.tsx';

interface ViewerProps {
  readonly photo: PhotoView;
  readonly result: ResultView;
  /** What is looked at first, both pictures beside one another; the whole photo unless given. */
  readonly face: Crop | undefined;
  readonly onClose: () => void;
}

/** Pixels that an arrow key moves the window over the picture by, and the factor of one press of + or -. */
const STEP_PX = 80;
const STEP_FACTOR = 1.4;

const KEYS: Readonly<Record<string, (views: TwinViews) => void>> = {
  ArrowLeft: (views) => views.panBy(-STEP_PX, 0),
  ArrowRight: (views) => views.panBy(STEP_PX, 0),
  ArrowUp: (views) => views.panBy(0, -STEP_PX),
  ArrowDown: (views) => views.panBy(0, STEP_PX),
  '+': (views) => views.zoomBy(STEP_FACTOR),
  '=': (views) => views.zoomBy(STEP_FACTOR),
  '-': (views) => views.zoomBy(1 / STEP_FACTOR),
  0: (views) => views.fit(),
  1: (views) => views.actual(),
};

const TOOL =
  'inline-flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-full px-3 font-semibold leading-tight hover:bg-white/15';

/** The photo over the whole window: before and after, moved and zoomed together, to single pixels. */
export default function Viewer(props: ViewerProps) {
  const { t } = useSpeech();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && props.onClose()}>
      <Layer onBack={props.onClose} />
      <Dialog.Portal>
        <Dialog.Popup className="fixed inset-0 z-50 flex flex-col bg-[#14110e] text-white [--pine:#9ad3bc]">
          <Dialog.Title className="sr-only">{t('compare.title')}</Dialog.Title>
          <Stage {...props} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Stage({ photo, result, face }: ViewerProps) {
  const { t, language } = useSpeech();
  const [way, setWay] = useState<CompareWay>(face ? 'beside' : 'slider');
  const [pressed, setPressed] = useState(false);
  const [spaced, setSpaced] = useState(false);
  const held = pressed || spaced;
  const before = closeSource(photo, result);
  const { after: afterPane, before: beforePane, views, share, failed } = useViews(result, before, face);
  const tool = (icon: IconName, label: string, act: (views: TwinViews) => void) => (
    <button
      type="button"
      className={TOOL}
      onClick={() => views.current && act(views.current)}
      aria-label={label}
      title={label}
    >
      <Icon name={icon} />
    </button>
  );
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
    const act = KEYS[event.key];
    if (event.key === ' ') setSpaced(true);
    else if (act && views.current) act(views.current);
    else return;
    event.preventDefault();
  }
  return (
    <>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the stage takes the arrow keys, as a scroll area does.
        tabIndex={0}
        aria-label={t('compare.stage')}
        className="relative min-h-0 grow cursor-grab touch-none outline-none after:pointer-events-none after:absolute after:inset-0 after:z-10 active:cursor-grabbing focus-visible:after:border-4 focus-visible:after:border-pine"
        onKeyDown={onKeyDown}
        onKeyUp={() => setSpaced(false)}
        onBlur={() => setSpaced(false)}
      >
        <Compare
          className="size-full"
          way={way}
          held={held}
          handleOnly
          after={<div ref={afterPane} className="absolute inset-0" />}
          before={before ? <div ref={beforePane} className="absolute inset-0" /> : null}
        />
        {failed && (
          <p
            role="alert"
            className="pointer-events-none absolute inset-x-4 bottom-4 z-20 mx-auto w-fit max-w-xl rounded-2xl bg-white px-5 py-3 text-center text-[#14110e]"
          >
            {t('compare.failed')}
          </p>
        )}
      </section>
      <div className="flex flex-wrap items-center justify-center gap-x-2 gap-y-1 px-2 py-2">
        {before && <WayChoice way={way} onChange={setWay} />}
        <div className="flex items-center gap-x-1 whitespace-nowrap">
          {tool('minus', t('compare.out'), (all) => all.zoomBy(1 / STEP_FACTOR))}
          <span className="min-w-16 text-center tabular-nums" aria-live="polite">
            <span className="sr-only">{t('compare.zoom')}</span>
            {percent(language, share)}
          </span>
          {tool('plus', t('compare.in'), (all) => all.zoomBy(STEP_FACTOR))}
          <button type="button" className={TOOL} onClick={() => views.current?.fit()}>
            {t('compare.fit')}
          </button>
          <button type="button" className={TOOL} onClick={() => views.current?.actual()}>
            {percent(language, 1)}
          </button>
        </div>
        <div className="flex gap-2">
          {before && way === 'hold' && <Hold held={pressed} onHold={setPressed} className={`${TOOL} bg-white/15`} />}
          <Dialog.Close className={`${TOOL} shrink-0 bg-white/15 px-4 whitespace-nowrap`}>
            <Icon name="close" className="size-5" />
            {t('compare.close')}
          </Dialog.Close>
        </div>
      </div>
    </>
  );
}

/** What is shown of a result: every pixel, or its preview where no browser shows its format. */
function sourceOf(result: ResultView) {
  if (result.tiles) return cutBefore(result, result.tiles);
  return cutHere(result.format === 'tiff' ? (result.previewUrl ?? result.url) : result.url, result);
}

/** Opens the two views in their panes, at a face or at the whole, for as long as they are shown. `share` is the scale, 1 is 100 %. */
function useViews(result: ResultView, before: string | undefined, face: Crop | undefined) {
  const after = useRef<HTMLDivElement>(null);
  const beforePane = useRef<HTMLDivElement>(null);
  const views = useRef<TwinViews>(null);
  const [share, setShare] = useState(1);
  const [failed, setFailed] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each event of the server makes a new result that is the same picture.
  useEffect(() => {
    if (!after.current) return;
    setFailed(false);
    const opened = openTwinViews(
      { element: after.current, source: sourceOf(result) },
      beforePane.current && before ? { element: beforePane.current, source: cutHere(before, result) } : null,
      setShare,
      () => setFailed(true),
      face,
    );
    views.current = opened;
    return () => opened.close();
  }, [result.url, before]);
  return { after, before: beforePane, views, share, failed };
}
