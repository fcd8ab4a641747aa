import type { AdminInvite } from '@hili/contract/admin';
import { Act } from '../act.tsx';
import { ask } from '../client.ts';
import { Mark, Stamp, StateMark } from '../marks.tsx';
import { useConsole } from '../speech.ts';
import type { TableSpec } from '../table-page.tsx';
import { nameOf, Who } from '../who.tsx';

const inviterOf = (row: AdminInvite) => ({ id: row.inviterId, email: row.inviter });
const inviteeOf = (row: AdminInvite) => ({ id: row.inviteeId, email: row.invitee });

function Suspicion({ row }: { readonly row: AdminInvite }) {
  const { t } = useConsole();
  return row.suspicion ? <Mark tone="wait">{t(`invite.suspicion.${row.suspicion}`)}</Mark> : <>–</>;
}

function Acts({ row }: { readonly row: AdminInvite }) {
  const { t } = useConsole();
  if (row.state !== 'review') return null;
  const values = {
    inviter: nameOf(inviterOf(row)),
    invitee: nameOf(inviteeOf(row)),
    inviterPhotos: row.inviterCredits,
    inviteePhotos: row.inviteeCredits,
  };
  return (
    <>
      <Act
        label={t('invite.approve')}
        text={() => t('invite.approveText', values)}
        withReason={false}
        run={() => ask('POST', `/invites/${row.id}/approve`)}
        done={t('invite.approved')}
      />
      <Act
        label={t('invite.refuse')}
        text={() => t('invite.refuseText', values)}
        withReason={false}
        run={() => ask('POST', `/invites/${row.id}/refuse`)}
        done={t('invite.refused')}
      />
    </>
  );
}

export const invites: TableSpec<AdminInvite> = {
  name: 'invites',
  states: ['review', 'bound', 'bought', 'rewarded', 'refused', 'clawed_back'],
  columns: [
    {
      head: 'col.inviter',
      Cell: ({ row }) => <Who {...inviterOf(row)} />,
    },
    {
      head: 'col.invitee',
      Cell: ({ row }) => <Who {...inviteeOf(row)} />,
    },
    { head: 'col.state', Cell: ({ row }) => <StateMark state={row.state} /> },
    { head: 'col.suspicion', Cell: Suspicion },
    { head: 'col.reward', Cell: ({ row }) => <>{`${row.inviterCredits} + ${row.inviteeCredits}`}</>, isNumber: true },
    { head: 'col.joined', Cell: ({ row }) => <Stamp iso={row.at} /> },
    { head: 'col.bought', Cell: ({ row }) => <Stamp iso={row.qualifiedAt} /> },
    { head: 'col.by', Cell: ({ row }) => <>{row.decidedBy ?? '–'}</> },
  ],
  Acts,
};
