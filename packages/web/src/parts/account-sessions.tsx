import type { AccountView } from '@hili/contract';
import { useQueryClient } from '@tanstack/react-query';
import { endOtherSessions, endSession } from '../account-client.ts';
import { accountQuery } from '../account-queries.ts';
import { nameOfAgent } from '../agent.ts';
import { moment } from '../format.ts';
import { useSpeech } from '../language.ts';
import { useAttempt } from '../use-attempt.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';
import { Card } from './card.tsx';
import { announce } from './news.tsx';

/** Where the account is signed in, and how to end that elsewhere. */
export function AccountSessions({ account }: { readonly account: AccountView }) {
  const { t, language } = useSpeech();
  const client = useQueryClient();
  const { problem, attempt } = useAttempt();
  async function end(ask: () => Promise<unknown>) {
    if (!(await attempt(ask))) return;
    await client.invalidateQueries(accountQuery);
    announce(t('account.sessions.ended'));
  }
  return (
    <Card title={t('account.sessions.title')}>
      <ul className="w-full divide-y divide-line border-y border-line">
        {account.sessions.map(({ id, current, agent, seenAt }) => {
          const name = nameOfAgent(agent) || t('account.sessions.unknown');
          return (
            <li key={id} className="flex flex-wrap items-center justify-between gap-x-8 gap-y-1 py-3">
              <span>
                <span className="block font-semibold">{name}</span>
                <span className="text-soft">
                  {current
                    ? t('account.sessions.current')
                    : t('account.sessions.seen', { date: moment(language, seenAt) })}
                </span>
              </span>
              {!current && (
                <button
                  type="button"
                  className={button.plain}
                  aria-label={t('account.sessions.end', { name })}
                  onClick={() => void end(() => endSession(id))}
                >
                  {t('nav.signOut')}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      <AccountProblem code={problem} />
      {account.sessions.length > 1 && (
        <button type="button" className={button.quiet} onClick={() => void end(endOtherSessions)}>
          {t('account.sessions.others')}
        </button>
      )}
    </Card>
  );
}
