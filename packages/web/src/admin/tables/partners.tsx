import type { AdminPartner } from '@hili/contract/admin';
import { Code, Count, Stamp, StateMark, To } from '../marks.tsx';
import { NewPartner } from '../partner-acts.tsx';
import { useConsole } from '../speech.ts';
import type { TableSpec } from '../table-page.tsx';

function Addresses({ row }: { readonly row: AdminPartner }) {
  const { t } = useConsole();
  return <>{row.addresses.length > 0 ? row.addresses.join(', ') : t('partner.anywhere')}</>;
}

export const partners: TableSpec<AdminPartner> = {
  name: 'partners',
  states: ['active', 'disabled'],
  columns: [
    {
      head: 'col.partner',
      Cell: ({ row }) => (
        <To place="partners" id={row.code}>
          {row.name}
        </To>
      ),
    },
    { head: 'col.code', Cell: ({ row }) => <Code>{row.code}</Code> },
    { head: 'col.state', Cell: ({ row }) => <StateMark state={row.state} /> },
    { head: 'col.available', Cell: ({ row }) => <Count value={row.available} />, isNumber: true },
    { head: 'col.held', Cell: ({ row }) => <Count value={row.held} />, isNumber: true },
    { head: 'col.photos', Cell: ({ row }) => <Count value={row.photos} />, isNumber: true },
    { head: 'col.addresses', Cell: Addresses },
    { head: 'col.since', Cell: ({ row }) => <Stamp iso={row.at} /> },
  ],
  Tools: NewPartner,
};
