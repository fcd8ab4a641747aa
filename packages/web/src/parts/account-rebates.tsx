import type { ClaimLink, RebateView } from '@hili/contract';
import { useState } from 'react';
import { clock, money } from '../format.ts';
import { openAcceptance, openClaim, useRebates } from '../invite-client.ts';
import { useSpeech } from '../language.ts';
import { useAttempt } from '../use-attempt.ts';
import { isInWechat } from '../wechat.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';
import { Card } from './card.tsx';
import { ClaimCode } from './claim-code.tsx';
import { RebateLine } from './rebate-line.tsx';

/** Cash back on orders: how each stands, and the codes with which what is due is claimed, and what waits is received. Shown to who has some. */
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
          <RebateLine key={rebate.id} rebate={rebate}>
            {rebate.payout?.state === 'waiting' && <Receive rebate={rebate} />}
          </RebateLine>
        ))}
      </ul>
      <AccountProblem code={problem} />
      {due.length > 0 && !link && (
        <button type="button" className={button.primary} aria-disabled={busy} onClick={claim}>
          {t('rebate.claim', { amount: money(language, fen) })}
        </button>
      )}
      {due.length > 0 && link && (
        <ClaimCode
          link={link}
          label={t('rebate.qr')}
          text={t('rebate.scan', { time: clock(language, link.expiresAt) })}
          busy={busy}
          onAnew={claim}
        />
      )}
    </Card>
  );
}

/** Leads to where money that waits in WeChat is accepted: at once in WeChat, by a code elsewhere. */
function Receive({ rebate }: { readonly rebate: RebateView }) {
  const { t, language } = useSpeech();
  const { busy, problem, attempt } = useAttempt();
  const [link, setLink] = useState<ClaimLink>();
  const open = () =>
    void attempt(async () => {
      const made = await openAcceptance(rebate.id);
      if (isInWechat()) location.assign(made.url);
      else setLink(made);
    });
  return (
    <div className="flex w-full flex-col items-start gap-4 py-2">
      {link ? (
        <ClaimCode
          link={link}
          label={t('rebate.receiveQr')}
          text={t('rebate.receiveScan', { time: clock(language, link.expiresAt) })}
          busy={busy}
          onAnew={open}
        />
      ) : (
        <button type="button" className={button.primary} aria-disabled={busy} onClick={open}>
          {t('rebate.receive', { amount: money(language, rebate.fen) })}
        </button>
      )}
      <AccountProblem code={problem} />
    </div>
  );
}
