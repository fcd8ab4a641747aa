import { appendFile, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Task } from './plan.ts';
import type { Wish } from './wish.ts';

/** One finished photo, as a line of the journal. */
interface Entry {
  readonly name: string;
  readonly bytes: number;
  readonly changedAt: number;
  readonly wish: string;
  /** Path below OUT. */
  readonly result: string;
  readonly resultBytes: number;
}

export interface Journal {
  /** The result of this task, when neither photo nor wish nor result has changed since it was made. */
  finished(task: Task): Promise<string | undefined>;
  /** Whether the file at this path was made by a run before. */
  made(path: string): boolean;
  add(task: Task, path: string): Promise<void>;
}

const text = (wish: Wish) => JSON.stringify(Object.entries(wish).sort(([a], [b]) => (a < b ? -1 : 1)));

function readEntry(line: string): Entry | undefined {
  try {
    return JSON.parse(line);
  } catch {
    // The last line of a run that was killed while it wrote.
    return undefined;
  }
}

/** Opens OUT/.hili.jsonl, the memory of what is done: one line a photo, the last one counts. */
export async function openJournal(folder: string, wish: Wish): Promise<Journal> {
  const path = join(folder, '.hili.jsonl');
  const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n');
  const entries = lines.map(readEntry).filter((entry) => entry !== undefined);
  const latest = new Map(entries.map((entry) => [entry.name, entry]));
  const results = new Set(entries.map((entry) => join(folder, entry.result)));
  return {
    async finished({ name, bytes, changedAt }) {
      const entry = latest.get(name);
      if (!entry || entry.bytes !== bytes || entry.changedAt !== changedAt || entry.wish !== text(wish))
        return undefined;
      const result = join(folder, entry.result);
      return (await stat(result).catch(() => undefined))?.size === entry.resultBytes ? result : undefined;
    },
    made: (result) => results.has(result),
    async add({ name, bytes, changedAt }, result) {
      const { size } = await stat(result);
      const entry: Entry = {
        name,
        bytes,
        changedAt,
        wish: text(wish),
        result: relative(folder, result),
        resultBytes: size,
      };
      // A line break in front ends what a killed run may have left.
      await appendFile(path, `\n${JSON.stringify(entry)}`);
    },
  };
}
