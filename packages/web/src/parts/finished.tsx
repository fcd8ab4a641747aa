import type { PhotoView } from '@hili/contract';
import { bytes, duration } from '../format.ts';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { Chooser } from './chooser.tsx';
import { Countdown } from './countdown.tsx';
import { noteDownload } from './downloads.ts';
import { Icon } from './icons.tsx';
import { Remove } from './remove.tsx';
import { RunAgain } from './run-again.tsx';

/** The result: first of all the download, then what was done and how long it stays. */
export function Finished({ photo }: { readonly photo: PhotoView }) {
  const { t, language } = useSpeech();
  const { result } = photo.job;
  if (!result) return null;
  const size = (width: number, height: number) => t('done.size', { width, height });
  return (
    <>
      <a
        href={result.downloadUrl}
        download
        onClick={() => noteDownload(photo.job.id)}
        className={`${button.primary} w-full flex-wrap gap-y-0 text-xl`}
      >
        <Icon name="download" className="size-7" />
        {t('done.download')}
      </a>
      <p className="-mt-2 text-center text-soft">
        {result.format.toUpperCase()} · {size(result.width, result.height)} · {bytes(language, result.bytes)}
      </p>
      {photo.expiresAt && (
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-2xl bg-honey px-4 py-3">
          <p className="flex min-w-0 items-center gap-2.5">
            <Icon name="clock" className="size-6 text-amber" />
            <Countdown expiresAt={photo.expiresAt} text="done.until" over="done.now" />
          </p>
          <Remove photo={photo} kind="text" />
        </div>
      )}
      <Chooser kind="quiet" label={t('done.another')} />
      <RunAgain photo={photo} summary={t('done.differently')} note={t('done.charge')} />
      <p className="text-sm text-soft">
        {t('done.took', { time: duration(language, result.ms / 1000) })}
        {(result.width !== photo.width || result.height !== photo.height) &&
          ` · ${t('done.grown', { before: `${photo.width} × ${photo.height}`, after: `${result.width} × ${result.height}` })}`}
      </p>
    </>
  );
}
