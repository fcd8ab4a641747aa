import type { OrderView } from '@hili/contract';
import { Link } from '@tanstack/react-router';
import { codeOf } from '../client.ts';
import { day, money } from '../format.ts';
import { useSpeech } from '../language.ts';
import { useOrders } from '../order-queries.ts';
import { AccountProblem } from './account-problem.tsx';
import { Card } from './card.tsx';
import { stateOf } from './order-facts.tsx';

/** What the user has bought, newest first. */
export default function AccountOrders() {
  const { t } = useSpeech();
  const { data: orders, error } = useOrders();
  return (
    <Card title={t('order.list')} id="orders" className="lg:col-span-2">
      {error && <AccountProblem code={codeOf(error)} />}
      {orders?.length === 0 && <p className="text-lg">{t('order.none')}</p>}
      {orders && orders.length > 0 && (
        <ul className="w-full divide-y divide-line border-y border-line">
          {orders.map((order) => (
            <Order key={order.id} order={order} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Order({ order }: { readonly order: OrderView }) {
  const { t, language } = useSpeech();
  const state = stateOf(order);
  return (
    <li>
      <Link
        to="/orders/$id"
        params={{ id: order.id }}
        className="flex min-h-14 flex-wrap items-baseline gap-x-6 gap-y-0.5 py-3 hover:text-pine"
      >
        <strong className="underline decoration-1 underline-offset-4">
          {t('order.photos', { count: order.photos })}
        </strong>
        <span>{money(language, order.fen, order.currency)}</span>
        <span className="text-soft">{day(language, order.createdAt)}</span>
        <span className={`ms-auto ${state === 'closed' || state === 'refunded' ? 'text-soft' : 'text-pine'}`}>
          {t(`order.state.${state}`)}
        </span>
        <span className="w-full font-mono text-sm text-soft">{order.number}</span>
      </Link>
    </li>
  );
}
