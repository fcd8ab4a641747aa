import { take } from './upload.ts';

/** Where the service worker puts photos that a phone's gallery has shared. */
const CACHE = 'hili-shared';

/** Takes the photos that were shared, and leaves none behind. */
export async function takeShared(): Promise<void> {
  history.replaceState(history.state, '', '/');
  const cache = await caches.open(CACHE);
  const files = await Promise.all(
    (await cache.keys()).map(async (key) => {
      const response = await cache.match(key);
      const blob = await response!.blob();
      return new File([blob], decodeURIComponent(response!.headers.get('x-name') ?? ''), { type: blob.type });
    }),
  );
  await caches.delete(CACHE);
  take(files);
}
