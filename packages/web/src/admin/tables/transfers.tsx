import type { AdminTransfer } from '@hili/contract/admin';
import { Act } from '../act.tsx';
import { ask } from '../client.ts';
import { Code, Count, Stamp, StateMark, Sum, To } from '../marks.tsx';
import { useConsole } from '../speech.ts';
import { sumOf } from '../sum.ts';
import type { TableSpec } from '../table-page.tsx';

function For({ row }: { readonly row: AdminTransfer }) {
  if (row.orderId && row.order)
    return (
      <To place="orders" id={row.orderId}>
        {row.order}
      </To>
    );
  return row.partner ? (
    <To place="partners" id={row.partner}>
      {row.partner}
    </To>
  ) : (
    <>–</>
  );
}

function Reverse({ row }: { readonly row: AdminTransfer }) {
  const { t, language } = useConsole();
  const canReverse = row.state === 'draft' || (row.state === 'granted' && row.partner !== null);
  if (!canReverse) return null;
  const values = { reference: row.reference, sum: sumOf(language, row.fen, row.currency), count: row.credits };
  return (
    <Act
      label={t('transfer.reverse')}
      text={() => t(row.state === 'draft' ? 'transfer.dropText' : 'transfer.reverseText', values)}
      run={({ reason }) => ask('POST', `/transfers/${row.id}/reverse`, { reason })}
      done={t('transfer.reversed')}
    />
  );
}

export const transfers: TableSpec<AdminTransfer> = {
  name: 'transfers',
  states: ['draft', 'granted', 'reversed'],
  columns: [
    { head: 'col.reference', Cell: ({ row }) => <Code>{row.reference}</Code> },
    { head: 'col.state', Cell: ({ row }) => <StateMark state={row.state} /> },
    { head: 'col.for', Cell: For },
    { head: 'col.sum', Cell: ({ row }) => <Sum fen={row.fen} currency={row.currency} />, isNumber: true },
    { head: 'col.photos', Cell: ({ row }) => <Count value={row.credits} />, isNumber: true },
    { head: 'col.by', Cell: ({ row }) => <>{[row.createdBy, row.approvedBy].filter(Boolean).join(', ')}</> },
    { head: 'col.note', Cell: ({ row }) => <>{row.reason ?? (row.note || '–')}</> },
    { head: 'col.at', Cell: ({ row }) => <Stamp iso={row.at} /> },
  ],
  Acts: Reverse,
};
