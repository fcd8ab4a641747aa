import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { GROUPS, waitingAt } from './places.ts';
import { todayQuery } from './queries.ts';
import { useConsole } from './speech.ts';

const ITEM =
  'flex min-h-11 items-center justify-between gap-3 rounded-xl px-3 hover:bg-well aria-[current=page]:bg-mint aria-[current=page]:font-semibold aria-[current=page]:text-pine lg:min-h-8.5';

/** The way to every place of the console, with the number of what waits there; on a phone it unfolds. */
export function Nav() {
  const { t } = useConsole();
  const { place } = useParams({ strict: false });
  const fold = useRef<HTMLDetailsElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it folds up when one has arrived
  useEffect(() => fold.current?.removeAttribute('open'), [place]);
  return (
    <>
      <details ref={fold} className="rounded-2xl border border-line bg-sheet p-1.5 lg:hidden">
        <summary className="flex min-h-11 items-center px-3 font-semibold">{t('nav.menu')}</summary>
        <Groups />
      </details>
      <div className="max-lg:hidden">
        <Groups />
      </div>
    </>
  );
}

function Groups() {
  const { t, language } = useConsole();
  const tasks = useQuery(todayQuery).data?.tasks;
  return (
    <nav aria-label={t('nav.label')} className="flex flex-col gap-4 text-[0.95rem]">
      <Link to="/admin" activeOptions={{ exact: true }} className={ITEM}>
        {t('place.today')}
      </Link>
      {GROUPS.map(({ name, places }) => (
        <div key={name}>
          <p className="px-3 pb-1 text-sm text-soft">{t(`group.${name}`)}</p>
          <ul>
            {places.map((place) => {
              const waiting = tasks ? waitingAt(tasks, place) : 0;
              return (
                <li key={place}>
                  <Link
                    to="/admin/$place"
                    params={{ place }}
                    search={{}}
                    activeOptions={{ includeSearch: false }}
                    className={ITEM}
                  >
                    {t(`place.${place}`)}
                    {waiting > 0 && (
                      <span className="rounded-full bg-honey px-2 text-sm font-semibold text-amber tabular-nums">
                        {new Intl.NumberFormat(language).format(waiting)}
                        <span className="sr-only"> {t('nav.waiting')}</span>
                      </span>
                    )}
                  </Link>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}
