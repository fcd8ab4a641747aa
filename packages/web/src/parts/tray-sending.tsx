import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { cancelSending } from '../dispatch.ts';
import { percent } from '../format.ts';
import { useSpeech } from '../language.ts';
import { makeThumbnails } from '../pictures.ts';
import { useStore } from '../store.ts';
import { type TrayPhoto, tray } from '../tray.ts';
import { button } from './button.ts';
import { Icon } from './icons.tsx';
import { announce } from './news.tsx';
import { NotArrived } from './not-arrived.tsx';
import { Progress } from './progress.tsx';
import { useSentWords } from './sent-words.ts';
import { Small } from './tile.tsx';

/** The photos that are on their way to the server, and those that did not get there; nothing when there are none. */
export function TraySending() {
  const { t } = useSpeech();
  const { photos } = useStore(tray);
  const sending = photos.filter(({ state }) => state === 'sending');
  const failed = photos.filter(({ state }) => state === 'failed');
  const lying = photos.length - sending.length - failed.length;
  const problems = [...new Set(failed.map(({ problem }) => problem ?? 'INTERNAL'))];

  useEffect(() => void makeThumbnails(), []);

  if (photos.length === 0) return null;
  return (
    <section aria-labelledby="on-the-way" className="flex flex-col gap-5">
      <h2 id="on-the-way" className="text-2xl">
        {sending.length > 0 || failed.length === 0
          ? t('tray.onTheWay', { count: sending.length })
          : t('tray.failed', { count: failed.length })}
      </h2>
      {sending.length > 0 && <OnTheWay photos={sending} />}
      {problems.map((problem) => (
        <NotArrived
          key={problem}
          problem={problem}
          photos={failed.filter((photo) => (photo.problem ?? 'INTERNAL') === problem)}
        />
      ))}
      {lying > 0 && (
        <Link to="/" className={`${button.plain} self-start`}>
          {t('tray.lying', { count: lying })}
        </Link>
      )}
    </section>
  );
}

function OnTheWay({ photos }: { readonly photos: readonly TrayPhoto[] }) {
  const { t } = useSpeech();
  const count = photos.length;
  const waiting = photos.filter(({ pause }) => pause === 'turn');
  const cut = photos.some(({ pause }) => pause === 'network');
  const news = cut ? t('tray.network') : t('news.onTheWay', { count });
  useEffect(() => announce(news), [news]);
  return (
    <ul className="divide-y divide-line rounded-2xl border border-line bg-sheet">
      {photos.map((photo) => photo.pause !== 'turn' && <Row key={photo.key} photo={photo} />)}
      {waiting.length > 0 && (
        <li>
          <details>
            <summary className="min-h-12 rounded-2xl px-4 py-2.5 text-soft">
              {t('tray.waiting', { count: waiting.length })}
            </summary>
            <ul className="divide-y divide-line border-t border-line">
              {waiting.map((photo) => (
                <Row key={photo.key} photo={photo} />
              ))}
            </ul>
          </details>
        </li>
      )}
    </ul>
  );
}

function Row({ photo }: { readonly photo: TrayPhoto }) {
  const { t, language } = useSpeech();
  const words = useSentWords(photo);
  const { key, name, sent, pause } = photo;
  return (
    <li className="flex items-center gap-3 p-3 sm:gap-4 sm:px-4">
      <div className="grid size-16 shrink-0 place-items-center overflow-hidden rounded-lg bg-well">
        <Small photo={photo} />
      </div>
      <div className="flex min-w-0 grow flex-col gap-1.5">
        <p className="flex gap-3">
          <span className="me-auto min-w-0 truncate">{name}</span>
          {pause !== 'turn' && <span className="tabular-nums">{percent(language, sent)}</span>}
        </p>
        <Progress label={t('recent.progress', { name })} value={sent} />
        <p className={`text-sm tabular-nums ${pause && pause !== 'turn' ? 'font-semibold text-amber' : 'text-soft'}`}>
          {words}
        </p>
      </div>
      <button
        type="button"
        className={button.icon}
        aria-label={t('recent.cancel', { name })}
        onClick={() => cancelSending(key)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
