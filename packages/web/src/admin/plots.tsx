import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Plot } from './plot.tsx';
import { seriesQuery, todayQuery } from './queries.ts';
import { useConsole } from './speech.ts';
import { Trouble } from './trouble.tsx';

/** How photos, failures, money and users came about, by the hour or by the day. */
export default function Plots() {
  const { t, language } = useConsole();
  const [per, setPer] = useState<'hour' | 'day'>('hour');
  const { data, error } = useQuery(seriesQuery(per));
  const number = (value: number) => new Intl.NumberFormat(language, { notation: 'compact' }).format(value);
  const yuan = (fen: number) => number(fen / 100);
  return (
    <section aria-labelledby="plots">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="plots" className="text-2xl">
          {t('plots.title')}
        </h2>
        <fieldset className="flex gap-2">
          <legend className="sr-only">{t('plots.per')}</legend>
          {(['hour', 'day'] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === per}
              onClick={() => setPer(one)}
              className="min-h-11 rounded-full border border-edge px-4 font-semibold hover:bg-well aria-pressed:border-pine aria-pressed:bg-pine aria-pressed:text-on-pine"
            >
              {t(`plots.${one}`)}
            </button>
          ))}
        </fieldset>
      </div>
      {error && <Trouble error={error} />}
      {data && (
        <div className="mt-3 grid grid-cols-[minmax(0,1fr)] gap-4 xl:grid-cols-2">
          <Plot
            title={t('plots.photos')}
            per={per}
            at={timesOf(data)}
            format={number}
            lines={[
              { name: t('plots.done'), colour: '--pine', values: data.map(({ done }) => done) },
              { name: t('plots.failed'), colour: '--rust', values: data.map(({ failed }) => failed) },
            ]}
          />
          <Plot
            title={t('plots.money')}
            per={per}
            at={timesOf(data)}
            format={yuan}
            least={10_000}
            lines={[
              { name: t('plots.paid'), colour: '--pine', values: data.map(({ paidFen }) => paidFen) },
              { name: t('plots.refunded'), colour: '--rust', values: data.map(({ refundedFen }) => refundedFen) },
            ]}
          />
          <Plot
            title={t('plots.taken')}
            per={per}
            at={timesOf(data)}
            format={number}
            lines={[{ name: t('plots.photosTaken'), colour: '--pine', values: data.map(({ photos }) => photos) }]}
          />
          <Plot
            title={t('plots.people')}
            per={per}
            at={timesOf(data)}
            format={number}
            lines={[
              { name: t('plots.users'), colour: '--pine', values: data.map(({ users }) => users) },
              { name: t('plots.orders'), colour: '--amber', values: data.map(({ orders }) => orders) },
            ]}
          />
          <Waits />
        </div>
      )}
    </section>
  );
}

/** How long runs waited until they began. Both bars stand on the ground, the lower one in front. */
function Waits() {
  const { t, language } = useConsole();
  const waits = useQuery(todayQuery).data?.queueWait;
  if (!waits) return null;
  // `8s`, `3m`: there is little room beside a plot.
  const brief = (seconds: number) => {
    const [value, unit] = seconds < 120 ? [seconds, 'second'] : [seconds / 60, 'minute'];
    const style = { style: 'unit', unit, unitDisplay: 'narrow', maximumFractionDigits: value < 10 ? 1 : 0 } as const;
    return new Intl.NumberFormat(language, style).format(value);
  };
  return (
    <div className="xl:col-span-2">
      <Plot
        title={t('plots.wait')}
        per="hour"
        at={timesOf(waits)}
        format={brief}
        least={10}
        lines={[
          { name: t('plots.most'), colour: '--amber', values: waits.map(({ p95 }) => p95) },
          { name: t('plots.half'), colour: '--pine', values: waits.map(({ median }) => median) },
        ]}
      />
    </div>
  );
}

const timesOf = (series: readonly { readonly at: string }[]) => series.map(({ at }) => at);
