import type { PhotoView } from '@hili/contract';
import { Link } from '@tanstack/react-router';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { RecentPhoto } from './recent-photo.tsx';

/** Photos on the first page; the others are a click away. */
const NEWEST = 4;

/** The visitor's newest photos. */
export default function Recent({ photos }: { readonly photos: readonly PhotoView[] }) {
  const { t } = useSpeech();
  return (
    <section id="photos" aria-labelledby="photos-title" className="border-t border-line">
      <div className="mx-auto max-w-7xl px-4 py-14 sm:px-8">
        <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-2">
          <div>
            <h2 id="photos-title" className="text-3xl">
              {t('recent.title')}
            </h2>
            <p className="mt-2 text-soft">{t('recent.lead')}</p>
          </div>
          <Link to="/tasks" className={button.quiet}>
            {t('recent.all', { count: photos.length })}
          </Link>
        </div>
        <ul className="mt-7 grid grid-cols-[repeat(auto-fill,minmax(min(100%,17rem),1fr))] gap-5">
          {photos.slice(0, NEWEST).map((photo) => (
            <RecentPhoto key={photo.id} photo={photo} />
          ))}
        </ul>
      </div>
    </section>
  );
}
