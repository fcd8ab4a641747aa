import type { Language } from '@hili/contract';
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { renderToString } from 'react-dom/server';
import { speak } from './language.ts';
import { createQueryClient } from './queries.ts';
import { createPages } from './router.tsx';
import { format, loadTexts, type TextKey } from './texts.ts';

interface ReadyPage {
  readonly title: TextKey;
  /** What it is about, in a sentence. */
  readonly about: TextKey;
  /** Whether search engines shall find it. */
  readonly found: boolean;
}

/** Addresses whose pages say the same to everybody, so that they are served as ready HTML; `/404` stands for any unknown one. */
export const PAGES: Readonly<Record<string, ReadyPage>> = {
  '/': { title: 'title.home', about: 'home.lead', found: true },
  '/prices': { title: 'title.prices', about: 'prices.lead', found: true },
  '/api-docs': { title: 'title.api', about: 'api.lead', found: true },
  '/terms': { title: 'title.terms', about: 'terms.lead', found: true },
  '/privacy': { title: 'title.privacy', about: 'privacy.lead', found: true },
  '/contact': { title: 'title.contact', about: 'contact.lead', found: true },
  '/sign-in': { title: 'title.signIn', about: 'signIn.lead', found: false },
  '/reset-password': { title: 'title.reset', about: 'reset.lead', found: false },
  '/account': { title: 'title.account', about: 'signIn.guest.along', found: false },
  '/tasks': { title: 'title.tasks', about: 'recent.lead', found: false },
  '/invite': { title: 'title.invite', about: 'invite.lead', found: false },
  '/offline': { title: 'title.offline', about: 'offline.work', found: false },
  '/404': { title: 'title.lost', about: 'lost.text', found: false },
};

/** A page in one language as HTML, as a visitor sees it before the first script has run. */
export async function render(path: string, language: Language) {
  await speak(language);
  const router = createPages(createMemoryHistory({ initialEntries: [path] }));
  await router.load();
  const html = renderToString(
    <QueryClientProvider client={createQueryClient()}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  const texts = await loadTexts(language);
  const { title, about } = PAGES[path]!;
  return {
    // React asks for pictures in front of the page, where the browser would not find what it expects; they stand further down anyhow.
    html: html.replaceAll(/<link rel="preload"[^>]*>/g, ''),
    title: format(texts, language, title),
    description: format(texts, language, about),
  };
}
