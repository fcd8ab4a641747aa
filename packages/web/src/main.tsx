import { QueryClientProvider } from '@tanstack/react-query';
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
  if (new URLSearchParams(location.search).has('shared'))
    void import('./shared.ts').then((shared) => shared.takeShared(client));
  // The first answer sets the cookie that says whose photos they are; the stream needs it.
  await client.ensureQueryData(meQuery).catch(() => undefined);
  startLive(client);
}

prepareApp();
void start();
