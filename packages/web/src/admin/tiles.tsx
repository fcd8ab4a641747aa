import { ERRORS, type ErrorCode } from '@hili/contract';
import type { AdminToday } from '@hili/contract/admin';
import type { ReactNode } from 'react';
import { duration } from '../format.ts';
import { To } from './marks.tsx';
import { sizeOf } from './size.ts';
import { useConsole } from './speech.ts';
import { sumOf } from './sum.ts';

interface TileProps {
  readonly title: string;
  readonly figure: string;
  /** Money wants the whole width of a phone. */
  readonly isWide?: boolean;
  /** What the figure is made of. */
  readonly children?: ReactNode;
}

function Tile({ title, figure, isWide = false, children }: TileProps) {
  return (
    <section className={`rounded-3xl border border-line bg-sheet p-4 sm:p-5 ${isWide ? 'max-sm:col-span-2' : ''}`}>
      <h3 className="font-sans! text-base! font-semibold text-soft">{title}</h3>
      <p className="mt-1 font-serif text-2xl font-semibold whitespace-nowrap tabular-nums">{figure}</p>
      <div className="mt-1.5 text-[0.92rem] text-soft">{children}</div>
    </section>
  );
}

/** The figures of the last 24 hours. */
export function Tiles({ today }: { readonly today: AdminToday }) {
  const { t, language } = useConsole();
  const { photos, failures, queue, storage } = today;
  const number = (value: number) => new Intl.NumberFormat(language).format(value);
  const seconds = (ms: number | null) =>
    ms === null
      ? '–'
      : new Intl.NumberFormat(language, { style: 'unit', unit: 'second', maximumFractionDigits: 1 }).format(ms / 1000);
  return (
    <section aria-labelledby="figures">
      <h2 id="figures" className="text-2xl">
        {t('tiles.title')}
      </h2>
      <div className="mt-3 grid grid-cols-2 gap-3 sm:gap-4 xl:grid-cols-4">
        <Tile title={t('tiles.photos')} figure={number(photos.taken)}>
          <p>{t('tiles.ended', { done: photos.done, unchanged: photos.unchanged })}</p>
        </Tile>
        <Tile title={t('tiles.failed')} figure={number(photos.failed)}>
          {failures.map(({ error, jobs }) => (
            <p key={error}>
              <To place="jobs" search={{ state: 'failed', q: error }}>
                {number(jobs)}
              </To>{' '}
              · {error in ERRORS ? ERRORS[error as ErrorCode].text[language] : error}
            </p>
          ))}
          {failures.length === 0 && <p>{t('tiles.noFailures')}</p>}
        </Tile>
        <Tile title={t('tiles.queue')} figure={number(queue.waiting)}>
          <p>{t('tiles.running', { running: queue.running, workers: queue.workers })}</p>
          {queue.oldestSeconds !== null && (
            <p>{t('tiles.oldest', { time: duration(language, queue.oldestSeconds) })}</p>
          )}
          {queue.medianMs !== null && (
            <p>{t('tiles.speed', { median: seconds(queue.medianMs), p95: seconds(queue.p95Ms) })}</p>
          )}
        </Tile>
        <Tile title={t('tiles.storage')} figure={sizeOf(language, storage.bytes)}>
          <p>{t('tiles.kept', { count: storage.photos })}</p>
          <p>{t('tiles.free', { free: sizeOf(language, storage.freeBytes) })}</p>
        </Tile>
        {today.money.map(({ currency, simulated, orders, paidFen, refundedFen }) => (
          <Tile
            key={`${currency} ${simulated}`}
            title={simulated ? t('tiles.simulated', { currency }) : t('tiles.money', { currency })}
            figure={sumOf(language, paidFen, currency)}
            isWide
          >
            <p>{t('tiles.orders', { count: orders })}</p>
            {refundedFen > 0 && <p>{t('tiles.refunded', { sum: sumOf(language, refundedFen, currency) })}</p>}
          </Tile>
        ))}
        {today.money.length === 0 && (
          <Tile title={t('tiles.money', { currency: 'CNY' })} figure={sumOf(language, 0)} isWide>
            <p>{t('tiles.orders', { count: 0 })}</p>
          </Tile>
        )}
      </div>
    </section>
  );
}
