import { type OrderView, PAY_WAYS, payWayOf } from '@hili/contract';
import { Link } from '@tanstack/react-router';
import { moment, money } from '../format.ts';
import { useSpeech } from '../language.ts';
import { isOpen } from '../order-queries.ts';
import { button } from './button.ts';
import { Card } from './card.tsx';

/** How the texts name the state of an order. */
export const stateOf = (order: OrderView) =>
  (isOpen(order) ? 'open' : order.state) as Exclude<OrderView['state'], 'created' | 'paying'> | 'open';

/** What there is to know of an order. */
export function OrderFacts({ order }: { readonly order: OrderView }) {
  const { t, language } = useSpeech();
  const facts = [
    ['state', t(`order.state.${stateOf(order)}`)],
    ['price', money(language, order.fen, order.currency)],
    ['made', moment(language, order.createdAt)],
    ['paid', order.paidAt && moment(language, order.paidAt)],
    ['by', order.paidAt && PAY_WAYS[payWayOf(order)][language]],
    ['number', order.number],
    ['transaction', order.transactionId],
  ] as const;
  return (
    <Card title={t('order.details')}>
      <dl className="grid w-full gap-x-8 gap-y-3 sm:grid-cols-[auto_minmax(0,1fr)]">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name} className="contents">
                <dt className="text-soft max-sm:-mb-3">{t(`order.fact.${name}`)}</dt>
                <dd className="font-semibold wrap-anywhere">{value}</dd>
              </div>
            ),
        )}
      </dl>
      {order.simulated && <p className="rounded-2xl bg-honey px-4 py-3">{t('order.simulated')}</p>}
      <Link to="/account" hash="orders" className={button.plain}>
        {t('order.back')}
      </Link>
    </Card>
  );
}
