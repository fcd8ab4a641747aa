import type { PhotoView } from '@hili/contract';
import { useParams } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { codeOf, isActive } from '../client.ts';
import { percent } from '../format.ts';
import { type Speech, useSpeech } from '../language.ts';
import { Chooser } from '../parts/chooser.tsx';
import { Failed } from '../parts/failed.tsx';
import { Finished } from '../parts/finished.tsx';
import { announce } from '../parts/news.tsx';
import { Original, Result } from '../parts/picture.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { ResultTools } from '../parts/result-tools.tsx';
import { Workbench } from '../parts/workbench.tsx';
import { stepKey, Working } from '../parts/working.tsx';
import { problemKeys } from '../problems.ts';
import { usePhotos } from '../queries.ts';
import { useTitle } from '../use-title.ts';

/** One photo: worked on, ready, or failed; always as the server sees it now. */
export function PhotoPage() {
  const { id } = useParams({ from: '/photos/$id' });
  const photos = usePhotos();
  const photo = photos.data?.find((one) => one.id === id);
  if (photo) return <Work key={id} photo={photo} />;
  if (photos.data) return <Gone />;
  return (
    <Workbench picture={<div className="min-h-[50svh] rounded-xl bg-well" />}>
      {photos.error && <ProblemNote code={codeOf(photos.error)} />}
    </Workbench>
  );
}

function Gone() {
  const { t } = useSpeech();
  useTitle(t('title.photo'));
  return (
    <div className="mx-auto flex max-w-2xl flex-col items-center gap-5 px-4 py-24 text-center">
      <h1 tabIndex={-1} className="text-4xl">
        {t('gone.title')}
      </h1>
      <p className="text-xl text-soft">{t('gone.text')}</p>
      <div>
        <Chooser />
      </div>
    </div>
  );
}

/** What the heading says, and what the window's title says, which is read from another tab. */
function words({ job }: PhotoView, { t, language }: Speech) {
  switch (job.state) {
    case 'queued':
      return { heading: t('work.queued'), title: t('title.photo') };
    case 'running':
      return {
        heading: t('work.running'),
        title: t('title.working', { percent: percent(language, job.progress) }),
      };
    case 'done':
      return { heading: t('done.title'), title: t('title.ready') };
    case 'failed':
      return { heading: t(job.error === 'CANCELLED' ? 'failed.cancelled' : 'failed.title'), title: t('title.photo') };
  }
}

/** What is read out: each new state, and while it runs each step and quarter. */
function newsOf({ job }: PhotoView, { t, language }: Speech): string {
  if (job.state === 'queued') return t('news.queued');
  if (job.state === 'done') return t('news.ready');
  if (job.state === 'failed') return t('news.failed', { reason: t(problemKeys(job.error ?? 'INTERNAL').title) });
  const step = stepKey(job.step);
  if (!step) return '';
  return t('news.step', {
    step: t(`work.steps.${step}`),
    percent: percent(language, Math.floor(job.progress * 4) / 4),
  });
}

function Work({ photo }: { readonly photo: PhotoView }) {
  const speech = useSpeech();
  const heading = useRef<HTMLHeadingElement>(null);
  const [held, setHeld] = useState(false);
  const { job } = photo;
  const result = job.state === 'done' ? job.result : null;
  const looking = result && { photo, result, held, onHold: setHeld };
  const { heading: text, title } = words(photo, speech);
  const news = newsOf(photo, speech);
  useTitle(title);
  useEffect(() => announce(news), [news]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new state may have taken the focused button away.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus();
  }, [job.state]);
  return (
    <Workbench
      picture={
        looking ? (
          <>
            <Result {...looking} />
            <ResultTools {...looking} className="mt-8 max-lg:hidden" />
          </>
        ) : (
          <Original photo={photo} working={isActive(job)} />
        )
      }
    >
      <h1 ref={heading} tabIndex={-1} className="text-3xl">
        {text}
      </h1>
      {isActive(job) && <Working photo={photo} />}
      {looking && (
        // In one column the download comes first: it is seen without scrolling.
        <Finished photo={photo} tools={<ResultTools {...looking} className="lg:hidden" />} />
      )}
      {job.state === 'failed' && <Failed photo={photo} />}
    </Workbench>
  );
}
