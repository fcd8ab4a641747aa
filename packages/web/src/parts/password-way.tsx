import { useState } from 'react';
import { enterByPassword } from '../account-client.ts';
import { useSpeech } from '../language.ts';
import { useArrive } from '../use-arrive.ts';
import { useAttempt } from '../use-attempt.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';
import type { AddressProps } from './code-way.tsx';
import { EmailField, PasswordField } from './field.tsx';
import { Form } from './form.tsx';

/** By address and password, for those who have set one. */
export function PasswordWay({ email, onEmail, onForgotten }: AddressProps & { readonly onForgotten: () => void }) {
  const { t } = useSpeech();
  const arrive = useArrive();
  const { busy, problem, attempt } = useAttempt();
  const [password, setPassword] = useState('');
  function submit() {
    void attempt(async () => arrive(await enterByPassword(email, password)));
  }
  return (
    <Form busy={busy} onSend={submit} className="flex flex-col gap-5">
      <EmailField value={email} onChange={onEmail} />
      <PasswordField label={t('signIn.password')} value={password} onChange={setPassword} />
      <AccountProblem code={problem} />
      <button type="submit" className={`${button.primary} w-full`} aria-disabled={busy}>
        {t(busy ? 'signIn.moment' : 'signIn.enter')}
      </button>
      <button type="button" className={`${button.plain} self-start`} onClick={onForgotten}>
        {t('signIn.forgotten')}
      </button>
    </Form>
  );
}
