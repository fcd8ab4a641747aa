import type { JobView, PhotoView } from '@hili/contract';
import { duration, percent } from '../format.ts';
import { useSpeech } from '../language.ts';
import { problemKeys } from '../problems.ts';
import { colourNote } from '../recipes.ts';
import { useTimeLeft } from '../use-time-left.ts';
import { Countdown } from './countdown.tsx';
import { stepKey } from './working.tsx';

const COLOURS: Readonly<Record<JobView['state'], string>> = {
  queued: 'text-amber',
  running: 'text-amber',
  done: 'text-pine',
  failed: 'text-rust',
};

/** How a photo stands, in a line: its place in the queue, its step and the time left, why it failed, when it is deleted. */
export function PhotoState({ photo: { job, expiresAt } }: { readonly photo: PhotoView }) {
  const { t, language } = useSpeech();
  const cancelled = job.error === 'CANCELLED';
  const word = cancelled
    ? t('recent.cancelled')
    : t(`recent.${job.state}`, { percent: percent(language, job.progress) });
  return (
    <span className="flex flex-col tabular-nums sm:flex-row sm:flex-wrap sm:gap-x-1.5 sm:[&>:not(:last-child)]:after:content-['_·']">
      <span className={`font-semibold ${cancelled ? 'text-soft' : COLOURS[job.state]}`}>{word}</span>
      <More job={job} />
      {expiresAt && <Countdown expiresAt={expiresAt} text="tasks.until" over="recent.deleting" />}
    </span>
  );
}

function More({ job }: { readonly job: JobView }) {
  const { t, language } = useSpeech();
  const left = useTimeLeft(job);
  if (job.state === 'queued')
    return <span>{job.position ? t('tasks.front', { count: job.position }) : t('tasks.next')}</span>;
  if (job.state === 'failed') {
    const { title } = problemKeys(job.error ?? 'INTERNAL');
    return (
      <>
        {job.error !== 'CANCELLED' && <span>{t(title)}</span>}
        <span>{t('failed.free').replace(/[.。]$/, '')}</span>
      </>
    );
  }
  if (job.state === 'done') {
    const note = colourNote(job);
    return note ? <span>{t(`tasks.kept.${note}`)}</span> : null;
  }
  if (job.state !== 'running') return null;
  const step = stepKey(job.step);
  return (
    <>
      {step && <span>{t(`work.steps.${step}`)}</span>}
      {left !== undefined && (
        <span>{left < 3 ? t('work.soon') : t('work.left', { time: duration(language, left) })}</span>
      )}
    </>
  );
}
