import { Link } from '@tanstack/react-router';
import { useFirstSpeech } from '../language.ts';
import { AccountMenu } from './account-menu.tsx';
import { DropMenu, ITEM, PILL } from './drop-menu.tsx';
import { Icon } from './icons.tsx';
import { LanguageChoice } from './language-choice.tsx';
import { PhotosLeft } from './photos-left.tsx';

/** Places of the site: in a row where there is room, else in a menu. The visitor's own photos are always at hand. */
const PLACES = [
  ['/prices', 'nav.prices'],
  ['/invite', 'nav.invite'],
] as const;

export function Header() {
  const { t } = useFirstSpeech();
  return (
    <header className="border-b border-line print:hidden">
      <div className="mx-auto flex min-h-18 max-w-7xl items-center gap-1.5 px-4 sm:gap-3 sm:px-8">
        <Link to="/" className="me-auto flex min-h-11 items-center gap-3 rounded-lg">
          <img src="/icon.svg" alt="" width="40" height="40" className="size-10 shrink-0" />
          <span className="hidden font-serif text-xl font-semibold whitespace-nowrap lg:inline">{t('brand')}</span>
          <span className="sr-only lg:hidden">{t('brand')}</span>
        </Link>
        <Link to="/tasks" className={`${PILL} max-[22rem]:hidden md:px-4`}>
          <Icon name="prints" className="size-6 md:hidden" />
          <span className="sr-only md:not-sr-only">{t('nav.photos')}</span>
        </Link>
        {PLACES.map(([to, name]) => (
          <Link key={to} to={to} className={`${PILL} max-xl:hidden`}>
            {t(name)}
          </Link>
        ))}
        <PhotosLeft />
        <div className="max-sm:hidden">
          <LanguageChoice />
        </div>
        <AccountMenu />
        <DropMenu icon="menu" label={t('nav.menu')} className="xl:hidden">
          <Link to="/tasks" className={`${ITEM} md:hidden`}>
            {t('nav.photos')}
          </Link>
          {PLACES.map(([to, name]) => (
            <Link key={to} to={to} className={ITEM}>
              {t(name)}
            </Link>
          ))}
          <div className="px-1.5 sm:hidden">
            <LanguageChoice shown />
          </div>
        </DropMenu>
      </div>
    </header>
  );
}
