import type { ProblemCode } from '../client.ts';
import { putAside, start } from '../dispatch.ts';
import { useSpeech } from '../language.ts';
import { problemKeys } from '../problems.ts';
import type { TrayPhoto } from '../tray.ts';
import { useArrival } from '../use-arrival.ts';
import { button } from './button.ts';
import { Icon } from './icons.tsx';
import { ProblemNote } from './problem-note.tsx';
import { Small } from './tile.tsx';

interface NotArrivedProps {
  readonly problem: ProblemCode;
  /** Photos that failed for this reason. */
  readonly photos: readonly TrayPhoto[];
}

/** Says once why photos did not arrive, and offers another try for each and for all. */
export function NotArrived({ problem, photos }: NotArrivedProps) {
  const { t } = useSpeech();
  const arrive = useArrival();
  const again = ({ key, wish }: TrayPhoto) => wish && start({ keys: [key], wish }, arrive);
  return (
    <section aria-label={t(problemKeys(problem).title)} className="flex flex-col gap-3">
      <ProblemNote code={problem} />
      <ul className="divide-y divide-line rounded-2xl border border-line bg-sheet">
        {photos.map((photo) => (
          <li key={photo.key} className="flex items-center gap-3 p-2 sm:px-4">
            <div className="grid size-14 shrink-0 place-items-center overflow-hidden rounded-lg bg-well">
              <Small photo={photo} />
            </div>
            <p className="min-w-0 grow truncate">{photo.name}</p>
            <button
              type="button"
              className={button.icon}
              aria-label={t('tray.again', { name: photo.name })}
              onClick={() => again(photo)}
            >
              <Icon name="again" />
            </button>
            <button
              type="button"
              className={button.icon}
              aria-label={t('tray.remove', { name: photo.name })}
              onClick={() => putAside(photo.key)}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-3">
        <button type="button" className={button.quiet} onClick={() => photos.forEach(again)}>
          {t(photos.length > 1 ? 'tray.againAll' : 'failed.retry')}
        </button>
        <button
          type="button"
          className={button.quiet}
          onClick={() => {
            for (const { key } of photos) putAside(key);
          }}
        >
          {t(photos.length > 1 ? 'tray.asideAll' : 'tray.aside')}
        </button>
      </div>
    </section>
  );
}
