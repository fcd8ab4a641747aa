import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { accountQuery, leaveAccount } from '../account-queries.ts';
import { codeOf } from '../client.ts';
import { day } from '../format.ts';
import { useSpeech } from '../language.ts';
import { AccountEmail } from '../parts/account-email.tsx';
import { AccountMails } from '../parts/account-mails.tsx';
import { AccountPasskeys } from '../parts/account-passkeys.tsx';
import { AccountPassword } from '../parts/account-password.tsx';
import { AccountProblem } from '../parts/account-problem.tsx';
import { AccountSessions } from '../parts/account-sessions.tsx';
import { button } from '../parts/button.ts';
import { Credits } from '../parts/credits.tsx';
import { tell } from '../parts/news.tsx';
import { OwnData } from '../parts/own-data.tsx';
import { useMe } from '../queries.ts';
import { useAttempt } from '../use-attempt.ts';
import { useTitle } from '../use-title.ts';

const AccountOrders = lazy(() => import('../parts/account-orders.tsx'));
const AccountRebates = lazy(() => import('../parts/account-rebates.tsx'));
const Voucher = lazy(() => import('../parts/voucher.tsx'));

/** Everything that belongs to who is signed in: photos left, ways in, devices, mails, data. */
export function AccountPage() {
  const { t, language } = useSpeech();
  const me = useMe();
  const account = useQuery({ ...accountQuery, enabled: me?.kind === 'user' });
  useTitle(t('title.account'));
  if (me?.kind === 'guest') return <Guest />;
  const view = account.data;
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-12 sm:px-8 lg:py-16">
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <div className="min-w-0 wrap-anywhere">
          <h1 tabIndex={-1} className="text-4xl">
            {t('account.title')}
          </h1>
          {view && (
            <p className="mt-2 text-lg text-soft">
              {[view.email ?? view.name, t('account.since', { date: day(language, view.createdAt) })]
                .filter(Boolean)
                .join(' · ')}
            </p>
          )}
        </div>
        {view && <SignOut />}
      </div>
      {account.error && (
        <div className="mt-8">
          <AccountProblem code={codeOf(account.error)} />
        </div>
      )}
      {me && view ? (
        <div className="mt-10 grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-2">
          <Credits me={me} />
          <Suspense>
            <AccountOrders />
          </Suspense>
          <Suspense>
            <AccountRebates />
          </Suspense>
          <Suspense>
            <Voucher />
          </Suspense>
          <AccountEmail account={view} />
          <AccountPassword account={view} />
          <AccountPasskeys account={view} />
          <AccountMails account={view} />
          <AccountSessions account={view} />
          <OwnData />
        </div>
      ) : (
        !account.error && <div className="mt-10 min-h-[60svh] rounded-3xl bg-well" />
      )}
    </div>
  );
}

function SignOut() {
  const { t } = useSpeech();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { problem, attempt } = useAttempt();
  async function leave() {
    if (!(await attempt(() => leaveAccount(client)))) return;
    tell(t('account.signedOut'));
    await navigate({ to: '/' });
  }
  return (
    <div className="flex flex-col gap-3">
      <button type="button" className={button.quiet} onClick={() => void leave()}>
        {t('nav.signOut')}
      </button>
      <AccountProblem code={problem} />
    </div>
  );
}

function Guest() {
  const { t } = useSpeech();
  return (
    <div className="mx-auto flex max-w-2xl flex-col items-center gap-5 px-4 py-24 text-center">
      <h1 tabIndex={-1} className="text-4xl">
        {t('signIn.guest.name')}
      </h1>
      <p className="text-xl text-soft">{t('signIn.guest.text')}</p>
      <Link to="/sign-in" className={button.primary}>
        {t('nav.signIn')}
      </Link>
    </div>
  );
}
