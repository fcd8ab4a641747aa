import { useEffect, useRef, useSyncExternalStore } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { Fold } from './fold.tsx';
import { ScrollBox } from './scroll-box.tsx';
import { useConsole } from './speech.ts';

export interface PlotLine {
  readonly name: string;
  /** A colour of the album, as its CSS variable. */
  readonly colour: '--pine' | '--rust' | '--amber';
  /** Null where there was nothing to measure. */
  readonly values: readonly (number | null)[];
}

interface PlotProps {
  readonly title: string;
  readonly per: 'hour' | 'day';
  /** When each value begins, as ISO 8601. */
  readonly at: readonly string[];
  readonly lines: readonly PlotLine[];
  readonly format: (value: number) => string;
  /** The top of the plot is this at least. */
  readonly least?: number;
}

/** Pixels that the numbers beside the plot take, and the times below it. */
const NUMBERS = 52;
const TIMES = 34;

const DARK = '(prefers-color-scheme: dark)';
const onScheme = (listener: () => void) => {
  const query = matchMedia(DARK);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
};

/** Bars over time, drawn on a canvas; beside it the same as a table, for who cannot see it and for who wants the numbers. */
export function Plot({ title, per, at, lines, format, least = 4 }: PlotProps) {
  const { t, language } = useConsole();
  const box = useRef<HTMLDivElement>(null);
  const isDark = useSyncExternalStore(onScheme, () => matchMedia(DARK).matches);
  const moment = new Intl.DateTimeFormat(
    language,
    per === 'hour'
      ? { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : { day: 'numeric', month: 'short' },
  );
  const time = (iso: string) => moment.format(new Date(iso));

  const isEmpty = lines.every(({ values }) => values.every((value) => !value));

  // By what it says: the lists are new whenever the page is drawn again.
  const drawn = JSON.stringify([at, lines]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `drawn` stands for the lists, `isDark` for the colours
  useEffect(() => {
    const element = box.current!;
    const style = getComputedStyle(document.documentElement);
    const ink = (name: string) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: ink('--soft'),
      grid: { stroke: ink('--line'), width: 1 },
      ticks: { show: false },
      font: '13px sans-serif',
    };
    // A bar stands where its hour or day begins, so that the last one needs the room of one more.
    const bars = UPlot.paths.bars!({ size: [0.85, 40], align: 1 });
    const begins = at.map((iso) => Date.parse(iso) / 1000);
    const step = (begins[1] ?? 0) - (begins[0] ?? 0);
    const plot = new UPlot(
      {
        width: element.clientWidth,
        height: element.clientHeight,
        // Half of a time that stands at the very end.
        padding: [null, 34, null, null],
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: true, range: (_plot, from, to) => [from, to + step] },
          y: { range: (_plot, _bottom, most) => [0, Math.max(most * 1.08, least)] },
        },
        series: [
          {},
          ...lines.map(({ name, colour }) => ({
            label: name,
            stroke: ink(colour),
            fill: ink(colour),
            width: 0,
            paths: bars,
            points: { show: false },
          })),
        ],
        axes: [
          {
            ...axis,
            values: (_plot, splits) => splits.map((second) => time(new Date(second * 1000).toISOString())),
            space: 90,
            size: TIMES,
            gap: 9,
          },
          {
            ...axis,
            size: NUMBERS,
            values: (_plot, splits) => splits.map((value) => (Number.isInteger(value) ? format(value) : '')),
          },
        ],
      },
      [begins, ...lines.map(({ values }) => [...values])],
      element,
    );
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: element.clientHeight }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [drawn, per, language, isDark]);

  return (
    <figure className="rounded-3xl border border-line bg-sheet p-5">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-semibold">{title}</span>
        <span className="flex flex-wrap gap-x-4 text-[0.92rem] text-soft">
          {lines.map(({ name, colour }) => (
            <span key={name} className="inline-flex items-center gap-1.5">
              <span aria-hidden="true" className={`size-3 rounded-sm ${SWATCHES[colour]}`} />
              {name}
            </span>
          ))}
        </span>
      </figcaption>
      <div className="relative mt-3">
        <div ref={box} aria-hidden="true" className="h-60 overflow-hidden" />
        {isEmpty && (
          <p className="absolute inset-x-0 top-20 text-center text-soft">
            <span className="rounded-full bg-sheet px-3 py-1">{t('plots.none')}</span>
          </p>
        )}
      </div>
      <Fold label={t('plots.table')}>
        <ScrollBox label={title} className="relative max-h-80 overflow-auto">
          <table className="w-full text-[0.89rem] tabular-nums">
            <caption className="sr-only">{title}</caption>
            <thead>
              <tr>
                <th scope="col" className="py-1 text-start">
                  {t(`plots.${per}Head`)}
                </th>
                {lines.map(({ name }) => (
                  <th key={name} scope="col" className="py-1 text-end">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {at.map((iso, row) => (
                <tr key={iso} className="border-t border-line">
                  <th scope="row" className="py-1 text-start font-normal">
                    {time(iso)}
                  </th>
                  {lines.map(({ name, values }) => (
                    <td key={name} className="py-1 text-end">
                      {values[row] == null ? '–' : format(values[row])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      </Fold>
    </figure>
  );
}

const SWATCHES = { '--pine': 'bg-pine', '--rust': 'bg-rust', '--amber': 'bg-amber' } as const;
