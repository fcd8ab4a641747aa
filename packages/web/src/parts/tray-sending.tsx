import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { cancelSending, putAside, start } from '../dispatch.ts';
import { percent } from '../format.ts';
import { useSpeech } from '../language.ts';
import { makeThumbnails } from '../pictures.ts';
import { problemKeys } from '../problems.ts';
import { useStore } from '../store.ts';
import { type TrayPhoto, tray } from '../tray.ts';
import { useArrival } from '../use-arrival.ts';
import { button } from './button.ts';
import { Icon } from './icons.tsx';
import { announce } from './news.tsx';
import { Progress } from './progress.tsx';
import { useSentWords } from './sent-words.ts';
import { Small } from './tile.tsx';

/** The photos that are on their way to the server, and those that did not get there; nothing when there are none. */
export function TraySending() {
  const { t } = useSpeech();
  const { photos } = useStore(tray);
  const onTheWay = photos.filter(({ state }) => state === 'sending').length;
  const failed = photos.filter(({ state }) => state === 'failed').length;
  const waiting = photos.filter(({ state, pause }) => state === 'sending' && pause === 'turn');
  const lying = photos.length - onTheWay - failed;
  const offline = photos.some(({ pause }) => pause === 'network');
  const news = offline ? t('tray.network') : t('news.onTheWay', { count: onTheWay });

  useEffect(() => {
    if (onTheWay > 0) announce(news);
  }, [news, onTheWay]);
  useEffect(() => void makeThumbnails(), []);

  if (photos.length === 0) return null;
  return (
    <section aria-labelledby="on-the-way" className="flex flex-col gap-4">
      <h2 id="on-the-way" className="text-2xl">
        {onTheWay > 0 || failed === 0 ? t('tray.onTheWay', { count: onTheWay }) : t('tray.failed')}
      </h2>
      <ul className="flex flex-col divide-y divide-line rounded-2xl border border-line bg-sheet">
        {photos.map((photo) => {
          if (photo.state === 'failed') return <NotArrived key={photo.key} photo={photo} />;
          return photo.state === 'sending' && photo.pause !== 'turn' && <OnTheWay key={photo.key} photo={photo} />;
        })}
        {waiting.length > 0 && (
          <li>
            <details>
              <summary className="min-h-12 rounded-2xl px-4 py-2.5 text-soft">
                {t('tray.waiting', { count: waiting.length })}
              </summary>
              <ul className="divide-y divide-line border-t border-line">
                {waiting.map((photo) => (
                  <OnTheWay key={photo.key} photo={photo} />
                ))}
              </ul>
            </details>
          </li>
        )}
      </ul>
      {lying > 0 && (
        <Link to="/" className={button.plain}>
          {t('tray.lying', { count: lying })}
        </Link>
      )}
    </section>
  );
}

const ROW = 'flex items-center gap-3 p-3 sm:gap-4 sm:px-4';

function Picture({ photo }: { readonly photo: TrayPhoto }) {
  return (
    <div className="grid size-16 shrink-0 place-items-center overflow-hidden rounded-lg bg-well">
      <Small photo={photo} />
    </div>
  );
}

function OnTheWay({ photo }: { readonly photo: TrayPhoto }) {
  const { t, language } = useSpeech();
  const words = useSentWords(photo);
  const { key, name, sent, pause } = photo;
  return (
    <li className={ROW}>
      <Picture photo={photo} />
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

function NotArrived({ photo }: { readonly photo: TrayPhoto }) {
  const { t } = useSpeech();
  const arrive = useArrival();
  const { key, name, problem, wish } = photo;
  const { title, advice } = problemKeys(problem ?? 'INTERNAL');
  return (
    <li className={`${ROW} flex-wrap sm:flex-nowrap`}>
      <Picture photo={photo} />
      <div role="alert" className="min-w-0 grow basis-56">
        <p className="truncate">{name}</p>
        <p className="text-base">
          <strong className="font-semibold text-rust">{t(title)}.</strong> {t(advice)} {t('failed.free')}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {wish && (
          <button
            type="button"
            className={button.quiet}
            aria-label={t('tray.again', { name })}
            onClick={() => start({ keys: [key], wish }, arrive)}
          >
            {t('failed.retry')}
          </button>
        )}
        <button
          type="button"
          className={button.quiet}
          aria-label={t('tray.remove', { name })}
          onClick={() => putAside(key)}
        >
          {t('tray.aside')}
        </button>
      </div>
    </li>
  );
}
