import type { PhotoView } from '@hili/contract';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { isActive } from '../client.ts';
import { percent } from '../format.ts';
import { useSpeech } from '../language.ts';
import { usePhotoActions } from '../queries.ts';
import { button } from './button.ts';
import { Countdown } from './countdown.tsx';
import { noteDownload } from './downloads.ts';
import { Icon } from './icons.tsx';
import { originalSource } from './picture.tsx';
import { Progress } from './progress.tsx';
import { Remove } from './remove.tsx';

/** A result is shown as its own thumbnail up to this size; a larger one would cost the visitor more than it shows. */
const THUMBNAIL_BYTES = 3_000_000;

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
        className="group relative grid aspect-4/3 place-items-center bg-well p-5"
      >
        <Thumbnail photo={photo} />
      </Link>
      {job.state === 'running' && <Progress label={t('recent.progress', { name })} value={job.progress} />}
      <div className="flex items-center gap-0.5 py-1.5 ps-4 pe-1.5">
        <p className="me-auto min-w-0 text-sm text-soft">
          <span className="block truncate text-base text-ink">{name}</span>
          <span className="flex flex-wrap gap-x-2">
            <State photo={photo} />
            {photo.expiresAt && <Countdown expiresAt={photo.expiresAt} text="recent.left" over="recent.deleting" />}
          </span>
        </p>
        {job.result && (
          <a
            href={job.result.downloadUrl}
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

function Thumbnail({ photo }: { readonly photo: PhotoView }) {
  const { result } = photo.job;
  const source =
    result && result.bytes <= THUMBNAIL_BYTES && result.format !== 'tiff' ? result.url : originalSource(photo);
  const [unseen, setUnseen] = useState<string>();
  if (!source || source === unseen) return <Icon name="photo" className="size-14 text-soft" />;
  return (
    <img
      src={source}
      alt=""
      loading="lazy"
      decoding="async"
      onError={() => setUnseen(source)}
      className="print max-h-full max-w-full object-contain transition-transform [--rim:0.3rem]! group-hover:scale-[1.02]"
    />
  );
}

function State({ photo: { job } }: { readonly photo: PhotoView }) {
  const { t, language } = useSpeech();
  const word =
    job.state === 'failed' && job.error === 'CANCELLED'
      ? t('recent.cancelled')
      : t(`recent.${job.state}`, { percent: percent(language, job.progress) });
  const colours = {
    queued: 'text-amber',
    running: 'text-amber',
    done: 'text-pine',
    failed: 'text-rust',
  }[job.state];
  return <span className={`font-semibold tabular-nums ${colours}`}>{word}</span>;
}
