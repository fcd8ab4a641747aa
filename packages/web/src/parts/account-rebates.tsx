import type { ClaimLink, RebateView } from '@hili/contract';
import { useState } from 'react';
import { clock, day, money } from '../format.ts';
import { openClaim, useRebates } from '../invite-client.ts';
import { useSpeech } from '../language.ts';
import { useAttempt } from '../use-attempt.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';
import { Card } from './card.tsx';
import { QrCode } from './qr-code.tsx';

/** Cash back on orders: how each stands, and the code with which what is due is claimed. Shown to who has some. */
export default function AccountRebates() {
  const { t, language } = useSpeech();
  const rebates = useRebates().data ?? [];
  const { busy, problem, attempt } = useAttempt();
  const [link, setLink] = useState<ClaimLink>();
  if (rebates.length === 0) return null;
  const due = rebates.filter(({ state }) => state === 'eligible');
  const fen = due.reduce((sum, each) => sum + each.fen, 0);
  const claim = () => void attempt(async () => setLink(await openClaim()));
  return (
    <Card title={t('rebate.title')} className="lg:col-span-2">
      <ul className="w-full divide-y divide-line border-y border-line">
        {rebates.map((rebate) => (
          <Rebate key={rebate.id} rebate={rebate} />
        ))}
      </ul>
      <AccountProblem code={problem} />
      {due.length > 0 && !link && (
        <button type="button" className={button.primary} aria-disabled={busy} onClick={claim}>
          {t('rebate.claim', { amount: money(language, fen) })}
        </button>
      )}
      {due.length > 0 && link && (
        <div className="flex w-full flex-col gap-6 sm:flex-row sm:items-center">
          <QrCode text={link.url} label={t('rebate.qr')} />
          <div className="flex min-w-0 flex-col items-start gap-3">
            <p className="text-lg">{t('rebate.scan', { time: clock(language, link.expiresAt) })}</p>
            <a href={link.url} className={button.plain}>
              {t('rebate.here')}
            </a>
            <button type="button" className={button.plain} aria-disabled={busy} onClick={claim}>
              {t('rebate.anew')}
            </button>
          </div>
        </div>
      )}
    </Card>
  );
}

function Rebate({ rebate }: { readonly rebate: RebateView }) {
  const { t, language } = useSpeech();
  const { fen, state, accruedAt, dueAt, paidAt, receipt, reason } = rebate;
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-1 py-3">
      <span>
        <strong>{money(language, fen)}</strong>{' '}
        <span className="text-soft">{t('rebate.order', { date: day(language, accruedAt) })}</span>
      </span>
      <span className={state === 'eligible' || state === 'paid' ? 'text-pine' : 'text-soft'}>
        {t(`rebate.state.${state}`, {
          date: day(language, state === 'paid' ? (paidAt ?? accruedAt) : dueAt),
          receipt: receipt ?? '',
        })}
      </span>
      {reason && <span className="w-full text-soft">{t('rebate.reason', { reason })}</span>}
    </li>
  );
}
