import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useSpeech } from '../language.ts';
import { AccountProblem } from '../parts/account-problem.tsx';
import { button } from '../parts/button.ts';
import { CodeWay } from '../parts/code-way.tsx';
import { ForgottenWay } from '../parts/forgotten-way.tsx';
import { Icon } from '../parts/icons.tsx';
import { OtherWays } from '../parts/other-ways.tsx';
import { PasswordWay } from '../parts/password-way.tsx';
import { useMe } from '../queries.ts';
import { useTitle } from '../use-title.ts';

export type Way = 'code' | 'password' | 'forgotten';

/** Signing in, which is signing up for those who are new: one address, and what proves it. */
export function SignInPage() {
  const { t } = useSpeech();
  const me = useMe();
  const [way, setWay] = useState<Way>('code');
  const [email, setEmail] = useState('');
  const [refused, setRefused] = useState(false);
  useTitle(t('title.signIn'));
  // A provider sends back what went wrong. Read once the page stands, since it was made ready without it.
  useEffect(() => setRefused(new URLSearchParams(location.search).has('error')), []);
  const address = { email, onEmail: setEmail };
  return (
    <div className="mx-auto grid w-full max-w-6xl grid-cols-[minmax(0,1fr)] items-start gap-x-16 gap-y-8 px-4 py-12 sm:px-8 lg:grid-cols-[minmax(0,1.15fr)_minmax(0,1fr)] lg:py-20 low:gap-y-5 low:py-7">
      <h1 tabIndex={-1} className="text-4xl lg:col-span-2">
        {t(way === 'forgotten' ? 'signIn.forgottenTitle' : 'signIn.title')}
      </h1>
      <div className="flex flex-col gap-6">
        {me?.account && <SignedIn name={me.account.email ?? me.account.name} />}
        {refused && <AccountProblem code="SIGN_IN_FAILED" />}
        <div className="rounded-3xl border border-line bg-sheet wrap-anywhere p-6 shadow-sheet sm:p-8">
          {way === 'code' && <CodeWay {...address} />}
          {way === 'password' && <PasswordWay {...address} onForgotten={() => setWay('forgotten')} />}
          {way === 'forgotten' && <ForgottenWay {...address} />}
        </div>
        <OtherWays way={way} onWay={setWay} />
      </div>
      <aside className="rounded-3xl bg-mint p-7 sm:p-9">
        <Icon name="prints" className="size-10 text-pine" />
        <h2 className="mt-4 text-2xl">{t('signIn.guest.name')}</h2>
        <p className="mt-3 text-lg">{t('signIn.guest.text')}</p>
        <p className="mt-3 text-lg">{t('signIn.guest.along')}</p>
      </aside>
    </div>
  );
}

function SignedIn({ name }: { readonly name: string }) {
  const { t } = useSpeech();
  return (
    <p className="rounded-2xl bg-honey p-4">
      {t('signIn.already', { name })}{' '}
      <Link to="/account" className={button.plain}>
        {t('nav.account')}
      </Link>
    </p>
  );
}
