import type { AccountView } from '@hili/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changePassword } from '../account-client.ts';
import { accountQuery } from '../account-queries.ts';
import { useSpeech } from '../language.ts';
import { useAttempt } from '../use-attempt.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';
import { Card } from './card.tsx';
import { NewPasswordField, PasswordField } from './field.tsx';
import { Form } from './form.tsx';
import { announce } from './news.tsx';

/** Setting a password, or another one. */
export function AccountPassword({ account }: { readonly account: AccountView }) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  return (
    <Card title={t('signIn.password')}>
      <p className="text-lg">{t(account.hasPassword ? 'account.password.has' : 'account.password.none')}</p>
      {open ? (
        <PasswordForm account={account} onDone={() => setOpen(false)} />
      ) : (
        <button type="button" className={button.quiet} onClick={() => setOpen(true)}>
          {t(account.hasPassword ? 'account.password.change' : 'account.password.set')}
        </button>
      )}
    </Card>
  );
}

function PasswordForm({ account, onDone }: { readonly account: AccountView; readonly onDone: () => void }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const { busy, problem, attempt } = useAttempt();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  async function submit() {
    if (!(await attempt(() => changePassword(password, account.hasPassword ? current : undefined)))) return;
    void client.invalidateQueries(accountQuery);
    announce(t('account.password.done'));
    onDone();
  }
  return (
    <Form busy={busy} onSend={submit} className="flex w-full max-w-lg flex-col gap-4">
      {/* Password managers keep the password under this name. */}
      <input type="text" autoComplete="username" value={account.email ?? account.name} readOnly hidden />
      {account.hasPassword && (
        <PasswordField label={t('account.password.current')} value={current} onChange={setCurrent} />
      )}
      <NewPasswordField value={password} onChange={setPassword} />
      <p className="text-soft">{t('account.password.others')}</p>
      <AccountProblem code={problem} />
      <div className="flex flex-wrap gap-3">
        <button type="submit" className={button.quiet} aria-disabled={busy}>
          {t(busy ? 'signIn.moment' : 'account.save')}
        </button>
        <button type="button" className={button.plain} onClick={onDone}>
          {t('account.never')}
        </button>
      </div>
    </Form>
  );
}
