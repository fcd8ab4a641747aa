import { type OrderView, PAY_WAYS, payWayOf } from '@hili/contract';
import { Link } from '@tanstack/react-router';
import { moment, money } from '../format.ts';
import { useSpeech } from '../language.ts';
import { usePackages } from '../order-queries.ts';
import { useNow } from '../use-now.ts';
import { button } from './button.ts';
import { CancelOrder } from './cancel-order.tsx';
import { Card } from './card.tsx';
import { OrderEnded } from './order-ended.tsx';
import { PayByCode } from './pay-by-code.tsx';

/** How an open order is paid. */
export function OrderPayment({ order }: { readonly order: OrderView }) {
  const { t, language } = useSpeech();
  const ways = usePackages().data?.providers;
  const isOver = useNow(1_000) >= Date.parse(order.expiresAt);
  if (isOver || !order.payment) return <OrderEnded order={order} />;
  const { payment } = order;
  const name = PAY_WAYS[payWayOf(order)][language];
  return (
    <Card title={name}>
      <p className="text-lg">
        {t('pay.amount')}{' '}
        <strong className="font-serif text-3xl whitespace-nowrap">{money(language, order.fen, order.currency)}</strong>
      </p>
      {payment.kind === 'qr' && <PayByCode order={order} payment={payment} />}
      {payment.kind === 'redirect' && (
        <>
          <p className="text-lg">{t('pay.redirect.text', { name })}</p>
          <a href={payment.url} className={button.primary}>
            {t('pay.redirect.go')}
          </a>
        </>
      )}
      {payment.kind === 'manual' && (
        <>
          <p className="text-lg">{t('pay.manual.text')}</p>
          <p className="w-full rounded-2xl bg-well p-5 text-lg whitespace-pre-line select-all">{payment.account}</p>
          <p className="text-lg">
            {t('pay.manual.reference')}{' '}
            <strong className="font-mono text-xl wrap-anywhere select-all">{payment.reference}</strong>
          </p>
          <p>{t('pay.manual.until', { date: moment(language, order.expiresAt) })}</p>
        </>
      )}
      <p className="text-soft">{t('pay.waits')}</p>
      <div className="flex flex-wrap gap-x-8">
        {ways !== undefined && ways.length > 1 && (
          <Link to="/buy/$package" params={{ package: order.package }} className={button.plain}>
            {t('pay.other')}
          </Link>
        )}
        <CancelOrder order={order} />
      </div>
    </Card>
  );
}
