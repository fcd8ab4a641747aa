import type { MeView } from '@hili/contract';
import { useNavigate } from '@tanstack/react-router';
import { useBecome } from './account-queries.ts';
import { useSpeech } from './language.ts';
import { announce } from './parts/news.tsx';

/** What follows on every way of signing in: the page shows who they are now, and goes to their account. */
export function useArrive(): (me: MeView) => Promise<void> {
  const { t } = useSpeech();
  const navigate = useNavigate();
  const become = useBecome();
  return async (me) => {
    await become.user(me);
    await navigate({ to: '/account' });
    announce(t('signIn.done', { name: me.account?.email ?? me.account?.name ?? '' }));
  };
}
