import { type OrderView, PACKAGES } from '@hili/contract';
import { useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { codeOf } from '../client.ts';
import { useSpeech } from '../language.ts';
import { isOpen, useOrder } from '../order-queries.ts';
import { AccountProblem } from '../parts/account-problem.tsx';
import { announce } from '../parts/news.tsx';
import { OfferSummary } from '../parts/offer-summary.tsx';
import { OrderEnded } from '../parts/order-ended.tsx';
import { OrderFacts } from '../parts/order-facts.tsx';
import { OrderFapiao } from '../parts/order-fapiao.tsx';
import { OrderPaid } from '../parts/order-paid.tsx';
import { OrderPayment } from '../parts/order-payment.tsx';
import { OrderReceipt } from '../parts/order-receipt.tsx';
import { OrderRefund } from '../parts/order-refund.tsx';
import { SignInFirst } from '../parts/sign-in-first.tsx';
import { useMe } from '../queries.ts';
import { useTitle } from '../use-title.ts';

/** One order from its first moment to its last: how to pay it, that it is paid, and what can be done with it then. */
export function OrderPage() {
  const { t } = useSpeech();
  const { id } = useParams({ from: '/orders/$id' });
  const me = useMe();
  const { data: order, error } = useOrder(id);
  useTitle(t('title.order'));
  const justPaid = useJustPaid(order);
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-12 sm:px-8 lg:py-16">
      <h1 tabIndex={-1} className="text-4xl">
        {order ? t(isOpen(order) ? 'buy.title' : 'order.photos', { count: order.photos }) : t('order.title')}
      </h1>
      <div className="mt-8 flex flex-col gap-6">
        {me?.kind === 'guest' && <SignInFirst to={`/orders/${id}`} />}
        {error && <AccountProblem code={codeOf(error)} />}
        {order && <Order order={order} justPaid={justPaid} />}
        {!order && !error && me?.kind !== 'guest' && <div className="min-h-[60svh] rounded-3xl bg-well" />}
      </div>
    </div>
  );
}

/** Whether this order was paid before the reader's eyes; said aloud at that moment. */
function useJustPaid(order: OrderView | undefined): boolean {
  const { t } = useSpeech();
  const wasOpen = useRef(false);
  if (order && isOpen(order)) wasOpen.current = true;
  const justPaid = wasOpen.current && order?.state === 'paid';
  useEffect(() => {
    if (justPaid) announce(t('pay.done.title'));
  }, [justPaid, t]);
  return justPaid;
}

function Order({ order, justPaid }: { readonly order: OrderView; readonly justPaid: boolean }) {
  const { t } = useSpeech();
  const offer = PACKAGES.find(({ code }) => code === order.package);
  const isPaid = order.paidAt !== null;
  return (
    <>
      {order.underReview && <p className="rounded-2xl bg-honey p-5 text-lg">{t('pay.review')}</p>}
      {isOpen(order) && (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)]">
          <OrderPayment order={order} />
          {offer && <OfferSummary offer={offer} price={order} />}
        </div>
      )}
      {order.state === 'closed' && <OrderEnded order={order} />}
      {isPaid && <OrderPaid order={order} justPaid={justPaid} />}
      {!isOpen(order) && (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-2">
          <OrderFacts order={order} />
          {isPaid && (
            <div className="flex flex-col gap-6">
              <OrderReceipt order={order} />
              <OrderRefund order={order} />
              {order.currency === 'CNY' && !order.simulated && <OrderFapiao order={order} />}
            </div>
          )}
        </div>
      )}
    </>
  );
}
