import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { prepareApp } from './install.ts';
import { firstLanguage, speak } from './language.ts';
import { startLive } from './live.ts';
import { createQueryClient, meQuery } from './queries.ts';
import { createPages } from './router.tsx';
import './styles.css';

async function start(): Promise<void> {
  const root = document.getElementById('root')!;
  const language = firstLanguage();
  const client = createQueryClient();
  const router = createPages();
  // Served as ready HTML, in the language that is spoken.
  const ready = root.firstElementChild !== null && document.documentElement.dataset.language === language;
  // Has the router wrap pages as it does where they are made ready, or React could not take them over.
  if (ready) router.ssr = { manifest: undefined };
  await Promise.all([speak(language), router.load()]);
  const page = (
    <StrictMode>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>
  );
  if (ready) hydrateRoot(root, page);
  else createRoot(root).render(page);
  void lay(client);
  // The first answer sets the cookie that says whose photos they are; the stream needs it.
  await client.ensureQueryData(meQuery).catch(() => undefined);
  startLive(client);
}

/** What was shared with this page takes the place of what lay on the desk before. */
async function lay(client: QueryClient): Promise<void> {
  if (new URLSearchParams(location.search).has('shared')) await (await import('./shared.ts')).takeShared(client);
  const { readDesks } = await import('./desk-store.ts');
  const desks = await readDesks().catch(() => []);
  if (desks.length > 0) await (await import('./kept-desk.ts')).bringBack(desks);
}

prepareApp();
void start();
