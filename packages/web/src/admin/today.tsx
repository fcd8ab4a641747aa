import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { clock } from '../format.ts';
import { PageTitle } from './page-title.tsx';
import { todayQuery } from './queries.ts';
import { useConsole } from './speech.ts';
import { Tasks } from './tasks.tsx';
import { Tiles } from './tiles.tsx';
import { Trouble } from './trouble.tsx';
import { Verdict } from './verdict.tsx';

const Plots = lazy(() => import('./plots.tsx'));

/** How things stand: whether all is well, what waits, the figures of a day, and how they came about. */
export function TodayPage() {
  const { t, language } = useConsole();
  const { data: today, error } = useQuery(todayQuery);
  return (
    <>
      <PageTitle
        title={t('place.today')}
        lead={today ? t('today.at', { time: clock(language, today.at) }) : t('today.wait')}
      />
      <div className="mt-5 flex flex-col gap-5">
        {error && <Trouble error={error} />}
        {today && (
          <>
            <div className="grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-2">
              <Verdict today={today} />
              <Tasks tasks={today.tasks} />
            </div>
            <Tiles today={today} />
          </>
        )}
        <Suspense fallback={<div className="min-h-96 rounded-3xl bg-well" />}>
          <Plots />
        </Suspense>
      </div>
    </>
  );
}
