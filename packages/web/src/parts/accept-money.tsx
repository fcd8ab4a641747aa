import type { ClaimView } from '@hili/contract';
import { useState } from 'react';
import { money } from '../format.ts';
import { useSpeech } from '../language.ts';
import { isPhone } from '../pay-ways.ts';
import { acceptInWechat, isInWechat } from '../wechat.ts';
import { button } from './button.ts';
import { OpenInWechat } from './open-in-wechat.tsx';
import { QrCode } from './qr-code.tsx';

interface AcceptMoneyProps {
  readonly claim: ClaimView;
  readonly accept: NonNullable<ClaimView['accept']>;
}

/** Money that waits in WeChat: the button that has WeChat ask, or how to get there; and what became of it. */
export function AcceptMoney({ claim, accept }: AcceptMoneyProps) {
  const { t, language } = useSpeech();
  const [outcome, setOutcome] = useState<Awaited<ReturnType<typeof acceptInWechat>>>();
  const amount = money(language, claim.fen);
  const { state } = accept;
  return (
    <div className="flex flex-col items-start gap-5 rounded-3xl border border-line bg-sheet p-6 shadow-sheet sm:p-8">
      <p className="font-serif text-5xl font-semibold text-pine">{amount}</p>
      <p className="text-lg wrap-anywhere">{t('claim.account', { account: claim.account })}</p>
      {state === 'waiting' ? (
        <Waiting
          claim={claim}
          outcome={outcome}
          onAccept={() => void acceptInWechat(accept).then(setOutcome)}
          amount={amount}
        />
      ) : (
        <p role="status" className="text-lg">
          {t(`accept.${WORDS[state]}`)}
        </p>
      )}
    </div>
  );
}

/** The text for each state in which there is nothing to press. */
const WORDS = {
  asked: 'prepared',
  accepted: 'prepared',
  sending: 'sending',
  done: 'done',
  closing: 'ended',
  failed: 'ended',
  lapsed: 'ended',
} as const;

interface WaitingProps {
  readonly claim: ClaimView;
  readonly amount: string;
  readonly outcome: 'accepted' | 'left' | 'outdated' | undefined;
  readonly onAccept: () => void;
}

function Waiting({ claim, amount, outcome, onAccept }: WaitingProps) {
  const { t } = useSpeech();
  const [onPhone] = useState(isPhone);
  if (!isInWechat())
    return (
      <>
        <p className="text-lg">{t(onPhone ? 'accept.phone' : 'accept.how')}</p>
        {onPhone && <OpenInWechat />}
        {onPhone && <p className="mt-2 text-soft">{t('accept.second')}</p>}
        <QrCode text={location.href} label={t('accept.qr')} />
        {claim.demoUrl !== null && (
          <a href={claim.demoUrl} className={button.plain}>
            {t('claim.demo')}
          </a>
        )}
      </>
    );
  return (
    <>
      <p className="text-soft">{t('accept.check')}</p>
      {outcome === 'accepted' ? (
        <p role="status" className="text-lg">
          {t('accept.pressed')}
        </p>
      ) : (
        <button type="button" className={`${button.primary} w-full`} onClick={onAccept}>
          {t('accept.go', { amount })}
        </button>
      )}
      {outcome === 'outdated' && (
        <p role="alert" className="text-rust">
          {t('accept.outdated')}
        </p>
      )}
    </>
  );
}
