import { lazy, Suspense } from 'react';
import { useSpeech } from '../language.ts';
import { Abilities } from '../parts/abilities.tsx';
import { Hero } from '../parts/hero.tsx';
import { Promises } from '../parts/promises.tsx';
import { usePhotos } from '../queries.ts';
import { useStore } from '../store.ts';
import { upload } from '../upload.ts';
import { useTitle } from '../use-title.ts';

const loadDesk = () => import('../parts/desk.tsx');
const Desk = lazy(loadDesk);
const Recent = lazy(() => import('../parts/recent.tsx'));

/** The first page: choose a photo, say what to do with it, and see it leave. */
export function HomePage() {
  const { t } = useSpeech();
  const now = useStore(upload);
  const photos = usePhotos().data;
  useTitle(t('title.home'));
  if (now.state !== 'empty')
    return (
      <Suspense fallback={<div className="min-h-[80svh]" />}>
        <Desk now={now} />
      </Suspense>
    );
  return (
    <>
      {/* What comes next is fetched while the visitor looks for the file. */}
      <Hero onReach={loadDesk} />
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
