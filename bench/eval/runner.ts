import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EnhanceOptions, openEngine, type RecipeName } from '@hili/engine';
import { type Picture, readPicture, writePicture } from './pixels.ts';

export interface Outcome {
  readonly picture: Picture;
  /** CPU seconds of all threads, decoding and encoding of PNG included for the engine. */
  readonly seconds: number;
}

export interface Runner {
  enhance(picture: Picture, recipe: RecipeName, options?: EnhanceOptions): Promise<Outcome>;
  close(): Promise<void>;
}

/** CPU seconds that processes have used so far; Linux counts them in hundredths. */
export async function cpuSeconds(pids: readonly number[]): Promise<number> {
  let ticks = 0;
  for (const pid of pids) {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).split(') ')[1]?.split(' ');
    ticks += fields ? Number(fields[11]) + Number(fields[12]) : 0;
  }
  return ticks / 100;
}

/** Opens the engine with one process and runs pictures through it as files, the way everybody else uses it. */
export async function openRunner(modelFolders: readonly string[] = []): Promise<Runner> {
  const folder = await mkdtemp(join(tmpdir(), 'hili-eval-'));
  const engine = openEngine({ processes: 1, modelFolders, recycleAfter: 1_000_000 });
  const [input, output] = [join(folder, 'in.png'), join(folder, 'out.png')];
  return {
    async enhance(picture, recipe, options = {}) {
      await writePicture(picture, input);
      const before = await cpuSeconds(engine.pids());
      await engine.enhanceFile(input, output, recipe, { ...options, format: 'png' });
      return { picture: await readPicture(output), seconds: (await cpuSeconds(engine.pids())) - before };
    },
    async close() {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a method of this process and counts its CPU seconds. */
export async function timed(work: () => Picture | Promise<Picture>): Promise<Outcome> {
  const before = process.cpuUsage();
  const picture = await work();
  const used = process.cpuUsage(before);
  return { picture, seconds: (used.user + used.system) / 1e6 };
}

/** A JPEG of the picture and back. */
export async function throughJpeg(picture: Picture, quality: number): Promise<Picture> {
  const folder = await mkdtemp(join(tmpdir(), 'hili-eval-'));
  try {
    const path = join(folder, 'a.jpg');
    await writePicture(picture, path, 'jpeg', quality);
    return await readPicture(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export type Figures = Record<string, number>;

/** Mean and least of each figure, by method. */
export type Summary = Record<string, Record<string, { readonly mean: number; readonly min: number }>>;

/** Collects the figures of every photo by method. */
export function openRows() {
  const rows = new Map<string, Figures[]>();
  return {
    note(method: string, figures: Figures): void {
      rows.set(method, [...(rows.get(method) ?? []), figures]);
    },
    summary(): Summary {
      const round = (value: number) => Number(value.toPrecision(6));
      return Object.fromEntries(
        [...rows].map(([method, all]) => [
          method,
          Object.fromEntries(
            Object.keys(all[0]!).map((key) => {
              const values = all.map((row) => row[key]!);
              const mean = values.reduce((a, b) => a + b) / values.length;
              return [key, { mean: round(mean), min: round(Math.min(...values)) }];
            }),
          ),
        ]),
      );
    },
  };
}
