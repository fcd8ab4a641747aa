import { useState } from 'react';
import { enterByPassword, resetPassword } from '../account-client.ts';
import { RequestError } from '../client.ts';
import { useSpeech } from '../language.ts';
import { AccountProblem } from '../parts/account-problem.tsx';
import { button } from '../parts/button.ts';
import { NewPasswordField } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { useArrive } from '../use-arrive.ts';
import { useAttempt } from '../use-attempt.ts';
import { useTitle } from '../use-title.ts';

/** Where the link of a mail leads: a new password, and in. The token stands behind the `#`, where no server sees it. */
export function ResetPasswordPage() {
  const { t } = useSpeech();
  const arrive = useArrive();
  const { busy, problem, attempt } = useAttempt();
  const [password, setPassword] = useState('');
  useTitle(t('title.reset'));
  function submit() {
    void attempt(async () => {
      const token = new URLSearchParams(location.hash.slice(1)).get('token');
      if (!token) throw new RequestError('LINK_EXPIRED');
      const { email } = await resetPassword(token, password);
      await arrive(await enterByPassword(email, password));
    });
  }
  return (
    <div className="mx-auto flex w-full max-w-xl flex-col gap-6 px-4 py-14 sm:px-8">
      <h1 tabIndex={-1} className="text-4xl">
        {t('reset.title')}
      </h1>
      <Form
        busy={busy}
        onSend={submit}
        className="flex flex-col gap-5 rounded-3xl border border-line bg-sheet p-6 shadow-sheet sm:p-8"
      >
        <p className="text-lg">{t('reset.lead')}</p>
        <NewPasswordField value={password} onChange={setPassword} />
        <AccountProblem code={problem} />
        <button type="submit" className={`${button.primary} w-full`} aria-disabled={busy}>
          {t(busy ? 'signIn.moment' : 'reset.save')}
        </button>
      </Form>
    </div>
  );
}
