import type { OrderView } from '@hili/contract';
import { Link } from '@tanstack/react-router';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { Card } from './card.tsx';

/** The way to the receipt of an order that was paid. */
export function OrderReceipt({ order }: { readonly order: OrderView }) {
  const { t } = useSpeech();
  return (
    <Card title={t('receipt.title')}>
      <p>{t('receipt.text')}</p>
      <Link to="/orders/$id/receipt" params={{ id: order.id }} className={button.quiet}>
        {t('receipt.open')}
      </Link>
    </Card>
  );
}
