import type { AdminBatch } from '@hili/contract/admin';
import { NewBatch, RevokeBatch } from '../batch-acts.tsx';
import { Code, Count, Mark, Stamp, StateMark } from '../marks.tsx';
import { useConsole } from '../speech.ts';
import type { TableSpec } from '../table-page.tsx';

function Worth({ row }: { readonly row: AdminBatch }) {
  const { t } = useConsole();
  return (
    <>
      {t('batch.photos', { count: row.credits })} {row.package && <Code>{row.package}</Code>}
    </>
  );
}

/** Vouchers that can be redeemed wait for nobody here. */
function State({ row }: { readonly row: AdminBatch }) {
  const { t } = useConsole();
  return row.state === 'open' ? <Mark tone="good">{t('batch.open')}</Mark> : <StateMark state={row.state} />;
}

export const batches: TableSpec<AdminBatch> = {
  name: 'batches',
  states: ['open', 'ended'],
  stateNames: { open: 'batch.open' },
  columns: [
    { head: 'col.worth', Cell: Worth },
    { head: 'col.state', Cell: State },
    { head: 'col.vouchers', Cell: ({ row }) => <Count value={row.vouchers} />, isNumber: true },
    { head: 'col.redeemed', Cell: ({ row }) => <Count value={row.redeemed} />, isNumber: true },
    { head: 'col.revoked', Cell: ({ row }) => <Count value={row.revoked} />, isNumber: true },
    { head: 'col.ends', Cell: ({ row }) => <Stamp iso={row.expiresAt} /> },
    { head: 'col.note', Cell: ({ row }) => <>{row.note || '–'}</> },
    { head: 'col.by', Cell: ({ row }) => <>{row.createdBy}</> },
    { head: 'col.made', Cell: ({ row }) => <Stamp iso={row.at} /> },
  ],
  Acts: RevokeBatch,
  Tools: NewBatch,
};
