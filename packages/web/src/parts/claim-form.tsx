import type { ClaimView } from '@hili/contract';
import { useState } from 'react';
import { clock, money } from '../format.ts';
import { confirmByWechat, confirmClaim, wayToWechat } from '../invite-client.ts';
import { useSpeech } from '../language.ts';
import { isPhone } from '../pay-ways.ts';
import { useAttempt } from '../use-attempt.ts';
import { isInWechat } from '../wechat.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';
import { Field } from './field.tsx';
import { Form } from './form.tsx';
import { OpenInWechat } from './open-in-wechat.tsx';

interface ClaimFormProps {
  readonly claim: ClaimView;
  readonly token: string;
  /** Why WeChat did not say who opened the page. */
  readonly problem: 'other' | 'refused' | 'silent' | undefined;
  readonly onDone: (way: 'wechat' | 'text') => void;
}

/** What is claimed and whose it is, and to whom it goes: to who opened the page in WeChat, or to a WeChat ID that is typed in. */
export function ClaimForm({ claim, token, problem: wechatProblem, onDone }: ClaimFormProps) {
  const { t, language } = useSpeech();
  const { busy, problem, attempt } = useAttempt();
  const [wechat, setWechat] = useState('');
  const [name, setName] = useState('');
  const amount = money(language, claim.fen);
  const isKnown = claim.wechat === 'known';
  async function submit() {
    const send = () =>
      isKnown ? confirmByWechat(token) : confirmClaim(token, { wechat: wechat.trim(), name: name.trim() });
    if (await attempt(send)) onDone(isKnown ? 'wechat' : 'text');
  }
  return (
    <Form
      busy={busy}
      onSend={submit}
      className="flex flex-col gap-5 rounded-3xl border border-line bg-sheet p-6 shadow-sheet sm:p-8"
    >
      <p className="font-serif text-5xl font-semibold text-pine">{amount}</p>
      <p className="text-lg wrap-anywhere">{t('claim.account', { account: claim.account })}</p>
      <p className="text-soft">{t('claim.check', { time: clock(language, claim.expiresAt) })}</p>
      {isKnown && <p className="text-lg">{t('claim.byWechat')}</p>}
      {claim.wechat === 'small' && <p className="text-lg">{t('claim.small')}</p>}
      {claim.wechat === 'ask' && <WechatFirst claim={claim} token={token} problem={wechatProblem} />}
      {!isKnown && (
        <>
          <Field
            label={t('claim.wechat')}
            hint={t('claim.hint')}
            value={wechat}
            onChange={setWechat}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            pattern="\s*([A-Za-z][\w\-]{5,19}|1\d{10})\s*"
            required
          />
          <Field label={t('claim.name')} value={name} onChange={setName} autoComplete="off" maxLength={60} required />
        </>
      )}
      <AccountProblem code={problem} />
      <button type="submit" className={`${button.primary} w-full`} aria-disabled={busy}>
        {t('claim.send', { amount })}
      </button>
    </Form>
  );
}

/** The easier way than to type: in WeChat, which says by itself who opened the page. */
function WechatFirst({ claim, token, problem }: Pick<ClaimFormProps, 'claim' | 'token' | 'problem'>) {
  const { t } = useSpeech();
  const canGo = isInWechat() || claim.demoUrl !== null;
  const [onPhone] = useState(() => isPhone() && !isInWechat());
  const easier = onPhone ? 'claim.easierHere' : 'claim.easier';
  return (
    <div className="flex flex-col items-start gap-2 rounded-2xl bg-well p-4">
      <p role={problem ? 'alert' : undefined}>{t(problem ? `claim.problem.${problem}` : easier)}</p>
      {onPhone && <OpenInWechat />}
      {canGo && (
        <a href={wayToWechat(token)} className={button.plain}>
          {t(claim.demoUrl === null ? 'claim.again' : 'claim.demo')}
        </a>
      )}
    </div>
  );
}
