import { Link } from '@tanstack/react-router';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { Card } from './card.tsx';

/** Asks a guest to sign in, and leads back. @param to a page of `come-back.ts`. */
export function SignInFirst({ to }: { readonly to: string }) {
  const { t } = useSpeech();
  return (
    <Card title={t('buy.guest.title')}>
      <p className="text-lg">{t('buy.guest.text')}</p>
      <Link to="/sign-in" search={{ to }} className={button.primary}>
        {t('nav.signIn')}
      </Link>
    </Card>
  );
}
