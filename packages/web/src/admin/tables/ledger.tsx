import type { AdminPosting } from '@hili/contract/admin';
import { Code, Count, Stamp, StateMark } from '../marks.tsx';
import type { TableSpec } from '../table-page.tsx';

export const ledger: TableSpec<AdminPosting> = {
  name: 'ledger',
  states: ['grant', 'hold', 'capture', 'release', 'expire', 'revoke', 'restore', 'merge'],
  columns: [
    { head: 'col.kind', Cell: ({ row }) => <StateMark state={row.kind} /> },
    { head: 'col.account', Cell: ({ row }) => <Code>{row.account}</Code> },
    { head: 'col.amount', Cell: ({ row }) => <Count value={row.amount} />, isNumber: true },
    { head: 'col.lot', Cell: ({ row }) => <Code>{`${row.lotId} ${row.source}`}</Code> },
    { head: 'col.key', Cell: ({ row }) => <Code>{row.key}</Code> },
    { head: 'col.ref', Cell: ({ row }) => <>{row.ref ?? '–'}</> },
    { head: 'col.by', Cell: ({ row }) => <>{row.actor}</> },
    { head: 'col.at', Cell: ({ row }) => <Stamp iso={row.at} /> },
  ],
};
