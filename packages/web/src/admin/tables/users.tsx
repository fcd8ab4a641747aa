import type { AdminUser } from '@hili/contract/admin';
import { Count, Mark, Stamp, StateMark } from '../marks.tsx';
import { useConsole } from '../speech.ts';
import type { TableSpec } from '../table-page.tsx';
import { Who } from '../who.tsx';

function Name({ row }: { readonly row: AdminUser }) {
  const { t } = useConsole();
  return (
    <>
      <Who {...row} />
      {row.isOperator && (
        <span className="ms-2">
          <Mark>{t('user.operator')}</Mark>
        </span>
      )}
    </>
  );
}

export const users: TableSpec<AdminUser> = {
  name: 'users',
  states: ['active', 'disabled', 'deleted'],
  columns: [
    { head: 'col.user', Cell: Name },
    { head: 'col.state', Cell: ({ row }) => <StateMark state={row.state} /> },
    { head: 'col.available', Cell: ({ row }) => <Count value={row.available} />, isNumber: true },
    { head: 'col.held', Cell: ({ row }) => <Count value={row.held} />, isNumber: true },
    { head: 'col.photos', Cell: ({ row }) => <Count value={row.photos} />, isNumber: true },
    { head: 'col.since', Cell: ({ row }) => <Stamp iso={row.at} /> },
    { head: 'col.seen', Cell: ({ row }) => <Stamp iso={row.seenAt} /> },
  ],
};
