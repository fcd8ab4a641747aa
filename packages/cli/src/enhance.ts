import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { OutputFormat } from '@hili/engine';
import type { Display, Ending, Totals } from './display.ts';
import { explain, isFinal } from './failures.ts';
import { type Journal, openJournal } from './journal.ts';
import { type Plan, type Task, withEnding } from './plan.ts';
import type { Restorer } from './restorer.ts';
import type { Wish } from './wish.ts';

export interface Run {
  readonly wish: Wish;
  readonly restorer: Restorer;
  readonly display: Display;
  /** Whether results may replace files that no run before has made. */
  readonly overwrite: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Refuses a target that would replace a photo, or a file that is not ours. */
async function checkTarget(
  target: string,
  { isInput, folder }: Plan,
  journal: Journal | undefined,
  overwrite: boolean,
) {
  if (await isInput(target))
    throw new Error(`expected another place for the result but received that of a photo, ${target}`);
  if (!folder || overwrite || journal?.made(target)) return;
  if (await stat(target).catch(() => undefined))
    throw new Error(`expected no file at ${target} but received one that was not made here (--overwrite replaces it)`);
}

/** A photo whose name belied its content gets the ending of what it is, and keeps the old one where another photo has that name. */
function resultOf({ target }: Task, { tasks }: Plan, format: OutputFormat): string {
  const honest = withEnding(target, format);
  return honest !== target && tasks.some((other) => other.target === honest) ? target + extname(honest) : honest;
}

/** Restores one photo beside its target and moves it there whole. */
async function restoreOne(task: Task, plan: Plan, journal: Journal | undefined, run: Run): Promise<Ending> {
  const before = await journal?.finished(task);
  if (before) return { state: 'skipped', result: before };
  await checkTarget(task.target, plan, journal, run.overwrite);
  await mkdir(dirname(task.target), { recursive: true });
  const aside = await mkdtemp(join(dirname(task.target), '.hili-'));
  try {
    const part = join(aside, basename(task.target));
    const onProgress = (share: number, step: string) => run.display.progress(task.name, share, step);
    const outcome = await run.restorer.restore(task.source, part, run.wish, { signal: run.signal, onProgress });
    const result = resultOf(task, plan, outcome.output.format);
    if (result !== task.target) await checkTarget(result, plan, journal, run.overwrite);
    await rename(part, result);
    await journal?.add(task, result);
    return { state: 'done', result, outcome };
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/**
 * Restores the photos of a plan, several at once. One that fails does not stop the rest, unless each of the rest would fail alike.
 * @returns how many ended how; nothing is left half-way.
 */
export async function enhance(plan: Plan, run: Run): Promise<Totals> {
  const started = performance.now();
  const journal = plan.folder === undefined ? undefined : await openJournal(plan.folder, run.wish);
  const counts = { done: 0, skipped: 0, failed: 0, stopped: 0 };
  const waiting = [...plan.tasks];
  let isOver = false;
  const work = async () => {
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      let ending: Ending = { state: 'stopped' };
      if (!isOver && !run.signal.aborted)
        try {
          ending = await restoreOne(task, plan, journal, run);
        } catch (error) {
          if (!run.signal.aborted) ending = { state: 'failed', error: explain(error) };
          isOver ||= isFinal(error);
        }
      counts[ending.state]++;
      run.display.ended(task.name, ending);
    }
  };
  await Promise.all(Array.from({ length: run.restorer.parallel }, work));
  const totals = { ...counts, ms: Math.round(performance.now() - started) };
  run.display.close(totals);
  return totals;
}
