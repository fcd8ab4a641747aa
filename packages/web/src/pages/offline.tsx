import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useSpeech } from '../language.ts';
import { button } from '../parts/button.ts';
import { useTitle } from '../use-title.ts';

/** Back to where the visitor wanted to go, when the service worker sent them here. */
function goOn(): void {
  const to = new URLSearchParams(location.search).get('to') ?? '/';
  location.replace(/^\/(?![/\\])/.test(to) ? to : '/');
}

/** Shown without a connection, for what needs one: what goes on, and what can be read meanwhile. */
export function OfflinePage() {
  const { t } = useSpeech();
  useTitle(t('title.offline'));
  useEffect(() => {
    window.addEventListener('online', goOn);
    return () => window.removeEventListener('online', goOn);
  }, []);
  const link = 'inline-flex min-h-11 items-center text-pine underline underline-offset-4';
  return (
    <div className="mx-auto flex max-w-2xl flex-col items-start gap-5 px-4 py-20 sm:px-8">
      <h1 tabIndex={-1} className="text-4xl">
        {t('offline.title')}
      </h1>
      <p className="text-xl text-soft">{t('offline.text')}</p>
      <p className="text-lg">{t('offline.work')}</p>
      <button type="button" className={button.primary} onClick={goOn}>
        {t('offline.again')}
      </button>
      <div className="mt-4 text-lg">
        <p>{t('offline.read')}</p>
        <ul>
          {(
            [
              ['/prices', 'nav.prices'],
              ['/terms', 'nav.terms'],
              ['/privacy', 'nav.privacy'],
              ['/api-docs', 'nav.api'],
            ] as const
          ).map(([to, name]) => (
            <li key={to}>
              <Link to={to} className={link}>
                {t(name)}
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
