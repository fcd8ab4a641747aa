import type { AdminPosting } from '@hili/contract/admin';
import { Count, Short, Stamp, StateMark } from '../marks.tsx';
import type { TableSpec } from '../table-page.tsx';

export const ledger: TableSpec<AdminPosting> = {
  name: 'ledger',
  states: ['grant', 'hold', 'capture', 'release', 'expire', 'revoke', 'restore', 'merge'],
  columns: [
    { head: 'col.kind', Cell: ({ row }) => <StateMark state={row.kind} /> },
    { head: 'col.account', Cell: ({ row }) => <Short length={24}>{row.account}</Short> },
    { head: 'col.amount', Cell: ({ row }) => <Count value={row.amount} />, isNumber: true },
    { head: 'col.lot', Cell: ({ row }) => <Short length={24}>{`${row.lotId} ${row.source}`}</Short> },
    { head: 'col.key', Cell: ({ row }) => <Short length={20}>{row.key}</Short> },
    { head: 'col.ref', Cell: ({ row }) => (row.ref ? <Short>{row.ref}</Short> : <>–</>) },
    { head: 'col.by', Cell: ({ row }) => <>{row.actor}</> },
    { head: 'col.at', Cell: ({ row }) => <Stamp iso={row.at} /> },
  ],
};
