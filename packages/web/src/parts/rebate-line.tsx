import type { RebateView } from '@hili/contract';
import type { ReactNode } from 'react';
import { day, moment, money } from '../format.ts';
import { useSpeech } from '../language.ts';

/** What is worth seeing from afar: money that is there, or waits for its owner. */
const isGood = ({ state, payout }: RebateView) =>
  state === 'eligible' || state === 'paid' || (state === 'sent' && payout?.state === 'waiting');

/** How one rebate stands. */
export function RebateLine({ rebate, children }: { readonly rebate: RebateView; readonly children?: ReactNode }) {
  const { t, language } = useSpeech();
  const { fen, accruedAt, reason } = rebate;
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-1 py-3">
      <span>
        <strong>{money(language, fen)}</strong>{' '}
        <span className="text-soft">{t('rebate.order', { date: day(language, accruedAt) })}</span>
      </span>
      <span className={isGood(rebate) ? 'text-pine' : 'text-soft'}>
        <State rebate={rebate} />
      </span>
      {reason && <span className="w-full text-soft">{t('rebate.reason', { reason })}</span>}
      {children}
    </li>
  );
}

function State({ rebate }: { readonly rebate: RebateView }) {
  const { t, language } = useSpeech();
  const { state, payout, accruedAt, dueAt, paidAt, receipt } = rebate;
  const hasEnded = payout?.state === 'lapsed' || payout?.state === 'failed';
  if (payout && payout.state !== 'done' && (state === 'sent' || (state === 'eligible' && hasEnded)))
    return t(`rebate.payout.${payout.state}`, { until: moment(language, payout.until) });
  return t(`rebate.state.${state === 'sent' ? 'approved' : state}`, {
    date: day(language, state === 'paid' ? (paidAt ?? accruedAt) : dueAt),
    receipt: receipt ?? '',
  });
}
