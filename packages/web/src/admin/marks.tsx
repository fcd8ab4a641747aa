import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type ConsoleKey, useConsole } from './speech.ts';
import { sumOf } from './sum.ts';

/** What a state asks of whoever reads it. */
type Tone = 'good' | 'wait' | 'bad' | 'plain';

const TONES: Readonly<Record<Tone, string>> = {
  good: 'bg-mint text-pine',
  wait: 'bg-honey text-amber',
  bad: 'bg-blush text-rust',
  plain: 'bg-well text-soft',
};

/** Every state that a row of the console can have. Those that are not named here need nobody. */
const TONE_OF: Readonly<Record<string, Tone>> = {
  active: 'good',
  disabled: 'bad',
  paid: 'good',
  paying: 'wait',
  refunding: 'wait',
  open: 'wait',
  claimed: 'wait',
  approved: 'wait',
  sent: 'wait',
  rejected: 'bad',
  review: 'wait',
  rewarded: 'good',
  refused: 'bad',
  clawed_back: 'bad',
  queued: 'wait',
  running: 'wait',
  done: 'good',
  failed: 'bad',
};

type StateKey = Extract<ConsoleKey, `state.${string}`>;
export type StateName = StateKey extends `state.${infer Name}` ? Name : never;

export function Mark({ tone = 'plain', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return (
    <span className={`inline-block rounded-full px-2.5 py-0.5 text-sm font-semibold whitespace-nowrap ${TONES[tone]}`}>
      {children}
    </span>
  );
}

/** A state in words, in a colour that tells from afar whether it needs somebody. */
export function StateMark({ state }: { readonly state: StateName }) {
  const { t } = useConsole();
  return <Mark tone={TONE_OF[state] ?? 'plain'}>{t(`state.${state}`)}</Mark>;
}

const two = (value: number) => String(value).padStart(2, '0');

/** A moment, to the minute, in the reader's time zone, always of one length: `2026-11-26 09:05`, on two lines where there is no room. A dash where there is none. */
export function Stamp({ iso }: { readonly iso: string | null }) {
  if (iso === null) return <>–</>;
  const time = new Date(iso);
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return (
    <time dateTime={iso} title={iso} className="tabular-nums">
      <span className="whitespace-nowrap">{day}</span>{' '}
      <span className="whitespace-nowrap">{`${two(time.getHours())}:${two(time.getMinutes())}`}</span>
    </time>
  );
}

export function Count({ value }: { readonly value: number }) {
  const { language } = useConsole();
  return <span className="tabular-nums">{new Intl.NumberFormat(language).format(value)}</span>;
}

/** Money as whole fen. */
export function Sum({ fen, currency = 'CNY' }: { readonly fen: number; readonly currency?: string }) {
  const { language } = useConsole();
  return <span className="whitespace-nowrap tabular-nums">{sumOf(language, fen, currency)}</span>;
}

/** An id or number, in letters that nobody confuses. */
export function Code({ children }: { readonly children: string }) {
  return <code className="font-mono text-[0.9em] wrap-anywhere">{children}</code>;
}

/** The beginning of an id that only machines read whole; all of it shows under the pointer. */
export function Short({ children, length = 8 }: { readonly children: string; readonly length?: number }) {
  return (
    <code title={children} className="font-mono text-[0.9em] whitespace-nowrap">
      {children.length > length ? `${children.slice(0, length)}…` : children}
    </code>
  );
}

interface ToProps {
  readonly place: string;
  readonly id?: string;
  readonly search?: Readonly<Record<string, string>>;
  readonly children: ReactNode;
}

/** A link within the console. */
export function To({ place, id, search = {}, children }: ToProps) {
  const look = 'rounded-sm text-pine underline decoration-1 underline-offset-4 hover:decoration-2';
  if (id !== undefined)
    return (
      <Link to="/admin/$place/$id" params={{ place, id }} className={look}>
        {children}
      </Link>
    );
  return (
    <Link to="/admin/$place" params={{ place }} search={search} className={look}>
      {children}
    </Link>
  );
}
