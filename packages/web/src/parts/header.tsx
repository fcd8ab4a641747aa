import { Link } from '@tanstack/react-router';
import { useSpeech } from '../language.ts';
import { usePhotos } from '../queries.ts';
import { AccountMenu } from './account-menu.tsx';
import { Icon } from './icons.tsx';
import { LanguageChoice } from './language-choice.tsx';
import { PhotosLeft } from './photos-left.tsx';

export function Header() {
  const { t } = useSpeech();
  const photos = usePhotos().data;
  return (
    <header className="border-b border-line">
      <div className="mx-auto flex min-h-18 max-w-7xl items-center gap-2 px-4 sm:gap-4 sm:px-8">
        <Link to="/" className="me-auto flex min-h-11 items-center gap-3 rounded-lg">
          <img src="/icon.svg" alt="" width="40" height="40" className="size-10 shrink-0" />
          <span className="hidden font-serif text-xl font-semibold sm:inline">{t('brand')}</span>
          <span className="sr-only sm:hidden">{t('brand')}</span>
        </Link>
        {photos && photos.length > 0 && (
          <Link
            to="/"
            hash="photos"
            className="flex min-h-11 min-w-11 items-center justify-center rounded-full hover:bg-well md:px-4"
          >
            <Icon name="prints" className="size-6 text-soft md:hidden" />
            <span className="sr-only md:not-sr-only">{t('nav.photos')}</span>
          </Link>
        )}
        <Link
          to="/prices"
          className="hidden min-h-11 items-center rounded-full px-4 text-soft hover:bg-well hover:text-ink md:flex"
        >
          {t('nav.prices')}
        </Link>
        <PhotosLeft />
        <LanguageChoice />
        <AccountMenu />
      </div>
    </header>
  );
}
