import { Link } from '@tanstack/react-router';
import { useFirstSpeech } from '../language.ts';
import { button } from '../parts/button.ts';
import { useTitle } from '../use-title.ts';

/** Nothing is at this address. */
export function LostPage() {
  const { t } = useFirstSpeech();
  useTitle(t('title.lost'));
  return (
    <div className="mx-auto flex max-w-2xl flex-col items-center gap-5 px-4 py-24 text-center">
      <h1 tabIndex={-1} className="text-4xl">
        {t('lost.title')}
      </h1>
      <p className="text-xl text-soft">{t('lost.text')}</p>
      <Link to="/" className={button.primary}>
        {t('lost.home')}
      </Link>
    </div>
  );
}

/** A fault of the page itself. */
export function BrokenPage() {
  const { t } = useFirstSpeech();
  return (
    <div role="alert" className="mx-auto flex max-w-2xl flex-col items-center gap-5 px-4 py-24 text-center">
      <h1 className="text-4xl">{t('broken.title')}</h1>
      <p className="text-xl text-soft">{t('broken.text')}</p>
      <button type="button" className={button.primary} onClick={() => location.reload()}>
        {t('broken.reload')}
      </button>
    </div>
  );
}
