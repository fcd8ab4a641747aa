import { PAY_WAYS, payWayOf } from '@hili/contract';
import type { AdminOrderView, TransferState } from '@hili/contract/admin';
import { Act } from './act.tsx';
import { noteField, TransferNoted, transferFields } from './act-fields.tsx';
import { ask } from './client.ts';
import { fenOf } from './fen.ts';
import { useConsole } from './speech.ts';
import { sumOf } from './sum.ts';

/** The provider whose money an operator sees come in at the bank. */
const BY_TRANSFER = 'offline';

/** What can be done about an order. */
export function OrderActs({ view: { order, refundable } }: { readonly view: AdminOrderView }) {
  const { t, language } = useConsole();
  const path = `/orders/${order.id}`;
  const who = order.email ?? order.userId;
  const isOpen = order.state === 'created' || order.state === 'paying';
  const isByTransfer = order.provider === BY_TRANSFER;
  return (
    <>
      {!isByTransfer && (isOpen || order.state === 'refunding') && (
        <Act
          label={t('order.check')}
          look="quiet"
          withReason={false}
          text={() => t('order.checkText', { provider: PAY_WAYS[payWayOf(order)][language], number: order.number })}
          run={() => ask('POST', `${path}/check`)}
          done={t('order.checked')}
        />
      )}
      {isByTransfer && order.state !== 'refunding' && !order.paidAt && (
        <Act
          label={t('transfer.confirm')}
          look="quiet"
          fields={[...transferFields(t, order.currency), noteField(t)]}
          withReason={false}
          text={({ reference, sum }) =>
            t('transfer.confirmText', {
              price: sumOf(language, order.fen, order.currency),
              sum: sumOf(language, fenOf(sum), order.currency),
              reference: reference || '…',
              count: order.photos,
              who,
            })
          }
          run={({ reference, sum, note }) =>
            ask<TransferState>('POST', `${path}/confirm`, { reference, fen: fenOf(sum), note })
          }
          done={t('transfer.noted')}
          reveal={(noted: TransferState) => <TransferNoted of={noted} />}
        />
      )}
      {isByTransfer && order.state === 'refunding' && (
        <Act
          label={t('transfer.sent')}
          look="quiet"
          fields={[
            {
              name: 'reference',
              label: t('transfer.reference'),
              hint: t('transfer.sentHint'),
              max: 64,
              optional: true,
            },
          ]}
          withReason={false}
          text={({ reference }) =>
            reference ? t('transfer.sentText', { who, reference }) : t('transfer.neverText', { who })
          }
          run={({ reference }) => ask('POST', `${path}/refund-sent`, { reference: reference || null })}
          done={t('transfer.noted')}
        />
      )}
      {refundable && (
        <Act
          label={t('order.refund')}
          look="danger"
          text={() =>
            t('order.refundText', {
              count: refundable.photos,
              sum: sumOf(language, refundable.fen, order.currency),
              who,
            })
          }
          run={({ reason }) => ask('POST', `${path}/refund`, { reason })}
          done={t('order.refundAsked')}
        />
      )}
    </>
  );
}
