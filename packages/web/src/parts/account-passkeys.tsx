import type { AccountView } from '@hili/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { addPasskey, removePasskey } from '../account-client.ts';
import { accountQuery, waysQuery } from '../account-queries.ts';
import { nameOfAgent } from '../agent.ts';
import { day } from '../format.ts';
import { useSpeech } from '../language.ts';
import { useAttempt } from '../use-attempt.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';
import { Card } from './card.tsx';
import { announce } from './news.tsx';

/** Passkeys of the account; shown where this site can have some. */
export function AccountPasskeys({ account }: { readonly account: AccountView }) {
  const { t, language } = useSpeech();
  const client = useQueryClient();
  const ways = useQuery(waysQuery).data;
  const { busy, problem, attempt } = useAttempt();
  if (!ways?.passkey || !('PublicKeyCredential' in globalThis)) return null;
  async function change(ask: () => Promise<unknown>) {
    if (!(await attempt(ask))) return;
    await client.invalidateQueries(accountQuery);
    announce(t('account.saved'));
  }
  return (
    <Card title={t('account.passkeys.title')}>
      <p className="text-lg">{t('account.passkeys.lead')}</p>
      {account.passkeys.length > 0 && (
        <ul className="w-full divide-y divide-line border-y border-line">
          {account.passkeys.map(({ id, name, createdAt }) => (
            <li key={id} className="flex flex-wrap items-center justify-between gap-x-8 py-2">
              <span>
                {name || t('account.passkeys.unnamed')} <span className="text-soft">· {day(language, createdAt)}</span>
              </span>
              <button
                type="button"
                className={button.plain}
                aria-label={t('account.passkeys.remove', { name: name || t('account.passkeys.unnamed') })}
                onClick={() => void change(() => removePasskey(id))}
              >
                {t('account.remove')}
              </button>
            </li>
          ))}
        </ul>
      )}
      <AccountProblem code={problem} />
      <button
        type="button"
        className={button.quiet}
        aria-disabled={busy}
        onClick={() => void change(() => addPasskey(nameOfAgent(navigator.userAgent) || t('account.passkeys.unnamed')))}
      >
        {t('account.passkeys.add')}
      </button>
    </Card>
  );
}
