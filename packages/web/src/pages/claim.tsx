import type { ClaimView } from '@hili/contract';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { codeOf } from '../client.ts';
import { clock, money } from '../format.ts';
import { confirmClaim, getClaim } from '../invite-client.ts';
import { useSpeech } from '../language.ts';
import { AccountProblem } from '../parts/account-problem.tsx';
import { button } from '../parts/button.ts';
import { Field } from '../parts/field.tsx';
import { useAttempt } from '../use-attempt.ts';
import { useTitle } from '../use-title.ts';

/** Where the code of a claim leads, mostly on a phone and without a sign-in. Nothing is bound before the answer is sent. */
export function ClaimPage() {
  const { t } = useSpeech();
  const { token } = useParams({ from: '/r/$token' });
  const [isDone, setDone] = useState(false);
  const { data, error } = useQuery({ queryKey: ['claim', token], queryFn: () => getClaim(token), retry: 0 });
  useTitle(t('title.claim'));
  return (
    <div className="mx-auto flex w-full max-w-xl flex-col gap-6 px-4 py-14 sm:px-8">
      <h1 tabIndex={-1} className="text-4xl">
        {t(isDone ? 'claim.done.title' : 'claim.title')}
      </h1>
      {isDone && (
        <p role="status" className="text-xl">
          {t('claim.done.text')}
        </p>
      )}
      {!isDone && data && <ClaimForm claim={data} token={token} onDone={() => setDone(true)} />}
      {!isDone && error && <AccountProblem code={codeOf(error)} />}
    </div>
  );
}

interface ClaimFormProps {
  readonly claim: ClaimView;
  readonly token: string;
  readonly onDone: () => void;
}

function ClaimForm({ claim, token, onDone }: ClaimFormProps) {
  const { t, language } = useSpeech();
  const { busy, problem, attempt } = useAttempt();
  const [wechat, setWechat] = useState('');
  const [name, setName] = useState('');
  const amount = money(language, claim.fen);
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await attempt(() => confirmClaim(token, { wechat: wechat.trim(), name: name.trim() }))) onDone();
  }
  return (
    <form
      onSubmit={(event) => void submit(event)}
      aria-busy={busy}
      className="flex flex-col gap-5 rounded-3xl border border-line bg-sheet p-6 shadow-sheet sm:p-8"
    >
      <p className="font-serif text-5xl font-semibold text-pine">{amount}</p>
      <p className="text-lg wrap-anywhere">{t('claim.account', { account: claim.account })}</p>
      <p className="text-soft">{t('claim.check', { time: clock(language, claim.expiresAt) })}</p>
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
      <AccountProblem code={problem} />
      <button type="submit" className={`${button.primary} w-full`} aria-disabled={busy}>
        {t('claim.send', { amount })}
      </button>
    </form>
  );
}
