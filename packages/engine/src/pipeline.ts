import { resize } from './codec.ts';
import { PhotoError } from './errors.ts';
import type { ModelCard } from './models.ts';
import { isMonochrome, JUDGED } from './monochrome.ts';
import type { Note, Options, Progress, Report } from './options.ts';
import { fitted, type Raster } from './raster.ts';
import { type Network, openNetworks } from './sessions.ts';

/** What a step is given beside the photo. */
export interface Context {
  readonly options: Options;
  /** Whether the photo that came in is black-and-white, toned or not: a step before may have changed what tells it. */
  readonly monochrome: () => Promise<boolean>;
  /** The network of a task; loaded when first asked for. */
  readonly network: (task: ModelCard['task']) => Promise<Network>;
  /** Says why the step leaves the photo as it is, for the report. */
  readonly note: (note: Note) => void;
  /** Says how much of the step is done, 0 to 1. Called between tiles: it throws when the run is cancelled. */
  readonly tick: (share: number) => void;
}

/** One transformation of a photo. */
export interface Step {
  readonly name: string;
  /** Gives the photo anew, or nothing when it is left as it is. The photo given is not written to. */
  readonly run: (photo: Raster, context: Context) => Promise<Raster | undefined>;
  /** Seconds that it takes per megapixel of the photo, about: its share of the progress. */
  readonly cost: number;
}

/** How a run is watched and stopped. */
export interface Watch {
  readonly modelFolders: readonly string[];
  /** Threads of the networks. */
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Shares of the progress that reading and writing take. */
const READ = 0.05;
const WRITE = 0.1;

/** Gives the event loop a turn, so that a message to cancel can arrive. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Runs the steps of a recipe in order; cancelling, progress and timing happen here and between tiles, not in the steps. Each step's
 * networks are released when it ends, so that memory is that of the largest and not of all.
 * @throws PhotoError `cancelled`, `no_model`.
 */
export async function runSteps(
  steps: readonly Step[],
  photo: Raster,
  options: Options,
  watch: Watch,
): Promise<{ photo: Raster; steps: Report['steps'] }> {
  const total = steps.reduce((sum, step) => sum + step.cost, 0);
  const reports: Report['steps'][number][] = [];
  let judged: Promise<boolean> | undefined;
  const monochrome = () => {
    judged ??= resize(photo, ...fitted(photo, JUDGED)).then(isMonochrome);
    return judged;
  };
  let current = photo;
  let done = 0;
  for (const step of steps) {
    const tick = (share: number) => {
      if (watch.signal.aborted) throw new PhotoError('cancelled', 'the run was cancelled');
      const progress = READ + ((1 - READ - WRITE) * (done + step.cost * share)) / total;
      watch.onProgress({ progress, step: step.name });
    };
    let noted: Note | undefined;
    const note = (given: Note) => {
      noted = given;
    };
    await turn();
    tick(0);
    const started = performance.now();
    const networks = openNetworks(watch.modelFolders, watch.threads);
    try {
      const result = await step.run(current, { options, monochrome, network: networks.network, note, tick });
      reports.push({
        name: step.name,
        ms: Math.round(performance.now() - started),
        model: networks.used().join('+') || null,
        changed: result !== undefined,
        ...(noted && { note: noted }),
      });
      current = result ?? current;
    } finally {
      await networks.release();
    }
    done += step.cost;
  }
  return { photo: current, steps: reports };
}
