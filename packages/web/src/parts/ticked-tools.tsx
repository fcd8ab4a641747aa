import { API, type PhotoView } from '@hili/contract';
import { lazy, Suspense, useState } from 'react';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { noteDownload } from './downloads.ts';
import { Icon } from './icons.tsx';
import { Tick } from './tick.tsx';

const RemoveDialog = lazy(() => import('./remove-dialog.tsx'));

interface TickedToolsProps {
  /** All photos that there are. */
  readonly photos: readonly PhotoView[];
  /** Those in the list. */
  readonly shown: readonly PhotoView[];
  /** Those in the list that are ticked. */
  readonly ticked: readonly PhotoView[];
  readonly onTick: (ids: readonly string[]) => void;
}

/** What is done with several photos at once: with the ticked ones, or with all while none is. */
export function TickedTools({ photos, shown, ticked, onTick }: TickedToolsProps) {
  const { t } = useSpeech();
  const [asked, setAsked] = useState(false);
  const some = ticked.length > 0;
  const meant = some ? ticked : photos;
  const finished = meant.filter(({ result }) => result);
  const all = meant.length === photos.length;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <div className="me-auto ps-3 sm:ps-4">
        <Tick
          shown
          label={t('tasks.tickAll')}
          ticked={ticked.length === shown.length || (some ? undefined : false)}
          onTick={(every) => onTick(every ? shown.map(({ id }) => id) : [])}
        />
      </div>
      {finished.length > 0 && (
        <a
          href={`${API}/photos/zip${all ? '' : `?ids=${finished.map(({ id }) => id).join(',')}`}`}
          download
          className={button.quiet}
          onClick={() => {
            for (const { job } of finished) noteDownload(job.id);
          }}
        >
          <Icon name="download" className="size-5" />
          {some ? t('tasks.zipTicked', { count: finished.length }) : t('tasks.zip')}
        </a>
      )}
      {some && (
        <button type="button" className={button.quiet} onClick={() => setAsked(true)}>
          <Icon name="trash" className="size-5" />
          {t('tasks.remove', { count: ticked.length })}
        </button>
      )}
      {asked && (
        <Suspense>
          <RemoveDialog photos={ticked} onClose={() => setAsked(false)} />
        </Suspense>
      )}
    </div>
  );
}
