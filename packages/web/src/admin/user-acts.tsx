import type { AdminUser } from '@hili/contract/admin';
import { Act } from './act.tsx';
import { ask } from './client.ts';
import { useConsole } from './speech.ts';
import { nameOf } from './who.tsx';

/** Shuts somebody out, lets them in again, or ends their sessions. */
export function UserActs({ user }: { readonly user: AdminUser }) {
  const { t } = useConsole();
  const who = nameOf(user);
  const post =
    (act: string) =>
    ({ reason }: { readonly reason?: string }) =>
      ask('POST', `/users/${user.id}/${act}`, { reason });
  return (
    <>
      {user.state === 'active' && (
        <>
          <Act
            label={t('user.signOut')}
            look="quiet"
            text={() => t('user.signOutText', { who })}
            run={post('sign-out')}
            done={t('user.signedOut')}
          />
          <Act
            label={t('user.disable')}
            look="danger"
            text={() => t('user.disableText', { who })}
            run={post('disable')}
            done={t('user.disabled')}
          />
        </>
      )}
      {user.state === 'disabled' && (
        <Act
          label={t('user.enable')}
          look="quiet"
          text={() => t('user.enableText', { who })}
          run={post('enable')}
          done={t('user.enabled')}
        />
      )}
    </>
  );
}
