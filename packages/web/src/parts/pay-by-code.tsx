import { type OrderView, type PaymentView, payWayOf } from '@hili/contract';
import { useState } from 'react';
import { useSpeech } from '../language.ts';
import { isPhone } from '../pay-ways.ts';
import { useMe } from '../queries.ts';
import { useNow } from '../use-now.ts';
import { button } from './button.ts';
import { CopyButton } from './copy-button.tsx';
import { QrCode } from './qr-code.tsx';

interface PayByCodeProps {
  readonly order: OrderView;
  readonly payment: Extract<PaymentView, { kind: 'qr' }>;
}

/** A code to scan, and how long it is good; on a phone, how to get it onto another screen, which a simulated payment does not need. */
export function PayByCode({ order, payment }: PayByCodeProps) {
  const { t } = useSpeech();
  const [onPhone] = useState(isPhone);
  const way = payWayOf(order);
  const scan = way === 'demo' || way === 'alipay' ? way : 'wechat';
  return (
    <>
      {onPhone && scan !== 'demo' && <OtherScreen order={order} />}
      <div className="flex w-full flex-col items-center gap-6 sm:flex-row sm:items-start">
        <QrCode text={payment.code} label={t('pay.qr')} />
        <div className="flex min-w-0 flex-col items-start gap-4">
          <p className="text-lg">{t(`pay.scan.${scan}`)}</p>
          {payment.demoUrl && (
            <a href={payment.demoUrl} target="_blank" rel="noopener" className={button.primary}>
              {t('pay.demo')}
            </a>
          )}
          <TimeLeft expiresAt={order.expiresAt} />
        </div>
      </div>
    </>
  );
}

function TimeLeft({ expiresAt }: { readonly expiresAt: string }) {
  const { t } = useSpeech();
  const seconds = Math.max(0, Math.round((Date.parse(expiresAt) - useNow(1_000)) / 1000));
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <p className="text-soft tabular-nums" role="timer">
      {t('pay.left', { time })}
    </p>
  );
}

/** What a phone can do, whose camera cannot see its own screen. */
function OtherScreen({ order }: Pick<PayByCodeProps, 'order'>) {
  const { t } = useSpeech();
  const account = useMe()?.account;
  const url = `${location.origin}/orders/${order.id}`;
  return (
    <section className="flex w-full flex-col items-start gap-3 rounded-2xl bg-honey p-5">
      <h3 className="text-xl">{t('pay.phone.title')}</h3>
      <p>{t('pay.phone.text', { name: account?.email ?? account?.name ?? '' })}</p>
      <p className="font-mono text-sm wrap-anywhere select-all">{url}</p>
      <CopyButton text={url} label={t('link.copy')} done={t('link.copied')} />
    </section>
  );
}
