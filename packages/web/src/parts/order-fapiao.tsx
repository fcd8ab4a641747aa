import type { FapiaoView, OrderView } from '@hili/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { codeOf } from '../client.ts';
import { useSpeech } from '../language.ts';
import { askFapiao, getFapiao } from '../order-client.ts';
import { useMe } from '../queries.ts';
import { useAttempt } from '../use-attempt.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';
import { Card } from './card.tsx';
import { EmailField, Field } from './field.tsx';
import { Form } from './form.tsx';
import { announce } from './news.tsx';

const keyOf = (order: OrderView) => ['orders', order.id, 'fapiao'];

/** Asks the operator for a fapiao, the tax invoice of China, and says what has become of that. */
export function OrderFapiao({ order }: { readonly order: OrderView }) {
  const { t } = useSpeech();
  const { data: asked, error } = useQuery({ queryKey: keyOf(order), queryFn: () => getFapiao(order.id) });
  const [isWriting, setWriting] = useState(false);
  if (asked === undefined && !error) return null;
  return (
    <Card title={t('fapiao.title')}>
      {error && <AccountProblem code={codeOf(error)} />}
      {!asked && <p>{t('fapiao.text')}</p>}
      {asked && (
        <p className="text-lg">{t(`fapiao.state.${asked.state}`, { email: asked.email, note: asked.note ?? '' })}</p>
      )}
      {isWriting && <Request order={order} asked={asked ?? null} onSent={() => setWriting(false)} />}
      {!isWriting && (!asked || asked.state === 'open') && (
        <button type="button" className={button.quiet} onClick={() => setWriting(true)}>
          {t(asked ? 'fapiao.change' : 'fapiao.ask')}
        </button>
      )}
    </Card>
  );
}

interface RequestProps {
  readonly order: OrderView;
  readonly asked: FapiaoView | null;
  readonly onSent: () => void;
}

function Request({ order, asked, onSent }: RequestProps) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const account = useMe()?.account;
  const { busy, problem, attempt } = useAttempt();
  const [title, setTitle] = useState(asked?.title ?? '');
  const [tax, setTax] = useState(asked?.taxNumber ?? '');
  const [email, setEmail] = useState(asked?.email ?? account?.email ?? '');
  async function submit() {
    const taxNumber = tax.trim();
    const wish = { title, email, ...(taxNumber && { taxNumber }) };
    if (!(await attempt(async () => client.setQueryData(keyOf(order), await askFapiao(order.id, wish))))) return;
    announce(t('fapiao.state.open', { email }));
    onSent();
  }
  return (
    <Form busy={busy} onSend={submit} className="flex w-full flex-col gap-4">
      <Field label={t('fapiao.name')} value={title} onChange={setTitle} required maxLength={100} />
      <Field
        label={t('fapiao.tax')}
        hint={t('fapiao.taxHint')}
        value={tax}
        onChange={setTax}
        pattern="\s*[0-9A-Za-z]{15,20}\s*"
        autoComplete="off"
        spellCheck={false}
      />
      <EmailField autoComplete="email" value={email} onChange={setEmail} />
      <AccountProblem code={problem} />
      <button type="submit" className={`${button.primary} self-start`} aria-disabled={busy}>
        {t(busy ? 'signIn.moment' : 'fapiao.send')}
      </button>
    </Form>
  );
}
