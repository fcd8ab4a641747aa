import { ERRORS, type ErrorCode } from '@hili/contract';
import type { AdminJob } from '@hili/contract/admin';
import { percent } from '../../format.ts';
import { useSpeech } from '../../language.ts';
import { RECIPE_KEYS } from '../../recipes.ts';
import { Act } from '../act.tsx';
import { ask } from '../client.ts';
import { Code, Mark, Short, Stamp, StateMark, To } from '../marks.tsx';
import { useConsole } from '../speech.ts';
import type { TableSpec } from '../table-page.tsx';
import { Who } from '../who.tsx';

function State({ row }: { readonly row: AdminJob }) {
  const { t, language } = useConsole();
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5 max-lg:justify-end">
      <StateMark state={row.state} />
      {row.state === 'running' && <span className="tabular-nums">{percent(language, row.progress)}</span>}
      {row.attempt > 1 && <Mark tone="wait">{t('job.attempt', { count: row.attempt })}</Mark>}
      {row.rerun ? <Mark>{t('job.rerun')}</Mark> : row.free && <Mark>{t('job.free')}</Mark>}
    </span>
  );
}

function Cause({ row }: { readonly row: AdminJob }) {
  const { language } = useConsole();
  if (!row.error) return <>–</>;
  return (
    <>
      {row.error in ERRORS && <>{ERRORS[row.error as ErrorCode].text[language]} </>}
      <Code>{row.error}</Code>
    </>
  );
}

function Owner({ row }: { readonly row: AdminJob }) {
  const { t } = useConsole();
  if (row.owner === 'user') return <Who id={row.ownerId} email={row.ownerName} />;
  if (row.owner === 'partner' && row.ownerName)
    return (
      <To place="partners" id={row.ownerName}>
        {row.ownerName}
      </To>
    );
  return <>{t('job.guest')}</>;
}

function Recipe({ row }: { readonly row: AdminJob }) {
  const { t } = useSpeech();
  return <>{t(`choice.recipes.${RECIPE_KEYS[row.recipe]}.name`)}</>;
}

/** How long it took, or has taken so far, in seconds. */
function Took({ row }: { readonly row: AdminJob }) {
  const { language } = useConsole();
  if (!row.startedAt || !row.endedAt) return <>–</>;
  const seconds = (Date.parse(row.endedAt) - Date.parse(row.startedAt)) / 1000;
  return (
    <span className="whitespace-nowrap">
      {new Intl.NumberFormat(language, { style: 'unit', unit: 'second', maximumFractionDigits: 1 }).format(seconds)}
    </span>
  );
}

function Acts({ row }: { readonly row: AdminJob }) {
  const { t } = useConsole();
  const who = row.ownerName ?? t('job.guest');
  return (
    <>
      {(row.state === 'queued' || row.state === 'running') && (
        <Act
          label={t('job.cancel')}
          text={() => t('job.cancelText', { who })}
          run={({ reason }) => ask('POST', `/jobs/${row.id}/cancel`, { reason })}
          done={t('job.cancelled')}
        />
      )}
      {row.canRetry && (
        <Act
          label={t('job.retry')}
          text={() => t('job.retryText', { who })}
          run={({ reason }) => ask('POST', `/jobs/${row.id}/retry`, { reason })}
          done={t('job.retried')}
        />
      )}
    </>
  );
}

export const jobs: TableSpec<AdminJob> = {
  name: 'jobs',
  states: ['queued', 'running', 'done', 'failed'],
  columns: [
    { head: 'col.photo', Cell: ({ row }) => <Short>{row.photoId}</Short> },
    { head: 'col.owner', Cell: Owner },
    { head: 'col.recipe', Cell: Recipe },
    { head: 'col.state', Cell: State },
    { head: 'col.cause', Cell: Cause },
    {
      head: 'col.size',
      Cell: ({ row }) => <span className="whitespace-nowrap">{`${row.width} × ${row.height}`}</span>,
      isNumber: true,
    },
    { head: 'col.made', Cell: ({ row }) => <Stamp iso={row.at} /> },
    { head: 'col.took', Cell: Took, isNumber: true },
  ],
  Acts,
};
