import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, expect } from 'vitest';
import { postgresFolder } from '../src/postgres-folder.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const MAIN = join(root, 'packages', 'server', 'src', 'main.ts');
/** The start script, as npm runs it. */
export const START = ['node', join(root, 'scripts', 'start.mjs')];

export interface ServerProcess {
  readonly child: ChildProcess;
  /** What it prints for people. */
  readonly lines: string[];
  readonly errors: string[];
  readonly ended: Promise<number | null>;
  /** The address of the line that it prints. */
  address(): Promise<string>;
}

export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 60_000,
): Promise<void> {
  for (const end = Date.now() + withinMs; Date.now() < end; ) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`expected ${what} within ${withinMs} ms`);
}

/** A data folder for the file's tests, and main.ts as processes on it; whatever still runs after a test is ended. */
export function serverProcesses() {
  // One folder for all, so that its database is made once.
  const folder = mkdtempSync(join(tmpdir(), 'hili process '));
  const started: ChildProcess[] = [];

  /** Ids of all that works for the folder: ours have it in their environment, the database in its arguments. */
  function running(): number[] {
    const words = (pid: string, file: string): string[] => {
      try {
        return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
      } catch {
        return [];
      }
    };
    return readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid) && pid !== String(process.pid))
      .filter((pid) => !words(pid, 'stat')[0]?.includes(') Z '))
      .filter(
        (pid) =>
          words(pid, 'environ').includes(`HILI_DATA=${folder}`) ||
          words(pid, 'cmdline').some((word) => word.startsWith(postgresFolder(folder))),
      )
      .map(Number);
  }

  /** @param how another command than main.ts, and an open file for standard error, of which `errors` then has nothing. */
  function start(
    settings: Record<string, string> = {},
    { command = ['node', MAIN], stderr }: { command?: readonly string[]; stderr?: number } = {},
  ): ServerProcess {
    const own = { HILI_DATA: folder, PORT: '0', INFERENCE_PROCESSES: '1', LOG_LEVEL: 'error' };
    const env = { ...process.env, ...own, ...settings };
    const child = spawn(String(command[0]), command.slice(1), {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', stderr ?? 'pipe'],
    });
    started.push(child);
    const lines: string[] = [];
    const errors: string[] = [];
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    if (child.stderr) createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
    const ended = once(child, 'close').then(([code]) => code as number | null);
    const address = async () => {
      await until(() => lines.length > 0 || child.exitCode !== null, 'a line that names the address');
      expect(lines, errors.join('\n')).toHaveLength(1);
      return /http:\/\/127\.0\.0\.1:\d+/.exec(String(lines[0]))?.[0] as string;
    };
    return { child, lines, errors, ended, address };
  }

  afterEach(async () => {
    for (const child of started.splice(0))
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await until(() => running().length === 0, 'no process left', 30_000);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(postgresFolder(folder), { recursive: true, force: true });
  });
  return { folder, running, start };
}
