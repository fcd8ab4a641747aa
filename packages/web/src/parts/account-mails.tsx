import type { AccountView, Language } from '@hili/contract';
import { useQueryClient } from '@tanstack/react-query';
import { changeAccount } from '../account-client.ts';
import { putAccount } from '../account-queries.ts';
import { useSpeech } from '../language.ts';
import { useAttempt } from '../use-attempt.ts';
import { AccountProblem } from './account-problem.tsx';
import { Card } from './card.tsx';
import { LANGUAGE_NAMES } from './language-choice.tsx';
import { announce } from './news.tsx';

/** Which mails are sent, and in which language. Each change is kept at once. */
export function AccountMails({ account }: { readonly account: AccountView }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const { problem, attempt } = useAttempt();
  async function change(wish: Parameters<typeof changeAccount>[0]) {
    if (await attempt(async () => putAccount(client, await changeAccount(wish)))) announce(t('account.saved'));
  }
  return (
    <Card title={t('account.mails.title')}>
      <label className="flex min-h-11 items-center gap-3 text-lg">
        <input
          type="checkbox"
          checked={account.mailWhenReady}
          onChange={(event) => void change({ mailWhenReady: event.currentTarget.checked })}
          className="size-6 shrink-0 accent-pine"
        />
        {t('account.mails.ready')}
      </label>
      <label className="block">
        {t('account.mails.language')}
        <select
          value={account.language}
          onChange={(event) => void change({ language: event.currentTarget.value as Language })}
          className="mt-1 block min-h-12 min-w-56 rounded-xl border border-edge bg-sheet px-3 text-ink"
        >
          {Object.entries(LANGUAGE_NAMES).map(([name, words]) => (
            <option key={name} value={name} lang={name}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <AccountProblem code={problem} />
    </Card>
  );
}
