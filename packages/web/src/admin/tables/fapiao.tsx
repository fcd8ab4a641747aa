import type { AdminFapiao } from '@hili/contract/admin';
import { Act } from '../act.tsx';
import { ask } from '../client.ts';
import { Mark, Short, Stamp, StateMark, Sum, To } from '../marks.tsx';
import { useConsole } from '../speech.ts';
import { sumOf } from '../sum.ts';
import type { TableSpec } from '../table-page.tsx';
import { Address } from '../who.tsx';

function State({ row }: { readonly row: AdminFapiao }) {
  const { t } = useConsole();
  return (
    <span className="inline-flex flex-wrap gap-1.5 max-lg:justify-end">
      <StateMark state={row.state} />
      {row.simulated && <Mark>{t('order.simulated')}</Mark>}
    </span>
  );
}

function Acts({ row }: { readonly row: AdminFapiao }) {
  const { t, language } = useConsole();
  if (row.state !== 'open') return null;
  const values = { title: row.title, email: row.email, sum: sumOf(language, row.fen), number: row.number };
  return (
    <>
      <Act
        label={t('fapiao.issued')}
        text={() => t('fapiao.issuedText', values)}
        fields={[{ name: 'note', label: t('fapiao.number'), max: 500 }]}
        withReason={false}
        run={({ note }) => ask('POST', `/fapiao/${row.id}/issue`, { note })}
        done={t('fapiao.noted')}
      />
      <Act
        label={t('fapiao.refuse')}
        text={() => t('fapiao.refuseText', values)}
        fields={[{ name: 'note', label: t('fapiao.why'), max: 500 }]}
        withReason={false}
        run={({ note }) => ask('POST', `/fapiao/${row.id}/refuse`, { note })}
        done={t('fapiao.refused')}
      />
    </>
  );
}

export const fapiao: TableSpec<AdminFapiao> = {
  name: 'fapiao',
  states: ['open', 'issued', 'refused'],
  columns: [
    { head: 'col.title', Cell: ({ row }) => <>{row.title}</> },
    { head: 'col.taxNumber', Cell: ({ row }) => (row.taxNumber ? <Short length={20}>{row.taxNumber}</Short> : <>–</>) },
    { head: 'col.sum', Cell: ({ row }) => <Sum fen={row.fen} />, isNumber: true },
    { head: 'col.state', Cell: State },
    { head: 'col.email', Cell: ({ row }) => <Address>{row.email}</Address> },
    {
      head: 'col.order',
      Cell: ({ row }) => (
        <To place="orders" id={row.orderId}>
          {row.number}
        </To>
      ),
    },
    { head: 'col.asked', Cell: ({ row }) => <Stamp iso={row.at} /> },
    { head: 'col.note', Cell: ({ row }) => <>{row.note ? `${row.note} (${row.endedBy})` : '–'}</> },
  ],
  Acts,
};
