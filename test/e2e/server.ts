import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { postgresFolder } from '../../packages/server/src/postgres-folder.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'packages', 'server', 'src', 'main.ts');
const CLI = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'src', 'index.ts');
const START_MS = 180_000;

export interface RunningServer {
  readonly url: string;
  /** Its data, the mails that it wrote included. */
  readonly folder: string;
  /** Kills it as a power cut does, and starts it again after so many milliseconds, with its data and at its address. */
  restart(afterMs?: number): Promise<void>;
  /** Runs a command of its operator beside it. @returns what it prints. */
  hili(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Starts the whole server as a person does, in a process of its own with an empty data folder; `stop` removes both. */
export async function startServer(settings: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'hili-e2e-'));
  let running = await run(folder, settings);
  const { url } = running;
  return {
    url,
    folder,
    async restart(afterMs = 0) {
      await running.end('SIGKILL');
      await sleep(afterMs);
      running = await run(folder, { ...settings, PORT: new URL(url).port });
    },
    async hili(...args) {
      const env = { ...process.env, HILI_DATA: folder, HILI_PUBLIC_URL: url };
      return (await promisify(execFile)(process.execPath, [CLI, ...args], { env })).stdout;
    },
    async stop() {
      await running.end('SIGTERM');
      for (const path of [folder, postgresFolder(folder)]) rmSync(path, { recursive: true, force: true });
    },
  };
}

async function run(folder: string, settings: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      HILI_DATA: folder,
      PORT: '0',
      LOG_LEVEL: 'warn',
      RATE_LIMITS: 'off',
      FREE_PER_ADDRESS: '1000',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  async function end(signal: NodeJS.Signals) {
    child.kill(signal);
    await ended;
  }
  const url = await new Promise<string | undefined>((resolve) => {
    setTimeout(() => resolve(undefined), START_MS).unref();
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /http:\/\/[\w.]+:\d+/.exec(line)?.[0];
      if (address) resolve(address);
    });
    void ended.then(() => resolve(undefined));
  });
  if (url) return { url, end };
  await end('SIGTERM');
  for (const path of [folder, postgresFolder(folder)]) rmSync(path, { recursive: true, force: true });
  throw new Error(`expected the server to start within ${START_MS} ms`);
}
