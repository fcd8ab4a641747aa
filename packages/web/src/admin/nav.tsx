import type { AdminToday } from '@hili/contract/admin';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Icon } from '../parts/icons.tsx';
import { GROUPS, waitingAt } from './places.ts';
import { todayQuery } from './queries.ts';
import { useConsole } from './speech.ts';
import { useWide } from './use-wide.ts';

const ITEM =
  'flex min-h-11 items-center justify-between gap-3 rounded-xl px-3 hover:bg-well aria-[current=page]:bg-mint aria-[current=page]:font-semibold aria-[current=page]:text-pine lg:min-h-8.5';

/** The way to every place of the console, with the number of what waits there; on a phone it unfolds. */
export function Nav() {
  const { t } = useConsole();
  const { place } = useParams({ strict: false });
  const isWide = useWide();
  const tasks = useQuery(todayQuery).data?.tasks;
  const fold = useRef<HTMLDetailsElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it folds up when one has arrived
  useEffect(() => fold.current?.removeAttribute('open'), [place]);
  if (isWide) return <Groups tasks={tasks} />;
  const waiting = tasks ? Object.values(tasks).reduce((sum, count) => sum + count, 0) : 0;
  return (
    <details ref={fold} className="rounded-2xl border border-line bg-sheet p-1.5">
      <summary className="flex min-h-11 items-center justify-between gap-3 px-3 font-semibold">
        <span className="inline-flex items-center gap-2.5">
          <Icon name="menu" />
          {t('nav.menu')}
        </span>
        <Waiting count={waiting} />
      </summary>
      <Groups tasks={tasks} />
    </details>
  );
}

function Waiting({ count }: { readonly count: number }) {
  const { t, language } = useConsole();
  if (count === 0) return null;
  return (
    <span className="rounded-full bg-honey px-2 text-sm font-semibold text-amber tabular-nums">
      {new Intl.NumberFormat(language).format(count)}
      <span className="sr-only"> {t('nav.waiting')}</span>
    </span>
  );
}

function Groups({ tasks }: { readonly tasks: AdminToday['tasks'] | undefined }) {
  const { t } = useConsole();
  return (
    <nav aria-label={t('nav.label')} className="flex flex-col gap-4 text-[0.95rem]">
      <Link to="/admin" activeOptions={{ exact: true }} className={ITEM}>
        {t('place.today')}
      </Link>
      {GROUPS.map(({ name, places }) => (
        <div key={name}>
          <p className="px-3 pb-1 text-sm text-soft">{t(`group.${name}`)}</p>
          <ul>
            {places.map((place) => (
              <li key={place}>
                <Link
                  to="/admin/$place"
                  params={{ place }}
                  search={{}}
                  activeOptions={{ includeSearch: false }}
                  className={ITEM}
                >
                  {t(`place.${place}`)}
                  <Waiting count={tasks ? waitingAt(tasks, place) : 0} />
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
