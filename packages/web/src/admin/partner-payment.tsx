import type { TransferState } from '@hili/contract/admin';
import { Act } from './act.tsx';
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
        { name: 'reference', label: t('transfer.reference'), hint: t('transfer.referenceHint'), max: 64 },
        { name: 'sum', label: t('transfer.sum', { currency: 'CNY' }), hint: t('transfer.sumHint') },
        { name: 'credits', label: t('grant.credits'), kind: 'number', max: 1_000_000_000 },
        {
          name: 'days',
          label: t('grant.days'),
          hint: t('grant.daysHint'),
          kind: 'number',
          value: '365',
          max: 36_500,
          optional: true,
        },
        { name: 'note', label: t('transfer.note'), optional: true, max: 500 },
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
      reveal={({ state }: TransferState) => <p>{t(state === 'draft' ? 'transfer.draft' : 'transfer.granted')}</p>}
    />
  );
}
