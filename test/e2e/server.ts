import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { postgresFolder } from '../../packages/server/src/postgres-folder.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'packages', 'server', 'src', 'main.ts');
const START_MS = 90_000;

export interface RunningServer {
  readonly url: string;
  /** Its data, the mails that it wrote included. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** Starts the whole server as a person does, in a process of its own with an empty data folder; `stop` removes both. */
export async function startServer(settings: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'hili-e2e-'));
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
  async function stop() {
    child.kill('SIGTERM');
    await ended;
    for (const path of [folder, postgresFolder(folder)]) rmSync(path, { recursive: true, force: true });
  }
  const url = await new Promise<string | undefined>((resolve) => {
    setTimeout(() => resolve(undefined), START_MS).unref();
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /http:\/\/[\d.]+:\d+/.exec(line)?.[0];
      if (address) resolve(address);
    });
    void ended.then(() => resolve(undefined));
  });
  if (url) return { url, folder, stop };
  await stop();
  throw new Error(`expected the server to start within ${START_MS} ms`);
}
