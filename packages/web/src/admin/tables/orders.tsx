import { PAY_WAYS, payWayOf } from '@hili/contract';
import type { AdminOrder } from '@hili/contract/admin';
import { Count, Mark, Stamp, StateMark, Sum, To } from '../marks.tsx';
import { useConsole } from '../speech.ts';
import type { Column } from '../table.tsx';
import type { TableSpec } from '../table-page.tsx';
import { Who } from '../who.tsx';

export function OrderState({ row }: { readonly row: AdminOrder }) {
  const { t } = useConsole();
  return (
    <span className="inline-flex flex-wrap gap-1.5 max-lg:justify-end">
      <StateMark state={row.state} />
      {row.underReview && <Mark tone="bad">{t('order.underReview')}</Mark>}
      {row.simulated && <Mark>{t('order.simulated')}</Mark>}
    </span>
  );
}

function Price({ row }: { readonly row: AdminOrder }) {
  return (
    <>
      <Sum fen={row.fen} currency={row.currency} />
      {row.refundedFen > 0 && (
        <span className="block text-rust">
          <Sum fen={-row.refundedFen} currency={row.currency} />
        </span>
      )}
    </>
  );
}

/** The way to pay, as the buyer reads it. */
export function Provider({ row }: { readonly row: Pick<AdminOrder, 'provider' | 'simulated'> }) {
  const { language } = useConsole();
  return <span className="whitespace-nowrap">{PAY_WAYS[payWayOf(row)][language]}</span>;
}

const NUMBER: Column<AdminOrder> = {
  head: 'col.order',
  Cell: ({ row }) => (
    <To place="orders" id={row.id}>
      {row.number}
    </To>
  ),
};
const BUYER: Column<AdminOrder> = {
  head: 'col.user',
  Cell: ({ row }) => <Who id={row.userId} email={row.email} />,
};

/** What an order is about, whoever's it is. */
export const ORDER_COLUMNS: readonly Column<AdminOrder>[] = [
  NUMBER,
  { head: 'col.state', Cell: OrderState },
  { head: 'col.photos', Cell: ({ row }) => <Count value={row.photos} />, isNumber: true },
  { head: 'col.price', Cell: Price, isNumber: true },
  { head: 'col.provider', Cell: Provider },
  { head: 'col.made', Cell: ({ row }) => <Stamp iso={row.at} /> },
];

export const orders: TableSpec<AdminOrder> = {
  name: 'orders',
  states: ['created', 'paying', 'paid', 'refunding', 'refunded', 'closed'],
  columns: [NUMBER, BUYER, ...ORDER_COLUMNS.slice(1)],
};
