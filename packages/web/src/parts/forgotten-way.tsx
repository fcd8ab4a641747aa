import { useState } from 'react';
import { sendResetLink } from '../account-client.ts';
import { useMail } from '../account-queries.ts';
import { useSpeech } from '../language.ts';
import { useAttempt } from '../use-attempt.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';
import type { AddressProps } from './code-way.tsx';
import { EmailField } from './field.tsx';
import { Form } from './form.tsx';

/** A link by mail to set a new password. What is said is the same whether or not the address has an account. */
export function ForgottenWay({ email, onEmail }: AddressProps) {
  const { t } = useSpeech();
  const isSent = useMail();
  const { busy, problem, attempt } = useAttempt();
  const [sentTo, setSentTo] = useState('');
  async function submit() {
    if (await attempt(() => sendResetLink(email))) setSentTo(email);
  }
  return (
    <Form busy={busy} onSend={submit} className="flex flex-col gap-5">
      <p className="text-lg">{t('signIn.forgottenLead')}</p>
      <EmailField value={email} onChange={onEmail} />
      <AccountProblem code={problem} />
      <div role="status">
        {sentTo && (
          <p className={`rounded-2xl p-4 ${isSent ? 'bg-mint' : 'bg-honey'}`}>
            {t(isSent ? 'signIn.forgottenSent' : 'signIn.unsent.link', { email: sentTo })}
          </p>
        )}
      </div>
      <button type="submit" className={`${button.primary} w-full`} aria-disabled={busy}>
        {t(busy ? 'signIn.moment' : 'signIn.forgottenSend')}
      </button>
    </Form>
  );
}
