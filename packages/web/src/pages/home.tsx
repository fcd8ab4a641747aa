import { lazy, Suspense } from 'react';
import { useFirstSpeech, withTexts } from '../language.ts';
import { Abilities } from '../parts/abilities.tsx';
import { Hero } from '../parts/hero.tsx';
import { Promises } from '../parts/promises.tsx';
import { usePhotos } from '../queries.ts';
import { useStore } from '../store.ts';
import { tray } from '../tray.ts';
import { useTitle } from '../use-title.ts';

const loadDesk = withTexts(() => import('../parts/desk.tsx'));
const Desk = lazy(loadDesk);
const Recent = lazy(withTexts(() => import('../parts/recent.tsx')));
const TraySending = lazy(
  withTexts(() => import('../parts/tray-sending.tsx').then((part) => ({ default: part.TraySending }))),
);

/** The first page: choose a photo, say what to do with it, and see it leave. */
export function HomePage() {
  const { t } = useFirstSpeech();
  const lying = useStore(tray).photos;
  const photos = usePhotos().data;
  useTitle(t('title.home'));
  if (lying.some(({ state, alone }) => state === 'chosen' || (state === 'sending' && alone)))
    return (
      <Suspense fallback={<div className="min-h-[80svh]" />}>
        <Desk />
      </Suspense>
    );
  return (
    <>
      {/* What comes next is fetched while the visitor looks for the file. */}
      <Hero onReach={loadDesk} />
      {lying.length > 0 && (
        <Suspense>
          <div className="mx-auto w-full max-w-7xl px-4 pb-14 sm:px-8">
            <TraySending />
          </div>
        </Suspense>
      )}
      {photos && photos.length > 0 && (
        <Suspense>
          <Recent photos={photos} />
        </Suspense>
      )}
      <Promises />
      <Abilities />
    </>
  );
}
