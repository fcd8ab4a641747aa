import { Link } from '@tanstack/react-router';
import { clock } from '../format.ts';
import { useFirstSpeech } from '../language.ts';
import { useMe } from '../queries.ts';

/** The number of photos that the visitor may still enhance, and the way to more. Its place is kept until the number is known. */
export function PhotosLeft() {
  const { t, language } = useFirstSpeech();
  const me = useMe();
  if (!me) return <span className="h-11 w-28 rounded-full bg-well sm:w-44" aria-hidden="true" />;
  const { photosLeft: count, renewsAt, kind, freePerDay } = me;
  const text = count === 0 ? t('left.none') : t(kind === 'guest' ? 'left.count' : 'left.credits', { count });
  const renews = renewsAt && t('left.renews', { perDay: freePerDay, time: clock(language, renewsAt) });
  return (
    <Link
      to={kind === 'guest' ? '/prices' : '/account'}
      className={`flex min-h-11 items-center rounded-full px-4 py-1 text-sm font-semibold leading-tight ${count === 0 ? 'bg-honey text-amber' : 'bg-mint text-pine'}`}
      title={renews || undefined}
      data-testid="photos-left"
    >
      {text}
    </Link>
  );
}
