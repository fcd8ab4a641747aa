import type { MeView } from '@hili/contract';
import { useRouter } from '@tanstack/react-router';
import { useBecome } from './account-queries.ts';
import { wayBack } from './come-back.ts';
import { useSpeech } from './language.ts';
import { announce } from './parts/news.tsx';

/** What follows on every way of signing in: the page shows who they are now, and goes on where they came from. */
export function useArrive(): (me: MeView) => Promise<void> {
  const { t } = useSpeech();
  const { history } = useRouter();
  const become = useBecome();
  return async (me) => {
    await become.user(me);
    history.push(wayBack());
    announce(t('signIn.done', { name: me.account?.email ?? me.account?.name ?? '' }));
  };
}
