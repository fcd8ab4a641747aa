import type { AccountView } from '@hili/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changeEmail, sendEmailCode } from '../account-client.ts';
import { putAccount, useMail } from '../account-queries.ts';
import { useSpeech } from '../language.ts';
import { meQuery } from '../queries.ts';
import { useAttempt } from '../use-attempt.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';
import { Card } from './card.tsx';
import { CodeField, EmailField } from './field.tsx';
import { Form } from './form.tsx';
import { announce } from './news.tsx';

/** The address, and moving to another: a code shows that mail reaches it. */
export function AccountEmail({ account }: { readonly account: AccountView }) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  return (
    <Card title={t('signIn.email')}>
      <p className="text-lg">{account.email ?? t('account.email.none')}</p>
      {open ? (
        <EmailForm onDone={() => setOpen(false)} />
      ) : (
        <button type="button" className={button.quiet} onClick={() => setOpen(true)}>
          {t(account.email ? 'account.email.change' : 'account.email.add')}
        </button>
      )}
    </Card>
  );
}

function EmailForm({ onDone }: { readonly onDone: () => void }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const isSent = useMail();
  const { busy, problem, attempt } = useAttempt();
  const [email, setEmail] = useState('');
  const [code, setCode] = useState('');
  const [sent, setSent] = useState(false);
  async function submit() {
    if (!sent) {
      if (await attempt(() => sendEmailCode(email))) setSent(true);
      return;
    }
    const moved = await attempt(async () => putAccount(client, await changeEmail(email, code.trim())));
    if (!moved) return;
    void client.invalidateQueries(meQuery);
    announce(t('account.email.done', { email }));
    onDone();
  }
  return (
    <Form busy={busy} onSend={submit} className="flex w-full max-w-lg flex-col gap-4">
      {sent ? (
        <>
          <p role="status">{t(isSent ? 'signIn.sent' : 'signIn.unsent.code', { email })}</p>
          <CodeField value={code} onChange={setCode} />
        </>
      ) : (
        <EmailField label={t('account.email.new')} autoComplete="email" value={email} onChange={setEmail} />
      )}
      <AccountProblem code={problem} />
      <div className="flex flex-wrap gap-3">
        <button type="submit" className={button.quiet} aria-disabled={busy}>
          {t(busy ? 'signIn.moment' : sent ? 'account.save' : 'signIn.send')}
        </button>
        <button type="button" className={button.plain} onClick={onDone}>
          {t('account.never')}
        </button>
      </div>
    </Form>
  );
}
