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

/** One of the visitor's photos as a card: how it looks, how it stands, and what can be done with it from here. */
export function RecentPhoto({ photo }: { readonly photo: PhotoView }) {
  const { t } = useSpeech();
  const { id, name, job } = photo;
  const { cancel } = usePhotoActions(id);
  const active = isActive(job);
  return (
    <li className="flex flex-col overflow-hidden rounded-2xl border border-line bg-paper">
      <Link
        to="/photos/$id"
        params={{ id }}
        aria-label={t('recent.open', { name })}
        className="group relative aspect-4/3 bg-well"
      >
        <Thumbnail photo={photo} />
      </Link>
      {job.state === 'running' && <Progress label={t('recent.progress', { name })} value={job.progress} />}
      <p className="min-w-0 px-4 pt-3 text-sm text-soft">
        <span className="block truncate text-base text-ink">{name}</span>
        <PhotoState photo={photo} />
      </p>
      <div className="mt-auto flex justify-end gap-0.5 px-1.5 pb-1.5">
        {photo.result && (
          <a
            href={photo.result.downloadUrl}
            download
            aria-label={t('recent.download', { name })}
            className={button.icon}
            onClick={() => noteDownload(job.id)}
          >
            <Icon name="download" />
          </a>
        )}
        {active ? (
          <button
            type="button"
            className={button.icon}
            aria-label={t('recent.cancel', { name })}
            onClick={() => cancel.mutate()}
          >
            <Icon name="close" />
          </button>
        ) : (
          <>
            <Link
              to="/photos/$id"
              params={{ id }}
              hash="again"
              aria-label={t('recent.again', { name })}
              className={button.icon}
            >
              <Icon name="again" />
            </Link>
            <Remove photo={photo} kind="icon" />
          </>
        )}
      </div>
    </li>
  );
}
