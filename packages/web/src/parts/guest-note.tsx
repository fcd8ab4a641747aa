import { Link } from '@tanstack/react-router';
import { useSpeech } from '../language.ts';
import { useMe } from '../queries.ts';
import { button } from './button.ts';
import { Icon } from './icons.tsx';

/** Tells a guest that the cookie is all they have, and offers to sign up. */
export function GuestNote() {
  const { t } = useSpeech();
  if (useMe()?.kind !== 'guest') return null;
  return (
    <aside aria-label={t('signIn.guest.name')} className="flex gap-3.5 rounded-2xl bg-mint px-5 pt-4 pb-2">
      <Icon name="account" className="mt-0.5 size-6 text-pine" />
      <div className="min-w-0">
        <p>
          {t('signIn.guest.text')} {t('signIn.guest.along')}
        </p>
        <Link to="/sign-in" search={{ to: '/tasks' }} className={button.plain}>
          {t('tasks.signUp')}
        </Link>
      </div>
    </aside>
  );
}
