import { Dialog } from '@base-ui/react/dialog';
import type { PhotoView } from '@hili/contract';
import { type CSSProperties, useRef, useState } from 'react';
import { percent } from '../format.ts';
import { useSpeech } from '../language.ts';
import { useZoom } from '../use-zoom.ts';
import { Compare } from './compare.tsx';
import { Hold } from './hold.tsx';
import { Icon, type IconName } from './icons.tsx';
import { originalSource } from './picture.tsx';

interface ViewerProps {
  readonly photo: PhotoView;
  readonly result: NonNullable<PhotoView['job']['result']>;
  readonly onClose: () => void;
}

const TOOL =
  'inline-flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-full px-3 font-semibold hover:bg-white/15';

/** The photo over the whole window: before and after, moved and zoomed together, to single pixels. */
export default function Viewer(props: ViewerProps) {
  const { t } = useSpeech();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Popup className="fixed inset-0 z-50 flex flex-col bg-[#14110e] text-white [--pine:#9ad3bc]">
          <Dialog.Title className="sr-only">{t('compare.title')}</Dialog.Title>
          <Stage {...props} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Stage({ photo, result }: ViewerProps) {
  const { t, language } = useSpeech();
  const stage = useRef<HTMLElement>(null);
  const zoom = useZoom(stage, result);
  const [held, setHeld] = useState(false);
  const { view } = zoom;
  const style: CSSProperties = view
    ? {
        width: result.width * view.scale,
        height: result.height * view.scale,
        transform: `translate(${view.x}px, ${view.y}px)`,
        // From three screen pixels a picture pixel on, single pixels are what one wants to see.
        imageRendering: zoom.share >= 3 ? 'pixelated' : 'auto',
      }
    : { visibility: 'hidden' };
  const picture = (source: string, alt: string) => (
    <img
      src={source}
      alt={alt}
      draggable="false"
      style={style}
      className="absolute top-0 left-0 max-w-none select-none"
    />
  );
  const before = originalSource(photo);
  const tool = (icon: IconName, label: string, act: () => void) => (
    <button type="button" className={TOOL} onClick={act} aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  );
  return (
    <>
      <section
        ref={stage}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the stage takes the arrow keys, as a scroll area does.
        tabIndex={0}
        aria-label={t('compare.stage')}
        className="relative min-h-0 grow cursor-grab touch-none overflow-hidden active:cursor-grabbing focus-visible:-outline-offset-4"
        onKeyDown={(event) => {
          if (event.target !== event.currentTarget) return;
          if (event.key === ' ') {
            event.preventDefault();
            setHeld(true);
          } else zoom.onKeyDown(event);
        }}
        onKeyUp={() => setHeld(false)}
        onBlur={() => setHeld(false)}
      >
        <Compare
          className="size-full"
          held={held}
          handleOnly
          after={picture(result.url, t('done.alt'))}
          before={before ? picture(before, '') : null}
        />
      </section>
      <div className="flex flex-wrap items-center justify-center gap-x-2 gap-y-1 bg-[#14110e] px-2 py-2">
        {tool('minus', t('compare.out'), zoom.out)}
        <span className="min-w-16 text-center tabular-nums" aria-live="polite">
          <span className="sr-only">{t('compare.zoom')}</span>
          {percent(language, zoom.share)}
        </span>
        {tool('plus', t('compare.in'), zoom.in)}
        <button type="button" className={TOOL} onClick={zoom.fit}>
          {t('compare.fit')}
        </button>
        <button type="button" className={TOOL} onClick={zoom.actual}>
          {percent(language, 1)}
        </button>
        <Hold held={held} onHold={setHeld} className={TOOL} />
        <Dialog.Close className={`${TOOL} bg-white/15`}>
          <Icon name="close" className="size-5" />
          {t('compare.close')}
        </Dialog.Close>
      </div>
    </>
  );
}
