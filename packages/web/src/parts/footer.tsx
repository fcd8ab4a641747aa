import { Link } from '@tanstack/react-router';
import { useSpeech } from '../language.ts';

export function Footer() {
  const { t } = useSpeech();
  return (
    <footer className="mt-auto border-t border-line">
      <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-8 gap-y-2 px-4 py-8 text-soft sm:px-8">
        <p className="me-auto">{t('brand')}</p>
        <nav aria-label={t('nav.footer')}>
          <ul className="flex gap-6">
            <li>
              <Link
                to="/"
                className="inline-flex min-h-11 items-center underline-offset-4 hover:text-ink hover:underline"
              >
                {t('nav.top')}
              </Link>
            </li>
            <li>
              <Link
                to="/privacy"
                className="inline-flex min-h-11 items-center underline-offset-4 hover:text-ink hover:underline"
              >
                {t('nav.privacy')}
              </Link>
            </li>
          </ul>
        </nav>
      </div>
    </footer>
  );
}
