import type { PhotoView } from '@hili/contract';
import { Link } from '@tanstack/react-router';
import { isActive } from '../client.ts';
import { useSpeech } from '../language.ts';
import { usePhotoActions } from '../queries.ts';
import { button } from './button.ts';
import { noteDownload } from './downloads.ts';
import { Icon } from './icons.tsx';
import { PhotoState } from './photo-state.tsx';
import { Progress } from './progress.tsx';
import { Remove } from './remove.tsx';
import { Thumbnail } from './thumbnail.tsx';
import { Tick } from './tick.tsx';

interface PhotoRowProps {
  readonly photo: PhotoView;
  readonly ticked: boolean;
  /** Left out where there is nothing to choose among. */
  readonly onTick?: ((ticked: boolean) => void) | undefined;
}

/** One photo of the list: how it looks and stands, and all that can be done with it. */
export function PhotoRow({ photo, ticked, onTick }: PhotoRowProps) {
  const { t } = useSpeech();
  const { id, name, job } = photo;
  return (
    <li className="grid grid-cols-[auto_5.5rem_minmax(0,1fr)] items-center gap-x-2 gap-y-2 rounded-2xl border border-line bg-sheet p-3 sm:grid-cols-[auto_8rem_minmax(0,1fr)] sm:gap-x-5 sm:p-4 lg:grid-cols-[auto_9rem_minmax(0,1fr)_auto]">
      {onTick ? <Tick ticked={ticked} onTick={onTick} label={t('tasks.tick', { name })} /> : <span />}
      <Link
        to="/photos/$id"
        params={{ id }}
        tabIndex={-1}
        aria-hidden="true"
        className="group relative aspect-square rounded-xl bg-well sm:aspect-4/3"
      >
        <Thumbnail photo={photo} />
      </Link>
      <div className="flex min-w-0 flex-col gap-1.5">
        <Link
          to="/photos/$id"
          params={{ id }}
          className="line-clamp-2 rounded font-semibold text-balance wrap-anywhere underline-offset-4 hover:underline sm:text-lg"
        >
          {name}
        </Link>
        <p className="text-soft">
          <PhotoState photo={photo} />
        </p>
        {isActive(job) && (
          <Progress label={t('recent.progress', { name })} value={job.state === 'running' ? job.progress : undefined} />
        )}
      </div>
      <RowActions photo={photo} />
    </li>
  );
}

function RowActions({ photo }: { readonly photo: PhotoView }) {
  const { t } = useSpeech();
  const { id, name, job, result } = photo;
  const { cancel } = usePhotoActions(id);
  return (
    <div className="col-span-full flex flex-wrap items-center justify-end gap-x-2 gap-y-1 lg:col-span-1">
      {result && (
        <a
          href={result.downloadUrl}
          download
          aria-label={t('recent.download', { name })}
          className={button.quiet}
          onClick={() => noteDownload(job.id)}
        >
          <Icon name="download" className="size-5" />
          {t('tasks.download')}
        </a>
      )}
      {isActive(job) ? (
        <button
          type="button"
          className={button.quiet}
          aria-label={t('recent.cancel', { name })}
          disabled={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          {t('tasks.cancel')}
        </button>
      ) : (
        <>
          <Link
            to="/photos/$id"
            params={{ id }}
            hash="again"
            aria-label={t('recent.again', { name })}
            className={button.tool}
          >
            <Icon name="again" />
            <span className="max-xl:sr-only">{t('tasks.again')}</span>
          </Link>
          <Remove photo={photo} kind="tool" />
        </>
      )}
    </div>
  );
}
