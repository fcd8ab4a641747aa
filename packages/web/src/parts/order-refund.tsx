import type { OrderView } from '@hili/contract';
import { lazy, Suspense, useState } from 'react';
import { day, money } from '../format.ts';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { Card } from './card.tsx';

const RefundDialog = lazy(() => import('./refund-dialog.tsx'));

/** What of an order can be given back, for how much; and what has become of what was. */
export function OrderRefund({ order }: { readonly order: OrderView }) {
  const { t, language } = useSpeech();
  const [asking, setAsking] = useState(false);
  const { refund, refundable, currency } = order;
  const price = refundable && money(language, refundable.fen, currency);
  return (
    <Card title={t('refund.title')}>
      {refund && <p className="text-lg">{refundWords()}</p>}
      {refundable && price ? (
        <>
          <p className="text-lg">
            {t('refund.text', {
              count: refundable.photos,
              photos: order.photos,
              date: day(language, refundable.until),
              price,
            })}
          </p>
          <button type="button" className={button.quiet} onClick={() => setAsking(true)}>
            {t('refund.ask', { price })}
          </button>
        </>
      ) : (
        !refund && <p>{t('refund.nothing')}</p>
      )}
      {asking && (
        <Suspense>
          <RefundDialog order={order} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </Card>
  );

  function refundWords(): string {
    if (!refund) return '';
    const values = { count: refund.photos, price: money(language, refund.fen, currency) };
    if (refund.state === 'failed') return t('refund.state.failed');
    if (refund.state === 'done')
      return t('refund.state.done', { ...values, date: day(language, refund.endedAt ?? refund.askedAt) });
    return t('refund.state.under', values);
  }
}
