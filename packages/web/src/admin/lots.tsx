import type { AdminLot, AdminMoved } from '@hili/contract/admin';
import { Act } from './act.tsx';
import { ask } from './client.ts';
import { Code, Count, Mark, Stamp } from './marks.tsx';
import { Part } from './part.tsx';
import { useConsole } from './speech.ts';
import { type Column, Table } from './table.tsx';

const COLUMNS: readonly Column<AdminLot>[] = [
  { head: 'col.lot', Cell: Name },
  { head: 'col.granted', Cell: ({ row }) => <Count value={row.granted} />, isNumber: true },
  { head: 'col.available', Cell: ({ row }) => <Count value={row.available} />, isNumber: true },
  { head: 'col.held', Cell: ({ row }) => <Count value={row.held} />, isNumber: true },
  { head: 'col.rights', Cell: Rights },
  { head: 'col.made', Cell: ({ row }) => <Stamp iso={row.at} /> },
  { head: 'col.ends', Cell: ({ row }) => <Stamp iso={row.expiresAt} /> },
];

function Name({ row }: { readonly row: AdminLot }) {
  const { t } = useConsole();
  const { id, package: offer, source } = row;
  return (
    <>
      <Code>{String(id)}</Code> {offer === null ? t(`source.${source}`) : <Code>{offer}</Code>}
    </>
  );
}

function Rights({ row }: { readonly row: AdminLot }) {
  const { t } = useConsole();
  return (
    <span className="inline-flex flex-wrap gap-1.5">
      {row.batch && <Mark>{t('lot.batch')}</Mark>}
      {row.maxSide !== null && <Mark>{t('lot.side', { side: row.maxSide })}</Mark>}
    </span>
  );
}

function Revoke({ row }: { readonly row: AdminLot }) {
  const { t } = useConsole();
  if (row.available === 0) return null;
  return (
    <Act
      label={t('lot.revoke')}
      text={() => t('lot.revokeText', { count: row.available, id: String(row.id) })}
      run={({ reason }, key) => ask<AdminMoved>('POST', `/lots/${row.id}/revoke`, { key, reason })}
      done={t('lot.revoked')}
    />
  );
}

/** Credits as they were granted, with what is left of each. */
export function Lots({ lots }: { readonly lots: readonly AdminLot[] }) {
  const { t } = useConsole();
  return (
    <Part title={t('lot.title')}>
      {lots.length === 0 ? (
        <p className="text-soft">{t('lot.none')}</p>
      ) : (
        <Table caption={t('lot.title')} columns={COLUMNS} rows={lots} keyOf={({ id }) => String(id)} Acts={Revoke} />
      )}
    </Part>
  );
}
