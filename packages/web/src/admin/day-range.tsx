import { useId } from 'react';
import { useConsole } from './speech.ts';

interface DayRangeProps {
  /** Moments as ISO 8601: from one on, and before another. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly onChange: (change: { from?: string; to?: string }) => void;
}

const DAY_MS = 86_400_000;
const INPUT = 'mt-1 min-h-12 w-full rounded-xl border border-edge bg-sheet px-2.5 text-ink';

const startOf = (day: string) => new Date(`${day}T00:00`);
const dayOf = (time: Date) =>
  [time.getFullYear(), String(time.getMonth() + 1).padStart(2, '0'), String(time.getDate()).padStart(2, '0')].join('-');

/** From one day to another, both whole, in the reader's time zone. */
export function DayRange({ from, to, onChange }: DayRangeProps) {
  const { t } = useConsole();
  const id = useId();
  // `to` is the start of the day after; twelve hours back is that day, also where clocks are changed at night.
  const last = to && dayOf(new Date(new Date(to).getTime() - DAY_MS / 2));
  return (
    <div className="grid grid-cols-2 gap-3">
      <label htmlFor={`${id}-from`}>
        {t('table.from')}
        <input
          id={`${id}-from`}
          type="date"
          value={from ? dayOf(new Date(from)) : ''}
          onChange={({ currentTarget: { value } }) => onChange({ from: value && startOf(value).toISOString() })}
          className={INPUT}
        />
      </label>
      <label htmlFor={`${id}-to`}>
        {t('table.to')}
        <input
          id={`${id}-to`}
          type="date"
          value={last ?? ''}
          onChange={({ currentTarget: { value } }) =>
            onChange({ to: value && startOf(dayOf(new Date(startOf(value).getTime() + 1.5 * DAY_MS))).toISOString() })
          }
          className={INPUT}
        />
      </label>
    </div>
  );
}
