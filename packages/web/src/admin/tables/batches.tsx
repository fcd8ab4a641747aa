import type { AdminBatch } from '@hili/contract/admin';
import { NewBatch, RevokeBatch } from '../batch-acts.tsx';
import { Code, Count, Stamp, StateMark } from '../marks.tsx';
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

export const batches: TableSpec<AdminBatch> = {
  name: 'batches',
  states: ['open', 'ended'],
  columns: [
    { head: 'col.worth', Cell: Worth },
    { head: 'col.state', Cell: ({ row }) => <StateMark state={row.state} /> },
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
