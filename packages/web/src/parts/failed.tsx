import type { PhotoView } from '@hili/contract';
import { useSpeech } from '../language.ts';
import { problemKeys } from '../problems.ts';
import { Chooser } from './chooser.tsx';
import { Complaint } from './complaint.tsx';
import { Countdown } from './countdown.tsx';
import { EarlierResult } from './earlier-result.tsx';
import { Remove } from './remove.tsx';
import { RunAgain } from './run-again.tsx';

/** Why it failed, in words; that it cost nothing; and what can be done now. */
export function Failed({ photo }: { readonly photo: PhotoView }) {
  const { t } = useSpeech();
  const { title, advice } = problemKeys(photo.job.error ?? 'INTERNAL');
  const cancelled = photo.job.error === 'CANCELLED';
  return (
    <>
      <div className={`rounded-2xl p-5 ${cancelled ? 'bg-well' : 'bg-blush'}`}>
        {!cancelled && <p className="text-lg font-semibold text-rust">{t(title)}</p>}
        <p>{t(advice)}</p>
        <p className="mt-2 font-semibold">{t('failed.free')}</p>
      </div>
      <EarlierResult photo={photo} />
      <Chooser kind="quiet" label={t('choice.other')} />
      <RunAgain photo={photo} summary={t('failed.retry')} />
      <p className="flex flex-wrap items-center justify-between gap-x-4 text-soft">
        {photo.expiresAt && (
          <Countdown
            expiresAt={photo.expiresAt}
            // An earlier run may have left a result.
            {...(photo.result
              ? { text: 'done.until', over: 'done.now' }
              : { text: 'failed.until', over: 'failed.now' })}
          />
        )}
        <Remove photo={photo} kind="text" />
      </p>
      {!cancelled && <Complaint photo={photo} />}
    </>
  );
}
