import type { PhotoView } from '@hili/contract';
import { useSpeech } from '../language.ts';
import { RecentPhoto } from './recent-photo.tsx';

/** The visitor's photos, newest first. */
export default function Recent({ photos }: { readonly photos: readonly PhotoView[] }) {
  const { t } = useSpeech();
  return (
    <section id="photos" aria-labelledby="photos-title" className="border-t border-line">
      <div className="mx-auto max-w-7xl px-4 py-14 sm:px-8">
        <h2 id="photos-title" className="text-3xl">
          {t('recent.title')}
        </h2>
        <p className="mt-2 text-soft">{t('recent.lead')}</p>
        <ul className="mt-7 grid grid-cols-[repeat(auto-fill,minmax(min(100%,17rem),1fr))] gap-5">
          {photos.map((photo) => (
            <RecentPhoto key={photo.id} photo={photo} />
          ))}
        </ul>
      </div>
    </section>
  );
}
