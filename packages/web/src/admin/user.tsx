import type { AdminUserView } from '@hili/contract/admin';
import { useQuery } from '@tanstack/react-query';
import { bytes } from '../format.ts';
import { useSpeech } from '../language.ts';
import { LANGUAGE_NAMES } from '../parts/language-choice.tsx';
import { FactList } from './fact-list.tsx';
import { Grant } from './grant.tsx';
import { Lots } from './lots.tsx';
import { Code, Count, Stamp, StateMark, To } from './marks.tsx';
import { PageTitle } from './page-title.tsx';
import { Part } from './part.tsx';
import { viewQuery } from './queries.ts';
import { type ConsoleKey, useConsole } from './speech.ts';
import { type Column, Table } from './table.tsx';
import { ORDER_COLUMNS } from './tables/orders.tsx';
import { Trouble } from './trouble.tsx';
import { UserActs } from './user-acts.tsx';
import { nameOf } from './who.tsx';

type Photo = AdminUserView['photos'][number];

const PHOTO_COLUMNS: readonly Column<Photo>[] = [
  {
    head: 'col.photo',
    Cell: ({ row }) => (
      <To place="jobs" search={{ q: row.id }}>
        {row.name}
      </To>
    ),
  },
  { head: 'col.size', Cell: ({ row }) => <>{`${row.width} × ${row.height}`}</>, isNumber: true },
  { head: 'col.weight', Cell: Weight, isNumber: true },
  { head: 'col.made', Cell: ({ row }) => <Stamp iso={row.createdAt} /> },
  { head: 'col.goes', Cell: ({ row }) => <Stamp iso={row.expiresAt} /> },
  { head: 'col.gone', Cell: ({ row }) => <Stamp iso={row.removedAt} /> },
];

function Weight({ row }: { readonly row: Photo }) {
  const { language } = useSpeech();
  return <>{`${row.format} ${bytes(language, row.bytes)}`}</>;
}

/** Where all else of somebody is. */
const MORE = [
  ['ledger', 'user.ledger'],
  ['jobs', 'user.jobs'],
  ['invites', 'user.invites'],
  ['rebates', 'user.rebates'],
] as const satisfies readonly (readonly [string, ConsoleKey])[];

/** One user: what they have, what they bought, which photos are here, and what can be done for them. */
export function UserPage({ id }: { readonly id: string }) {
  const { t } = useConsole();
  const { data, error } = useQuery(viewQuery<AdminUserView>(`/users/${encodeURIComponent(id)}`));
  if (!data) return error ? <Trouble error={error} /> : <div className="min-h-96 rounded-3xl bg-well" />;
  const { user, language, sessions, lots, orders, photos } = data;
  const who = nameOf(user);
  return (
    <>
      <PageTitle title={who} {...(user.email && user.name && { lead: user.name })}>
        {user.state !== 'deleted' && <Grant path={`/users/${id}`} who={who} />}
        <UserActs user={user} />
      </PageTitle>
      {user.reason && <p className="mt-4 rounded-2xl bg-blush p-4">{t('user.because', { reason: user.reason })}</p>}
      <FactList
        facts={[
          ['col.state', <StateMark key="state" state={user.state} />],
          ['col.available', <Count key="available" value={user.available} />],
          ['col.held', <Count key="held" value={user.held} />],
          ['col.photos', <Count key="photos" value={user.photos} />],
          ['col.since', <Stamp key="since" iso={user.at} />],
          ['col.seen', <Stamp key="seen" iso={user.seenAt} />],
          ['user.sessions', <Count key="sessions" value={sessions} />],
          ['user.language', LANGUAGE_NAMES[language]],
          ['col.id', <Code key="id">{user.id}</Code>],
        ]}
      />
      <p className="mt-4 flex flex-wrap gap-x-6 gap-y-2">
        {MORE.map(([place, label]) => (
          <To key={place} place={place} search={{ owner: id }}>
            {t(label)}
          </To>
        ))}
      </p>
      <Lots lots={lots} />
      <Part
        title={t('user.orders')}
        aside={
          orders.length > 0 && (
            <To place="orders" search={{ owner: id }}>
              {t('user.all')}
            </To>
          )
        }
      >
        {orders.length === 0 ? (
          <p className="text-soft">{t('user.noOrders')}</p>
        ) : (
          <Table caption={t('user.orders')} columns={ORDER_COLUMNS} rows={orders} keyOf={(row) => row.id} />
        )}
      </Part>
      <Part title={t('user.photos')}>
        {photos.length === 0 ? (
          <p className="text-soft">{t('user.noPhotos')}</p>
        ) : (
          <Table caption={t('user.photos')} columns={PHOTO_COLUMNS} rows={photos} keyOf={(row) => row.id} />
        )}
      </Part>
    </>
  );
}
