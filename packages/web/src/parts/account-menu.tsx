import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useFirstSpeech } from '../language.ts';
import { useMe } from '../queries.ts';
import { DropMenu, ITEM, PILL } from './drop-menu.tsx';
import { Icon } from './icons.tsx';
import { tell } from './news.tsx';

/** The way to sign in; for who is in, the way to the account and out again. */
export function AccountMenu() {
  const { t } = useFirstSpeech();
  const account = useMe()?.account;
  if (account) return <Menu name={account.email ?? account.name} isOperator={account.isOperator} />;
  return (
    <Link to="/sign-in" className={PILL}>
      <Icon name="account" className="size-6 xl:hidden" />
      <span className="sr-only xl:not-sr-only">{t('nav.signIn')}</span>
    </Link>
  );
}

function Menu({ name, isOperator }: { readonly name: string; readonly isOperator: boolean }) {
  const { t } = useFirstSpeech();
  const navigate = useNavigate();
  const client = useQueryClient();
  async function leave() {
    const { leaveAccount } = await import('../account-queries.ts');
    // Whoever could not be signed out finds the reason where the same button is.
    const left = await leaveAccount(client).then(
      () => true,
      () => false,
    );
    if (left) tell(t('account.signedOut'));
    await navigate({ to: left ? '/' : '/account' });
  }
  return (
    <DropMenu icon="account" label={t('nav.account')}>
      <p className="truncate px-4 py-2 text-sm text-soft">{name}</p>
      <Link to="/account" className={ITEM}>
        {t('nav.account')}
      </Link>
      {isOperator && (
        <Link to="/admin" className={ITEM}>
          {t('nav.console')}
        </Link>
      )}
      <button type="button" className={ITEM} onClick={() => void leave()}>
        {t('nav.signOut')}
      </button>
    </DropMenu>
  );
}
