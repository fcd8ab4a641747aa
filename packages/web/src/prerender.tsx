import type { Language } from '@hili/contract';
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { renderToString } from 'react-dom/server';
import { speak } from './language.ts';
import { createQueryClient } from './queries.ts';
import { createPages } from './router.tsx';
import { format, loadTexts } from './texts.ts';

/** Addresses whose pages say the same to everybody, so that they are served as ready HTML. */
export const PATHS = ['/', '/privacy'] as const;
type Path = (typeof PATHS)[number];

const TITLES = { '/': 'title.home', '/privacy': 'title.privacy' } as const satisfies Record<Path, string>;

/** A page in one language as HTML, as a visitor sees it before the first script has run. */
export async function render(path: Path, language: Language) {
  await speak(language);
  const router = createPages(createMemoryHistory({ initialEntries: [path] }));
  await router.load();
  const html = renderToString(
    <QueryClientProvider client={createQueryClient()}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  const texts = await loadTexts(language);
  return {
    // React asks for pictures in front of the page, where the browser would not find what it expects; they stand further down anyhow.
    html: html.replaceAll(/<link rel="preload"[^>]*>/g, ''),
    title: format(texts, language, TITLES[path]),
    description: format(texts, language, 'home.lead'),
  };
}
