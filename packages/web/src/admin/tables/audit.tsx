import type { AdminAudit } from '@hili/contract/admin';
import { Did, Subject } from '../did.tsx';
import { Facts } from '../facts.tsx';
import { Stamp, StateMark } from '../marks.tsx';
import type { TableSpec } from '../table-page.tsx';
import { Address } from '../who.tsx';

/** What a thing was before and is now, each value once. */
const changesOf = ({ before, after }: AdminAudit) =>
  Object.fromEntries(
    [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].map((name) => {
      const [old, now] = [before?.[name], after?.[name]].map((value) => JSON.stringify(value));
      return [name, old === undefined ? now : `${old} → ${now ?? '–'}`];
    }),
  );

export const audit: TableSpec<AdminAudit> = {
  name: 'audit',
  states: ['console', 'cli'],
  columns: [
    { head: 'col.act', Cell: ({ row }) => <Did act={row.act} /> },
    {
      head: 'col.subject',
      isWide: true,
      Cell: ({ row }) => (
        <>
          <Subject of={row.subject} />
          <Facts of={changesOf(row)} />
        </>
      ),
    },
    { head: 'col.reason', Cell: ({ row }) => <>{row.reason ?? '–'}</> },
    { head: 'col.by', Cell: ({ row }) => <Address>{row.operator}</Address> },
    { head: 'col.origin', Cell: ({ row }) => <StateMark state={row.origin} /> },
    { head: 'col.from', Cell: ({ row }) => <>{row.address ?? '–'}</> },
    { head: 'col.at', Cell: ({ row }) => <Stamp iso={row.at} /> },
  ],
};
