import type { AdminOrderView } from '@hili/contract/admin';
import { useQuery } from '@tanstack/react-query';
import { FactList } from './fact-list.tsx';
import { Code, Count, Stamp, Sum, To } from './marks.tsx';
import { OrderActs } from './order-acts.tsx';
import { PageTitle } from './page-title.tsx';
import { Part } from './part.tsx';
import { viewQuery } from './queries.ts';
import { type ConsoleKey, useConsole } from './speech.ts';
import { type Column, Table } from './table.tsx';
import { OrderState, Provider } from './tables/orders.tsx';
import { Trouble } from './trouble.tsx';
import { Address } from './who.tsx';

type Event = AdminOrderView['events'][number];
type Refund = AdminOrderView['refunds'][number];

/** An event's own word where the console has none of its own. */
function What({ row }: { readonly row: Event }) {
  const { t } = useConsole();
  const words = t(`order.event.${row.kind}` as ConsoleKey);
  return words === `order.event.${row.kind}` ? <Code>{row.kind}</Code> : words;
}

/** Those who act on orders and are no operators. */
const ACTORS = ['system', 'notice', 'query'] as const;

function By({ row: { actor } }: { readonly row: Pick<Event, 'actor'> }) {
  const { t } = useConsole();
  const known = ACTORS.find((each) => each === actor);
  // Buyers are known by their ids, operators by their addresses.
  return <>{known ? t(`order.${known}`) : actor.includes('@') ? actor : t('order.buyer')}</>;
}

const EVENT_COLUMNS: readonly Column<Event>[] = [
  { head: 'col.event', Cell: What },
  {
    head: 'col.sum',
    Cell: ({ row }) => (row.fen === null ? <>–</> : <Sum fen={row.fen} currency={row.currency ?? 'CNY'} />),
    isNumber: true,
  },
  { head: 'col.by', Cell: By },
  { head: 'col.payment', Cell: ({ row }) => (row.transactionId ? <Code>{row.transactionId}</Code> : <>–</>) },
  { head: 'col.at', Cell: ({ row }) => <Stamp iso={row.at} /> },
];

const REFUND_COLUMNS: readonly Column<Refund>[] = [
  { head: 'col.refund', Cell: ({ row }) => <Code>{row.number}</Code> },
  { head: 'col.photos', Cell: ({ row }) => <Count value={row.photos} />, isNumber: true },
  { head: 'col.sum', Cell: ({ row }) => <Sum fen={row.fen} />, isNumber: true },
  { head: 'col.state', Cell: RefundState },
  { head: 'col.by', Cell: By },
  { head: 'col.asked', Cell: ({ row }) => <Stamp iso={row.at} /> },
  { head: 'col.ended', Cell: ({ row }) => <Stamp iso={row.endedAt} /> },
];

function RefundState({ row }: { readonly row: Refund }) {
  const { t } = useConsole();
  return <>{t(`order.refundState.${row.state}`)}</>;
}

/** One order, with everything that happened to it. */
export function OrderPage({ id }: { readonly id: string }) {
  const { t } = useConsole();
  const { data, error } = useQuery(viewQuery<AdminOrderView>(`/orders/${encodeURIComponent(id)}`));
  if (!data) return error ? <Trouble error={error} /> : <div className="min-h-96 rounded-3xl bg-well" />;
  const { order, events, refunds } = data;
  return (
    <>
      <PageTitle title={order.number} lead={t('order.lead')}>
        <OrderActs view={data} />
      </PageTitle>
      <FactList
        facts={[
          ['col.state', <OrderState key="state" row={order} />],
          [
            'col.user',
            <To key="user" place="users" id={order.userId}>
              <Address>{order.email ?? order.userId.slice(0, 8)}</Address>
            </To>,
          ],
          ['col.photos', <Count key="photos" value={order.photos} />],
          ['col.price', <Sum key="price" fen={order.fen} currency={order.currency} />],
          ['col.refunded', <Sum key="refunded" fen={order.refundedFen} currency={order.currency} />],
          ['col.provider', <Provider key="provider" row={order} />],
          ['col.payment', order.transactionId ? <Code key="payment">{order.transactionId}</Code> : '–'],
          ['col.made', <Stamp key="made" iso={order.at} />],
          ['col.paid', <Stamp key="paid" iso={order.paidAt} />],
        ]}
      />
      {order.underReview && (
        <p className="mt-4 rounded-2xl bg-blush p-4">
          {t('order.reviewText')}{' '}
          <To place="issues" search={{ q: order.number, state: 'open' }}>
            {t('place.issues')}
          </To>
        </p>
      )}
      <Part title={t('order.events')}>
        <Table
          caption={t('order.events')}
          columns={EVENT_COLUMNS}
          rows={events}
          keyOf={(row) => `${row.at} ${row.kind}`}
        />
      </Part>
      {refunds.length > 0 && (
        <Part title={t('order.refunds')}>
          <Table caption={t('order.refunds')} columns={REFUND_COLUMNS} rows={refunds} keyOf={(row) => row.number} />
        </Part>
      )}
    </>
  );
}
