import type { AdminIssue } from '@hili/contract/admin';
import { Act } from '../act.tsx';
import { ask } from '../client.ts';
import { Facts } from '../facts.tsx';
import { Stamp, StateMark, To } from '../marks.tsx';
import { type ConsoleKey, useConsole } from '../speech.ts';
import type { TableSpec } from '../table-page.tsx';
import { Provider } from './orders.tsx';

type Kind = Extract<ConsoleKey, `issue.kind.${string}`> extends `issue.kind.${infer Name}` ? Name : never;

function Finding({ row }: { readonly row: AdminIssue }) {
  const { t } = useConsole();
  return (
    <>
      {t(`issue.kind.${row.kind as Kind}`)}
      <Facts of={row.detail} />
    </>
  );
}

function Resolve({ row }: { readonly row: AdminIssue }) {
  const { t } = useConsole();
  if (row.state !== 'open') return null;
  return (
    <Act
      label={t('issue.resolve')}
      text={() => t('issue.resolveText', { kind: t(`issue.kind.${row.kind as Kind}`), number: row.number ?? '–' })}
      fields={[{ name: 'note', label: t('issue.note'), hint: t('issue.noteHint'), kind: 'lines', max: 1000 }]}
      withReason={false}
      run={({ note }) => ask('POST', `/issues/${row.id}/resolve`, { note })}
      done={t('issue.resolved')}
    />
  );
}

export const issues: TableSpec<AdminIssue> = {
  name: 'issues',
  states: ['open', 'resolved'],
  columns: [
    { head: 'col.finding', Cell: Finding, isWide: true },
    { head: 'col.state', Cell: ({ row }) => <StateMark state={row.state} /> },
    {
      head: 'col.order',
      Cell: ({ row }) =>
        row.orderId && row.number ? (
          <To place="orders" id={row.orderId}>
            {row.number}
          </To>
        ) : (
          (row.number ?? '–')
        ),
    },
    {
      head: 'col.provider',
      Cell: ({ row }) => <Provider row={{ provider: row.provider, simulated: row.provider.endsWith('-sim') }} />,
    },
    { head: 'col.found', Cell: ({ row }) => <Stamp iso={row.at} /> },
    { head: 'col.note', Cell: ({ row }) => <>{row.note ? `${row.note} (${row.resolvedBy})` : '–'}</> },
  ],
  Acts: Resolve,
};
