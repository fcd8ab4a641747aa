import type { AdminPosting } from '@hili/contract/admin';
import { Code, Count, Short, Stamp, StateMark } from '../marks.tsx';
import { type ConsoleKey, useConsole } from '../speech.ts';
import type { TableSpec } from '../table-page.tsx';
import { Address } from '../who.tsx';

/** What each account of the books is called. */
const ACCOUNTS: Readonly<Record<AdminPosting['account'], ConsoleKey>> = {
  avail: 'book.avail',
  held: 'book.held',
  'sys:issued': 'book.issued',
  'sys:consumed': 'book.consumed',
  'sys:expired': 'book.expired',
  'sys:revoked': 'book.revoked',
};

function Text({ of }: { readonly of: ConsoleKey }) {
  return <>{useConsole().t(of)}</>;
}

/** Who moved them: operators are known by their addresses. */
function By({ row: { actor } }: { readonly row: AdminPosting }) {
  const { t } = useConsole();
  if (actor === 'system') return <>{t('order.system')}</>;
  return actor.includes('@') ? <Address>{actor}</Address> : <Short>{actor}</Short>;
}

function Lot({ row }: { readonly row: AdminPosting }) {
  const { t } = useConsole();
  return (
    <span className="whitespace-nowrap">
      <Code>{String(row.lotId)}</Code> {t(`source.${row.source}`)}
    </span>
  );
}

export const ledger: TableSpec<AdminPosting> = {
  name: 'ledger',
  states: ['grant', 'hold', 'capture', 'release', 'expire', 'revoke', 'restore', 'merge'],
  columns: [
    { head: 'col.kind', Cell: ({ row }) => <StateMark state={row.kind} /> },
    { head: 'col.account', Cell: ({ row }) => <Text of={ACCOUNTS[row.account]} /> },
    { head: 'col.amount', Cell: ({ row }) => <Count value={row.amount} />, isNumber: true },
    { head: 'col.lot', Cell: Lot },
    { head: 'col.key', Cell: ({ row }) => <Short length={20}>{row.key}</Short> },
    { head: 'col.ref', Cell: ({ row }) => (row.ref ? <Short>{row.ref}</Short> : <>–</>) },
    { head: 'col.by', Cell: By },
    { head: 'col.at', Cell: ({ row }) => <Stamp iso={row.at} /> },
  ],
};
