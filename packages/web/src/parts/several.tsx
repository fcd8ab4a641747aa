import type { Wish } from '@hili/contract';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef } from 'react';
import { putAside, start } from '../dispatch.ts';
import { useSpeech } from '../language.ts';
import { makeThumbnails } from '../pictures.ts';
import { isFileFault, type TrayPhoto } from '../tray.ts';
import { useArrival } from '../use-arrival.ts';
import { useStartable } from '../use-startable.ts';
import { button } from './button.ts';
import { Chooser, MoreChoosers } from './chooser.tsx';
import { announce } from './news.tsx';
import { Refusals } from './refusals.tsx';
import { StartBar } from './start-bar.tsx';
import { StillHere } from './still-here.tsx';
import { Tile } from './tile.tsx';
import { WishForm } from './wish-form.tsx';
import { Workbench } from './workbench.tsx';

interface SeveralProps {
  readonly photos: readonly TrayPhoto[];
  readonly wish: Wish;
  readonly onWish: (wish: Wish) => void;
}

/** Several photos have been chosen: one wish for all of them, one button starts them. */
export function Several({ photos, wish, onWish }: SeveralProps) {
  const { t } = useSpeech();
  const startable = useStartable();
  const arrive = useArrival();
  const navigate = useNavigate();
  const heading = useRef<HTMLHeadingElement>(null);
  const { left } = startable;
  const count = photos.length;
  const ready = photos.filter(({ problem }) => !isFileFault(problem));
  const going = ready.slice(0, left ?? ready.length);
  const rest = ready.length - going.length;

  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    announce(t('news.several', { count }));
    void makeThumbnails();
  }, [count, t]);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (startable.waits || going.length === 0) return;
    start({ keys: going.map(({ key }) => key), wish }, arrive);
    void navigate({ to: '/tasks' });
  }

  return (
    <Workbench
      picture={
        <>
          <ul className="grid grid-cols-2 gap-3 sm:grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] sm:gap-4">
            {photos.map((photo) => (
              <Tile key={photo.key} photo={photo} />
            ))}
          </ul>
          <div className="mt-5 flex flex-wrap gap-3">
            <Chooser kind="quiet" label={t('tray.add')} />
            <MoreChoosers />
          </div>
        </>
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
        {/* The window is scrolled to the heading: below it the bar at the foot of a phone would cover this. */}
        <StillHere />
        <Refusals />
        <h1 ref={heading} tabIndex={-1} className="text-3xl">
          {t('tray.title', { count })}
        </h1>
        <WishForm value={wish} onChange={onWish} />
        {left !== undefined && <p className="text-soft">{t('left.credits', { count: left })}</p>}
        <StartBar
          label={t('tray.start', { count: going.length || ready.length })}
          recipe={wish.recipe}
          startable={startable}
          {...(rest > 0 && { note: t('tray.few', { count: going.length, rest }) })}
        >
          <button
            type="button"
            className={button.plain}
            onClick={() => {
              for (const { key } of photos) putAside(key);
            }}
          >
            {t('tray.asideAll')}
          </button>
        </StartBar>
      </form>
    </Workbench>
  );
}
