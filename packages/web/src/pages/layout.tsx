import { Outlet, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useFirstSpeech } from '../language.ts';
import { Announcement } from '../parts/announcement.tsx';
import { DemoBanner } from '../parts/demo-banner.tsx';
import { DropSurface } from '../parts/drop-surface.tsx';
import { Footer } from '../parts/footer.tsx';
import { Header } from '../parts/header.tsx';
import { News } from '../parts/news.tsx';

/** What stands around every page. */
export function Layout() {
  const { t, language } = useFirstSpeech();
  const router = useRouter();

  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : language;
  }, [language]);

  // A page that replaced another begins at its heading, for the keyboard and for screen readers.
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
        if (fromLocation && pathChanged) document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
      }),
    [router],
  );

  return (
    <div className="flex min-h-svh flex-col">
      <a
        href="#main"
        className="absolute start-4 -top-20 z-50 rounded-b-xl bg-pine px-5 py-3 font-semibold text-on-pine focus:top-0"
      >
        {t('nav.skip')}
      </a>
      <Header />
      <Announcement />
      <main id="main" tabIndex={-1} className="flex grow flex-col">
        <Outlet />
      </main>
      <Footer />
      <DemoBanner />
      <News />
      <DropSurface />
    </div>
  );
}
