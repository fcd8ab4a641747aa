import type { PhotoView } from '@hili/contract';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { codeOf } from '../client.ts';
import { useSpeech } from '../language.ts';
import { button } from '../parts/button.ts';
import { Chooser } from '../parts/chooser.tsx';
import { GuestNote } from '../parts/guest-note.tsx';
import { announce } from '../parts/news.tsx';
import { EVERYTHING, PhotoFilter, shownOf } from '../parts/photo-filter.tsx';
import { PhotoRow } from '../parts/photo-row.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { TickedTools } from '../parts/ticked-tools.tsx';
import { usePhotos } from '../queries.ts';
import { useStore } from '../store.ts';
import { tray } from '../tray.ts';
import { useTitle } from '../use-title.ts';

const TraySending = lazy(() => import('../parts/tray-sending.tsx').then((part) => ({ default: part.TraySending })));

/** All of the visitor's photos, newest first: how each stands, and what can be done with it, with some of them, with all. */
export function TasksPage() {
  const { t } = useSpeech();
  const { data: photos, error } = usePhotos();
  const isSending = useStore(tray).photos.length > 0;
  useTitle(t('title.tasks'));
  useNews(photos);
  return (
    <div className="mx-auto flex w-full max-w-6xl flex-col gap-7 px-4 py-10 sm:px-8 lg:py-14 low:gap-5 low:py-7">
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <div>
          <h1 tabIndex={-1} className="text-4xl">
            {t('recent.title')}
          </h1>
          <p className="mt-2 text-lg text-soft">{t('recent.lead')}</p>
        </div>
        {photos && photos.length > 0 && <Chooser kind="quiet" />}
      </div>
      {isSending && (
        <Suspense>
          <TraySending />
        </Suspense>
      )}
      {error && <ProblemNote code={codeOf(error)} />}
      {photos ? (
        photos.length > 0 ? (
          <List photos={photos} />
        ) : (
          !isSending && <Empty />
        )
      ) : (
        <div className="h-[50svh] rounded-3xl bg-well" />
      )}
      {photos && photos.length > 0 && <GuestNote />}
    </div>
  );
}

function List({ photos }: { readonly photos: readonly PhotoView[] }) {
  const { t } = useSpeech();
  const [filter, setFilter] = useState(EVERYTHING);
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const shown = shownOf(photos, filter);
  const ticked = shown.filter(({ id }) => ids.has(id));
  function tick(id: string, on: boolean) {
    const next = new Set(ids);
    if (on) next.add(id);
    else next.delete(id);
    setIds(next);
  }
  return (
    <>
      {photos.length > 1 && <PhotoFilter photos={photos} value={filter} onChange={setFilter} />}
      {shown.length > 0 ? (
        <>
          {photos.length > 1 && (
            <TickedTools photos={photos} shown={shown} ticked={ticked} onTick={(all) => setIds(new Set(all))} />
          )}
          <ul className="flex flex-col gap-3">
            {shown.map((photo) => (
              <PhotoRow
                key={photo.id}
                photo={photo}
                ticked={ids.has(photo.id)}
                onTick={photos.length > 1 ? (on) => tick(photo.id, on) : undefined}
              />
            ))}
          </ul>
        </>
      ) : (
        <p className="flex flex-wrap items-center gap-x-4 text-lg">
          {t('tasks.nothing')}
          <button type="button" className={button.plain} onClick={() => setFilter(EVERYTHING)}>
            {t('tasks.showAll')}
          </button>
        </p>
      )}
    </>
  );
}

function Empty() {
  const { t } = useSpeech();
  return (
    <div className="flex flex-col items-center gap-5 rounded-3xl border-2 border-dashed border-line px-6 py-16 text-center">
      <h2 className="text-3xl">{t('tasks.empty')}</h2>
      <p className="max-w-xl text-lg text-soft">{t('tasks.emptyText')}</p>
      <div>
        <Chooser />
      </div>
    </div>
  );
}

/** Has each photo that ends while the page is open read out. */
function useNews(photos: readonly PhotoView[] | undefined): void {
  const { t } = useSpeech();
  const seen = useRef<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    if (!photos) return;
    const ended = photos.filter(({ id, job }) => {
      const before = seen.current.get(id);
      return before && before !== job.state && (job.state === 'done' || job.state === 'failed');
    });
    seen.current = new Map(photos.map(({ id, job }) => [id, job.state]));
    const news = ended
      .filter(({ job }) => job.error !== 'CANCELLED')
      .map(({ name, job }) => t(`news.named.${job.state === 'done' ? 'ready' : 'failed'}`, { name }));
    if (news.length > 0) announce(news.join(' '));
  }, [photos, t]);
}
