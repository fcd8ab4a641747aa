import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { printPixels } from '@hili/contract';
import { type Engine, PhotoError, type Reason, type Report } from '@hili/engine';
import type { Config } from './config.ts';
import type { Events } from './events.ts';
import type { JobDeps } from './jobs.ts';
import { beat, claim, fail, finish, handBack, type Run } from './leases.ts';
import type { Log } from './log.ts';
import { asAppError } from './photo-errors.ts';
import { storePreview } from './previews.ts';
import { newKey } from './storage/disk.ts';

export interface RunDeps extends JobDeps {
  readonly config: JobDeps['config'] & Pick<Config, 'LABEL_PRODUCER' | 'VISIBLE_LABEL'>;
  readonly engine: Engine;
  readonly events: Events;
  readonly log: Log;
}

/** Milliseconds between two looks at the progress; a change is told, and the lease extended, that often at most. */
const LOOK_MS = 500;
/** Share of a lease after which it is extended though nothing changed. */
const BEAT_SHARE = 1 / 6;
/** Failures of a process and not of the photo: another run may go better. */
const PASSING: readonly Reason[] = ['timeout', 'out_of_memory', 'crashed'];

/**
 * Runs one job from its claim to its settlement. Never throws for what a photo or a crashed process does to it.
 * @param stopping aborted when this worker is to end: the run is given back unfinished.
 */
export async function runJob(deps: RunDeps, jobId: string, stopping: AbortSignal): Promise<void> {
  const { log, storage } = deps;
  const run = await claim(deps, jobId);
  if (!run) return;
  const began = performance.now();
  const files = {
    input: storage.incoming(),
    output: storage.incoming(),
    preview: storage.incoming(),
    before: storage.incoming(),
    resultPreview: storage.incoming(),
  };
  const watch = keepLease(deps, run, files.preview);
  try {
    await storage.fetch(String(run.photo.uploadKey), files.input);
    const signal = AbortSignal.any([watch.lost, stopping]);
    const paths = { previewPath: files.preview, beforePath: files.before, resultPreviewPath: files.resultPreview };
    const options = { ...engineOptions(deps, run), ...paths, signal, onProgress: watch.onProgress };
    const report = await deps.engine.enhanceFile(files.input, files.output, run.job.recipe, options);
    await verify(deps.engine, files.output, report);
    await watch.end();
    const kept = await settle(deps, run, files, report);
    const ms = Math.round(performance.now() - began);
    log.info({ jobId, recipe: run.job.recipe, ms, changed: report.changed, kept }, 'job done');
  } catch (error) {
    await watch.end();
    if (watch.lost.aborted) log.info({ jobId }, 'job was taken from us');
    else if (stopping.aborted) await handBack(deps, run);
    else await giveUp(deps, run, error);
  } finally {
    await Promise.all(Object.values(files).map((path) => rm(path, { force: true })));
  }
}

function engineOptions({ config }: RunDeps, { job, photo }: Run) {
  const { print, repairStrength, colourStrength, srStrength, ...same } = job.options;
  const strength = Object.entries({ repair: repairStrength, colour: colourStrength, sr: srStrength });
  const limit = job.free ? config.FREE_LONG_EDGE : job.maxSide;
  return {
    ...same,
    strength: Object.fromEntries(strength.filter(([, share]) => share !== undefined)),
    ...(print && { paper: printPixels(print) }),
    ...(limit && { mostLongEdge: limit }),
    // A partner's photo has no page that shows them.
    findFaces: !photo.partnerId,
    label: {
      id: job.id,
      visibleAfter: config.VISIBLE_LABEL,
      ...(config.LABEL_PRODUCER && { producer: config.LABEL_PRODUCER }),
    },
  };
}

/** Reads the result back as a stranger's file would be: what is stored can be opened, and is what the report says. */
async function verify(engine: Engine, path: string, { output }: Report): Promise<void> {
  const { width, height } = output;
  // The limits of uploads are not those of results: a photo of 30 MB becomes a PNG or TIFF of more than they allow.
  const limits = { bytes: output.bytes, pixels: width * height, side: Math.max(width, height) };
  const header = await engine.inspect(path, limits);
  if (header.format !== output.format || header.width !== width || header.height !== height)
    throw new Error(`expected the result that was reported but received ${JSON.stringify(header)}`);
}

/** Stores what was made and settles. @returns false when the lease was lost meanwhile, and it was thrown away. */
async function settle(
  { storage, ...deps }: RunDeps,
  run: Run,
  files: { readonly output: string; readonly before: string; readonly resultPreview: string },
  report: Report,
): Promise<boolean> {
  const { format, width, height, bytes } = report.output;
  const key = newKey(format);
  await storage.put(key, files.output);
  const putIfMade = async (path: string) => {
    if (!existsSync(path)) return undefined;
    const made = newKey('jpeg');
    await storage.put(made, path);
    return made;
  };
  const beforeKey = await putIfMade(files.before);
  const previewKey = await putIfMade(files.resultPreview);
  const { changed, ms, steps } = report;
  // The page shows none of a result that is the photo as it was.
  const { faces, checks } = changed ? report : { faces: [], checks: [] };
  const result = { key, format, width, height, bytes, beforeKey, previewKey };
  const kept = await finish({ ...deps, storage }, run, result, { changed, ms, steps, faces, checks });
  if (!kept) for (const made of [key, beforeKey, previewKey]) if (made) await storage.remove(made);
  return kept;
}

async function giveUp(deps: RunDeps, run: Run, error: unknown): Promise<void> {
  const again = error instanceof PhotoError ? PASSING.includes(error.reason) : true;
  const { code } = asAppError(error);
  deps.log.warn({ jobId: run.job.id, attempt: run.job.attempt + 1, code, again, error }, 'job failed');
  await fail(deps, run, code, again);
}

/** Extends the lease and tells the progress until `end`; `lost` is aborted once the job is somebody else's, or cancelled. */
function keepLease(deps: RunDeps, run: Run, previewPath: string) {
  const gone = new AbortController();
  const beatMs = deps.config.LEASE_SECONDS * 1000 * BEAT_SHARE;
  const state = { progress: 0, step: null as string | null };
  let told = { ...state };
  let toldAt = performance.now();
  let hasPreview = run.photo.previewKey !== null;
  let looking = Promise.resolve();
  const unsubscribe = deps.events.subscribe(`job:${run.job.id}`, ({ kind }) => kind === 'cancel' && gone.abort());

  const look = async () => {
    // The engine writes the preview before it leaves its first step.
    if (!hasPreview && state.step !== null && state.step !== 'decode') {
      hasPreview = true;
      await storePreview(deps, run.photo.id, previewPath);
    }
    const same = state.progress === told.progress && state.step === told.step;
    if (same && performance.now() - toldAt < beatMs) return;
    told = { ...state };
    toldAt = performance.now();
    if (!(await beat(deps, run, told.progress, told.step))) gone.abort();
  };
  const timer = setInterval(() => {
    looking = looking
      .then(look)
      .catch((error) => deps.log.warn({ jobId: run.job.id, error }, 'no sign of life could be given'));
  }, LOOK_MS);

  return {
    lost: gone.signal,
    onProgress({ progress, step }: { progress: number; step: string }) {
      state.progress = Math.min(1, Math.max(0, progress));
      state.step = step;
    },
    async end() {
      clearInterval(timer);
      unsubscribe();
      looking = looking.then(look).catch(() => {});
      await looking;
    },
  };
}
