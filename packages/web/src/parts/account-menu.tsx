import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';
import { useSpeech } from '../language.ts';
import { useMe } from '../queries.ts';
import { Icon } from './icons.tsx';
import { announce } from './news.tsx';

const PILL =
  'flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-full text-soft hover:bg-well hover:text-ink lg:px-4';
const ITEM = 'flex min-h-12 w-full items-center rounded-xl px-4 text-start hover:bg-well';

/** The way to sign in; for who is in, the way to the account and out again. */
export function AccountMenu() {
  const { t } = useSpeech();
  const account = useMe()?.account;
  if (account) return <Menu name={account.email ?? account.name} />;
  return (
    <Link to="/sign-in" className={PILL}>
      <Icon name="account" className="size-6 lg:hidden" />
      <span className="sr-only lg:not-sr-only">{t('nav.signIn')}</span>
    </Link>
  );
}

function Menu({ name }: { readonly name: string }) {
  const { t } = useSpeech();
  const navigate = useNavigate();
  const client = useQueryClient();
  const menu = useRef<HTMLDetailsElement>(null);
  const close = useCallback(() => menu.current?.removeAttribute('open'), []);
  useEffect(() => {
    const outside = ({ target }: Event) => !menu.current?.contains(target as Node) && close();
    const onKey = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape' || !menu.current?.open) return;
      close();
      menu.current.querySelector('summary')?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      document.removeEventListener('keydown', onKey);
    };
  }, [close]);
  async function leave() {
    close();
    const { leaveAccount } = await import('../account-queries.ts');
    // Whoever could not be signed out finds the reason where the same button is.
    const left = await leaveAccount(client).then(
      () => true,
      () => false,
    );
    if (left) announce(t('account.signedOut'));
    await navigate({ to: left ? '/' : '/account' });
  }
  return (
    <details ref={menu} className="relative">
      <summary className={`${PILL} list-none [&::-webkit-details-marker]:hidden`}>
        <Icon name="account" className="size-6" />
        <span className="sr-only lg:not-sr-only">{t('nav.account')}</span>
      </summary>
      <div className="absolute end-0 top-full z-40 mt-2 w-64 rounded-2xl border border-line bg-sheet p-2 shadow-print">
        <p className="truncate px-4 py-2 text-sm text-soft">{name}</p>
        <Link to="/account" className={ITEM} onClick={close}>
          {t('nav.account')}
        </Link>
        <button type="button" className={ITEM} onClick={() => void leave()}>
          {t('nav.signOut')}
        </button>
      </div>
    </details>
  );
}
