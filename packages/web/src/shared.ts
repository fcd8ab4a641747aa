import type { QueryClient } from '@tanstack/react-query';
import { meQuery } from './queries.ts';
import { take } from './tray.ts';

/** Where the service worker puts photos that a phone's gallery has shared. */
const CACHE = 'hili-shared';

/** Takes the photos that were shared, and leaves none behind. */
export async function takeShared(client: QueryClient): Promise<void> {
  history.replaceState(history.state, '', '/');
  const cache = await caches.open(CACHE);
  const files = await Promise.all(
    (await cache.keys()).map(async (key) => {
      const response = await cache.match(key);
      const blob = await response!.blob();
      return new File([blob], decodeURIComponent(response!.headers.get('x-name') ?? ''), { type: blob.type });
    }),
  );
  // One photo needs no right, and is there without a connection.
  const me = files.length > 1 ? await client.fetchQuery(meQuery).catch(() => undefined) : undefined;
  take(files, me?.batch ?? false);
  await caches.delete(CACHE);
}
