import type { PhotoView } from '@hili/contract';
import { type ReactNode, useState } from 'react';
import type { Edit } from '../edit.ts';
import { bytes, duration } from '../format.ts';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { Chooser } from './chooser.tsx';
import { Complaint } from './complaint.tsx';
import { Countdown } from './countdown.tsx';
import { noteDownload, wasDownloaded } from './downloads.ts';
import { Icon } from './icons.tsx';
import { IdChecks } from './id-checks.tsx';
import { KeptColours } from './kept-colours.tsx';
import { Remove } from './remove.tsx';
import { RunAgain } from './run-again.tsx';

interface FinishedProps {
  readonly photo: PhotoView;
  /** The ways of looking at the result, which come right after the download. */
  readonly tools: ReactNode;
}

/** The result: first of all the download, then what was done and how long it stays. */
export function Finished({ photo, tools }: FinishedProps) {
  const { t, language } = useSpeech();
  const { id, result } = photo.job;
  // Another run of the photo has another result, which has not been saved yet.
  const [saved, setSaved] = useState<string>();
  // Each time that it is asked for, the form begins anew.
  const [proposal, setProposal] = useState<{ readonly times: number; readonly edit?: Edit }>({ times: 0 });
  if (!result) return null;
  return (
    <>
      <a
        href={result.downloadUrl}
        download
        onClick={() => {
          noteDownload(id);
          setSaved(id);
        }}
        className={`${button.primary} w-full flex-wrap gap-y-0 text-xl`}
      >
        <Icon name="download" className="size-7" />
        {t('done.download')}
      </a>
      {/* On a phone it would be out of sight any further down. */}
      {(saved === id || wasDownloaded(id)) && (
        <p role="status" className="rounded-2xl bg-mint px-5 py-4">
          {t('done.saved')}
        </p>
      )}
      <p className="-mt-2 text-center text-soft">
        {result.format.toUpperCase()} · {t('done.size', { width: result.width, height: result.height })} ·{' '}
        {bytes(language, result.bytes)}
        <br />
        {t('done.took', { time: duration(language, result.ms / 1000) })}
      </p>
      {tools}
      <IdChecks photo={photo} onLevel={(edit) => setProposal(({ times }) => ({ times: times + 1, edit }))} />
      <KeptColours photo={photo} />
      {!result.changed && <p className="rounded-2xl bg-mint px-5 py-4">{t('done.unchanged')}</p>}
      {photo.expiresAt && (
        <div className="flex gap-3 rounded-2xl bg-honey px-5 pt-4 pb-2">
          <Icon name="clock" className="size-6 text-amber" />
          <div className="min-w-0">
            <p>
              <Countdown expiresAt={photo.expiresAt} text="done.until" over="done.now" />
            </p>
            <Remove photo={photo} kind="text" />
          </div>
        </div>
      )}
      <Chooser kind="quiet" label={t('done.another')} />
      <RunAgain key={proposal.times} photo={photo} summary={t('done.differently')} proposed={proposal.edit} />
      <Complaint photo={photo} />
    </>
  );
}
