import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '..', 'packages', 'server', 'src', 'main.ts');

/** The server as `npm start` runs it, with data and a port of its own, for as long as something is measured on it. */
export async function withServer<T>(
  measure: (at: { url: string; server: ChildProcess; settings: Readonly<Record<string, string>> }) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'hili-bench-'));
  const settings = { HILI_DATA: folder, PORT: '0', RATE_LIMITS: 'off', LOG_LEVEL: 'error' };
  const server = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(server, 'exit');
  try {
    const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string];
    return await measure({ url: String(/http:\/\/[\d.:]+/.exec(line)?.[0]), server, settings });
  } finally {
    server.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}
