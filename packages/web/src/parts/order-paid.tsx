import type { OrderView } from '@hili/contract';
import { Link } from '@tanstack/react-router';
import { useSpeech } from '../language.ts';
import { useMe } from '../queries.ts';
import { useNow } from '../use-now.ts';
import { button } from './button.ts';
import { Icon } from './icons.tsx';

/** Milliseconds for which thanks are fresh; later there is only the order. */
const FRESH_MS = 86_400_000;

interface OrderPaidProps {
  readonly order: OrderView;
  /** Whether it was paid just now, before the reader's eyes. */
  readonly justPaid: boolean;
}

/** That the payment has arrived, how many photos there are now, and what to do next. */
export function OrderPaid({ order, justPaid }: OrderPaidProps) {
  const { t } = useSpeech();
  const me = useMe();
  const age = useNow(60_000) - Date.parse(order.paidAt ?? '');
  if (order.state !== 'paid' || age > FRESH_MS) return null;
  return (
    <section className={`flex gap-4 rounded-3xl bg-mint p-6 sm:p-8 ${justPaid ? 'animate-appear' : ''}`}>
      <Icon name="coin" className="size-10 text-pine max-sm:hidden" />
      <div className="flex min-w-0 flex-col items-start gap-3">
        <h2 className="text-2xl">{t('pay.done.title')}</h2>
        <p className="text-lg">
          {t('pay.done.text', { count: order.photos })} {me && t('pay.done.now', { count: me.photosLeft })}
        </p>
        <Link to="/" className={button.primary}>
          {t('pay.done.choose')}
        </Link>
      </div>
    </section>
  );
}
