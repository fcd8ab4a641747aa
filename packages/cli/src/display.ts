import { MultiBar } from 'cli-progress';
import type { Words } from './failures.ts';
import type { Outcome } from './restorer.ts';

/** What became of one photo. */
export type Ending =
  | { readonly state: 'done'; readonly result: string; readonly outcome: Outcome }
  | { readonly state: 'skipped'; readonly result: string }
  | { readonly state: 'failed'; readonly error: Words }
  | { readonly state: 'stopped' };

export interface Totals {
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  /** Photos that were not restored because the run was stopped. */
  readonly stopped: number;
  readonly ms: number;
}

/** Where the caller sees a run: a bar on a terminal, lines elsewhere, or JSON lines on stdout. */
export interface Display {
  progress(name: string, share: number, step: string): void;
  ended(name: string, ending: Ending): void;
  close(totals: Totals): void;
}

const seconds = (ms: number) => (ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`);

/** Why a photo was not coloured though that was asked for. */
const NOTES = { toned: 'its own tone was kept', coloured: 'it has colours already' } as const;

function sentence(name: string, ending: Ending): string {
  switch (ending.state) {
    case 'done': {
      const { width, height, format } = ending.outcome.output;
      const size = width ? `, ${width} x ${height} px` : '';
      const time = ending.outcome.ms === undefined ? '' : `, ${seconds(ending.outcome.ms)}`;
      const note = ending.outcome.steps?.find((step) => step.note)?.note;
      const why = note ? `; not coloured, since ${NOTES[note]}: --recolour colours it all the same` : '';
      return `${name} -> ${ending.result} (${format}${size}${time})${why}`;
    }
    case 'skipped':
      return `${name}: finished before, left as it is`;
    case 'failed':
      return `${name}: failed: ${ending.error.message}`;
    case 'stopped':
      return `${name}: stopped`;
  }
}

const photos = (count: number) => (count === 1 ? '1 photo' : `${count} photos`);

function summary({ done, skipped, failed, stopped, ms }: Totals): string {
  const parts = [
    `${photos(done)} restored`,
    skipped > 0 && `${skipped} finished before`,
    failed > 0 && `${failed} failed`,
    stopped > 0 && `${stopped} left when it was stopped`,
  ];
  return `${parts.filter(Boolean).join(', ')}, in ${seconds(ms)}`;
}

/** One JSON object a photo on stdout, and a last one with the totals. */
export function jsonDisplay(): Display {
  const write = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);
  return {
    progress() {},
    ended: (name, ending) => write({ file: name, ...ending }),
    close: (totals) => write({ total: totals }),
  };
}

/** A line on stderr for each photo. */
export function lineDisplay(): Display {
  return {
    progress() {},
    ended: (name, ending) => console.error(sentence(name, ending)),
    close: (totals) => console.error(summary(totals)),
  };
}

/** A bar over all photos on stderr; failures stand above it. */
export function barDisplay(count: number): Display {
  const bars = new MultiBar({
    format: '{bar} {percentage}% | {photos} | {left} | {doing}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    gracefulExit: false,
    stream: process.stderr,
  });
  const bar = bars.create(1, 0, { photos: `0/${count}`, left: '', doing: '' });
  const started = performance.now();
  const shares = new Map<string, number>();
  let ended = 0;
  const draw = (name: string, share: number, doing: string) => {
    shares.set(name, share);
    const sum = [...shares.values()].reduce((a, b) => a + b, 0);
    const ms = (performance.now() - started) * (count / sum - 1);
    bar.update(sum / count, { photos: `${ended}/${count}`, left: sum > 0 ? `${seconds(ms)} left` : '', doing });
  };
  return {
    progress: (name, share, step) => draw(name, share, `${name}: ${step}`),
    ended(name, ending) {
      if (ending.state === 'stopped') return;
      ended++;
      draw(name, 1, '');
      if (ending.state === 'failed' || count === 1) bars.log(`${sentence(name, ending)}\n`);
    },
    close(totals) {
      bars.update();
      bars.stop();
      console.error(summary(totals));
    },
  };
}
