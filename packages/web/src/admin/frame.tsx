import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { codeOf } from '../client.ts';
import { LostPage } from '../pages/lost.tsx';
import { Gate } from './gate.tsx';
import { Nav } from './nav.tsx';
import { accessQuery } from './queries.ts';
import { SearchBox } from './search-box.tsx';
import { useConsole } from './speech.ts';
import { Trouble } from './trouble.tsx';

const FIND = 'find';

/** What stands around every page of the console; until an operator has shown a second factor, the way to do so. */
export function ConsoleFrame() {
  const { t } = useConsole();
  const navigate = useNavigate();
  const { data: access, error } = useQuery(accessQuery);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      document.getElementById(FIND)?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  if (codeOf(error) === 'NOT_FOUND' && error) return <LostPage />;
  if (!access)
    return <div className="mx-auto min-h-svh w-full max-w-2xl px-4 py-10">{error && <Trouble error={error} />}</div>;
  if (access.consoleUntil === null) return <Gate access={access} />;
  return (
    <div className="mx-auto grid w-full max-w-[110rem] grow grid-cols-[minmax(0,1fr)] content-start gap-x-8 px-4 pt-4 pb-14 sm:px-6 lg:grid-cols-[15rem_minmax(0,1fr)] lg:pt-7">
      <div className="flex flex-col gap-4 lg:sticky lg:top-4 lg:-mx-1.5 lg:max-h-[calc(100svh-7.5rem-var(--foot))] lg:self-start lg:overflow-y-auto lg:p-1.5">
        <SearchBox
          id={FIND}
          label={t('find.label')}
          value=""
          onSearch={(q) => void navigate({ to: '/admin/$place', params: { place: 'find' }, search: { q } })}
        />
        <Nav />
      </div>
      <div className="mt-6 min-w-0 lg:mt-0">
        <Outlet />
      </div>
    </div>
  );
}
