import { Link } from '@tanstack/react-router';
import { useFirstSpeech } from '../language.ts';
import { Install } from './install.tsx';

const PLACES = [
  ['/', 'nav.top'],
  ['/prices', 'nav.prices'],
  ['/api-docs', 'nav.api'],
  ['/terms', 'nav.terms'],
  ['/privacy', 'nav.privacy'],
  ['/contact', 'nav.contact'],
] as const;

export function Footer() {
  const { t } = useFirstSpeech();
  return (
    <footer className="mt-auto border-t border-line print:hidden">
      <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-8 gap-y-2 px-4 py-8 text-soft sm:px-8">
        <p className="me-auto">{t('brand')}</p>
        <Install />
        <nav aria-label={t('nav.footer')}>
          <ul className="flex flex-wrap gap-x-6">
            {PLACES.map(([to, name]) => (
              <li key={to}>
                <Link
                  to={to}
                  className="inline-flex min-h-11 items-center underline-offset-4 hover:text-ink hover:underline"
                >
                  {t(name)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </div>
    </footer>
  );
}
