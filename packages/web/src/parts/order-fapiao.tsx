import type { OrderView } from '@hili/contract';
import { type FormEvent, useState } from 'react';
import { useSpeech } from '../language.ts';
import { askFapiao } from '../order-client.ts';
import { useMe } from '../queries.ts';
import { useAttempt } from '../use-attempt.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';
import { Card } from './card.tsx';
import { EmailField, Field } from './field.tsx';
import { announce } from './news.tsx';

/** Asks the operator for a fapiao, the tax invoice of China. */
export function OrderFapiao({ order }: { readonly order: OrderView }) {
  const { t } = useSpeech();
  const { busy, problem, attempt } = useAttempt();
  const [step, setStep] = useState<'offer' | 'form' | 'sent'>('offer');
  const [title, setTitle] = useState('');
  const [tax, setTax] = useState('');
  const [email, setEmail] = useState(useMe()?.account?.email ?? '');
  async function submit(event: FormEvent) {
    event.preventDefault();
    const taxNumber = tax.trim();
    const wish = { title: title.trim(), email: email.trim(), ...(taxNumber && { taxNumber }) };
    if (!(await attempt(() => askFapiao(order.id, wish)))) return;
    setStep('sent');
    announce(t('fapiao.done'));
  }
  return (
    <Card title={t('fapiao.title')}>
      {step === 'sent' ? (
        <p className="rounded-2xl bg-mint px-5 py-3 text-lg">{t('fapiao.done')}</p>
      ) : (
        <p>{t('fapiao.text')}</p>
      )}
      {step === 'offer' && (
        <button type="button" className={button.quiet} onClick={() => setStep('form')}>
          {t('fapiao.ask')}
        </button>
      )}
      {step === 'form' && (
        <form onSubmit={(event) => void submit(event)} aria-busy={busy} className="flex w-full flex-col gap-4">
          <Field label={t('fapiao.name')} value={title} onChange={setTitle} required maxLength={100} />
          <Field label={t('fapiao.tax')} value={tax} onChange={setTax} maxLength={20} spellCheck={false} />
          <EmailField autoComplete="email" value={email} onChange={setEmail} />
          <AccountProblem code={problem} />
          <button type="submit" className={`${button.primary} self-start`} aria-disabled={busy}>
            {t(busy ? 'signIn.moment' : 'fapiao.send')}
          </button>
        </form>
      )}
    </Card>
  );
}
