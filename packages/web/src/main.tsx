import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { firstLanguage, speak } from './language.ts';
import { startLive } from './live.ts';
import { createQueryClient, meQuery } from './queries.ts';
import { createPages } from './router.tsx';
import './styles.css';

async function start(): Promise<void> {
  const client = createQueryClient();
  const router = createPages();
  await speak(firstLanguage());
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
  // The first answer sets the cookie that says whose photos they are; the stream needs it.
  await client.ensureQueryData(meQuery).catch(() => undefined);
  startLive(client);
}

void start();
