import { useEffect, useRef, useState } from 'react';
import { enterByCode, sendCode } from '../account-client.ts';
import { useMail } from '../account-queries.ts';
import { useSpeech } from '../language.ts';
import { useArrive } from '../use-arrive.ts';
import { useAttempt } from '../use-attempt.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';
import { CodeField, EmailField } from './field.tsx';
import { Form } from './form.tsx';
import { announce } from './news.tsx';

export interface AddressProps {
  readonly email: string;
  readonly onEmail: (email: string) => void;
}

/** By six digits that are sent to the address; the account is made when there is none. */
export function CodeWay({ email, onEmail }: AddressProps) {
  const { t } = useSpeech();
  const arrive = useArrive();
  const isSent = useMail();
  const sentKey = isSent ? 'signIn.sent' : 'signIn.unsent.code';
  const { busy, problem, attempt, clear } = useAttempt();
  const [sent, setSent] = useState(false);
  const [code, setCode] = useState('');
  const said = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (sent) said.current?.parentElement?.querySelector('input')?.focus();
  }, [sent]);

  async function send() {
    const done = await attempt(() => sendCode(email));
    if (!done) return;
    setSent(true);
    setCode('');
    announce(t(sentKey, { email }));
  }
  function submit() {
    if (!sent) void send();
    else void attempt(async () => arrive(await enterByCode(email, code.trim())));
  }
  return (
    <Form busy={busy} onSend={submit} className="flex flex-col gap-5">
      <p ref={said} className="text-lg">
        {sent ? t(sentKey, { email }) : t(isSent ? 'signIn.lead' : 'signIn.unsent.lead')}
      </p>
      {sent ? (
        <CodeField value={code} onChange={setCode} />
      ) : (
        <EmailField value={email} onChange={onEmail} hint={t('signIn.new')} />
      )}
      <AccountProblem code={problem} />
      <button type="submit" className={`${button.primary} w-full`} aria-disabled={busy}>
        {t(busy ? 'signIn.moment' : sent ? 'signIn.enter' : 'signIn.send')}
      </button>
      {sent && (
        <div className="flex flex-wrap justify-between gap-x-6">
          <button type="button" className={button.plain} onClick={() => void send()}>
            {t('signIn.resend')}
          </button>
          <button
            type="button"
            className={button.plain}
            onClick={() => {
              setSent(false);
              clear();
            }}
          >
            {t('signIn.other')}
          </button>
        </div>
      )}
    </Form>
  );
}
