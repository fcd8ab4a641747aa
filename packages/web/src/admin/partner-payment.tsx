import type { TransferState } from '@hili/contract/admin';
import { Act } from './act.tsx';
import { daysField, noteField, TransferNoted, transferFields } from './act-fields.tsx';
import { ask } from './client.ts';
import { fenOf } from './fen.ts';
import { useConsole } from './speech.ts';
import { sumOf } from './sum.ts';

/** Notes that a partner has paid for photos by bank transfer. */
export function PartnerPayment({ code, who }: { readonly code: string; readonly who: string }) {
  const { t, language } = useConsole();
  return (
    <Act
      label={t('transfer.partner')}
      look="quiet"
      fields={[
        ...transferFields(t, 'CNY'),
        { name: 'credits', label: t('grant.credits'), kind: 'number', max: 1_000_000_000 },
        daysField(t),
        noteField(t),
      ]}
      withReason={false}
      text={({ reference, sum, credits }) =>
        t('transfer.partnerText', {
          sum: sumOf(language, fenOf(sum)),
          reference: reference || '…',
          who,
          count: Number(credits) || 0,
        })
      }
      run={({ reference, sum, credits, days, note }) =>
        ask<TransferState>('POST', `/partners/${encodeURIComponent(code)}/payments`, {
          reference,
          fen: fenOf(sum),
          credits: Number(credits),
          days: days ? Number(days) : null,
          note,
        })
      }
      done={t('transfer.noted')}
      reveal={(noted: TransferState) => <TransferNoted of={noted} />}
    />
  );
}
