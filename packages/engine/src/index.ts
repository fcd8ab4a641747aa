import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Header } from './codec.ts';
import { LIMITS, type Limits } from './limits.ts';
import { checkOptions, type Options, type Progress, type Report } from './options.ts';
import { openPool } from './pool.ts';
import type { Print } from './prints.ts';
import type { RecipeName } from './recipes.ts';

export { type Header, TILE } from './codec.ts';
export { PhotoError, REASONS, type Reason } from './errors.ts';
export { INPUT_FORMATS, type InputFormat, OUTPUT_FORMATS, type OutputFormat } from './format.ts';
export type { GivenColour } from './given-colours.ts';
export type { Check } from './id-checks.ts';
export { LIMITS, type Limits } from './limits.ts';
export { findModel, listModels, type Model, ModelCard, OWN_MODELS } from './models.ts';
export { LONG_EDGE, type Note, type Options, type Progress, type Report, targetSize } from './options.ts';
export type { Print } from './prints.ts';
export type { RecipeName } from './recipes.ts';
export type { Crop } from './shape.ts';

export interface EngineSettings {
  /** Inference processes, as many as the machine has cores unless given. A run that begins while some are idle computes with their cores as well. */
  readonly processes?: number;
  /** Folders of models that come before the engine's own. */
  readonly modelFolders?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Milliseconds of one run, after which its process is killed. */
  readonly timeoutMs?: number;
  /** Megabytes of resident memory of one process, above which it is killed. */
  readonly memoryMb?: number;
  /** Runs of one process before a new one takes its place. */
  readonly recycleAfter?: number;
}

/** Options of one run, with the way to watch and to stop it. */
export type EnhanceOptions = Options & {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
};

export interface Engine {
  /**
   * Runs a recipe on a picture in memory.
   * @example const { bytes, report } = await engine.enhance(await readFile('grandmother.jpg'), 'sr,repair', {});
   * @throws PhotoError with one of REASONS.
   */
  enhance(
    bytes: Uint8Array,
    recipe: RecipeName,
    options?: EnhanceOptions,
  ): Promise<{ bytes: Uint8Array; report: Report }>;
  /**
   * Runs a recipe on a file and writes the result to another; a run that fails leaves none.
   * @throws PhotoError with one of REASONS.
   */
  enhanceFile(inPath: string, outPath: string, recipe: RecipeName, options?: EnhanceOptions): Promise<Report>;
  /**
   * Judges a file by its content: format, limits, and whether it can be read to its end. Runs in a process of its own, so that a hostile
   * file can end no more than that.
   * @param limits in place of the engine's own.
   * @throws PhotoError `empty`, `too_many_bytes`, `unsupported_type`, `too_long_side`, `too_many_pixels`, `damaged`.
   */
  inspect(path: string, limits?: Limits): Promise<Header>;
  /**
   * Writes a JPEG of the upright picture, 1600 px at most, that any browser shows.
   * @throws PhotoError as `inspect`.
   */
  preview(path: string, outPath: string): Promise<void>;
  /**
   * Cuts a result into tiles at every scale, for looking closely: a ZIP file, uncompressed, of JPEGs `…/<level>/<column>_<row>.jpeg`, 512
   * px and an overlap of 1 px, level 0 being one pixel (Deep Zoom).
   * @throws PhotoError
   */
  tiles(path: string, outPath: string): Promise<void>;
  /**
   * Finds the prints that lie side by side on one scan, in reading order; none when the photo fills its frame.
   * @example const [first] = await engine.prints('scan.jpg'); // { crop: { left: 0.1, … }, straighten: -2.4 }, options of `enhance`
   * @throws PhotoError as `inspect`.
   */
  prints(path: string): Promise<readonly Print[]>;
  /** Process ids of the children, for who measures them. */
  pids(): readonly number[];
  /** Ends every child process. */
  close(): Promise<void>;
}

/** Processes that read pictures without restoring them: `inspect`, `preview`, `tiles`, `prints`. */
export const READER_PROCESSES = 2;
/** Those, and the milliseconds that they have for one picture. */
const READERS = { processes: READER_PROCESSES, timeoutMs: 60_000 };

/** Opens the engine. Child processes are forked when there is work for them. */
export function openEngine(settings: EngineSettings = {}): Engine {
  const limits = { ...LIMITS, ...settings.limits };
  const modelFolders = settings.modelFolders ?? [];
  const shared = { memoryMb: settings.memoryMb ?? 2500, recycleAfter: settings.recycleAfter ?? 50 };
  const inference = openPool({
    ...shared,
    processes: settings.processes ?? availableParallelism(),
    timeoutMs: settings.timeoutMs ?? 600_000,
  });
  const readers = openPool({ ...shared, ...READERS });

  const enhanceFile: Engine['enhanceFile'] = async (inPath, outPath, recipe, all = {}) => {
    const { signal, onProgress, ...options } = all;
    checkOptions(options);
    try {
      return (await inference.run(
        { kind: 'enhance', inPath, outPath, recipe, options, limits, modelFolders },
        { ...(signal && { signal }), ...(onProgress && { onProgress }) },
      )) as Report;
    } catch (error) {
      await rm(outPath, { force: true });
      throw error;
    }
  };

  return {
    enhanceFile,
    async enhance(bytes, recipe, options) {
      const folder = await mkdtemp(join(tmpdir(), 'hili-'));
      try {
        const [inPath, outPath] = [join(folder, 'in'), join(folder, 'out')];
        await writeFile(inPath, bytes);
        const report = await enhanceFile(inPath, outPath, recipe, options);
        return { bytes: new Uint8Array(await readFile(outPath)), report };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    inspect: async (path, own = limits) => (await readers.run({ kind: 'inspect', path, limits: own })) as Header,
    preview: async (path, outPath) => void (await readers.run({ kind: 'preview', path, outPath, limits })),
    tiles: async (path, outPath) => void (await readers.run({ kind: 'tiles', path, outPath, limits })),
    prints: async (path) => (await readers.run({ kind: 'prints', path, limits })) as readonly Print[],
    pids: () => [...inference.pids(), ...readers.pids()],
    close: async () => {
      await Promise.all([inference.close(), readers.close()]);
    },
  };
}
