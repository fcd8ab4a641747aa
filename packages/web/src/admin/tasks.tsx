import type { AdminToday } from '@hili/contract/admin';
import { Link } from '@tanstack/react-router';
import { TASKS } from './places.ts';
import { useConsole } from './speech.ts';

/** What waits for an operator, each line leading to the rows that it counts. */
export function Tasks({ tasks }: { readonly tasks: AdminToday['tasks'] }) {
  const { t } = useConsole();
  const open = TASKS.filter(({ task }) => tasks[task] > 0);
  return (
    <section aria-labelledby="tasks" className="rounded-3xl border border-line bg-sheet p-6">
      <h2 id="tasks" className="text-2xl">
        {t('tasks.title')}
      </h2>
      {open.length === 0 ? (
        <p className="mt-2 text-soft">{t('tasks.none')}</p>
      ) : (
        <ul className="mt-2 divide-y divide-line">
          {open.map(({ task, place, ...selection }) => (
            <li key={task}>
              <Link
                to="/admin/$place"
                params={{ place }}
                search={selection}
                className="flex min-h-11 items-center py-1.5 font-semibold text-pine underline decoration-1 underline-offset-4 hover:decoration-2"
              >
                {t(`tasks.${task}`, { count: tasks[task] })}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
