import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Log } from './log.ts';

const LEAST_WAIT_MS = 500;
const MOST_WAIT_MS = 30_000;
/** Milliseconds of life after which a worker counts as sound: the next one starts without delay. */
const SOUND_MS = 60_000;

/**
 * Runs worker.ts as a child and starts another whenever it ends, later each time it ends early. The child sees our end by its closed
 * channel and ends too.
 */
export function superviseWorker(log: Log): { stop(withinMs: number): Promise<void> } {
  let child: ChildProcess | undefined;
  let stopping = false;
  let wait = LEAST_WAIT_MS;
  let timer: NodeJS.Timeout | undefined;

  const start = () => {
    const began = Date.now();
    // A group of its own: Ctrl-C reaches us only, and we end it in order.
    child = fork(join(import.meta.dirname, 'worker.ts'), {
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('error', (error) => log.error({ error }, 'the worker could not be started'));
    child.once('exit', (code, signal) => {
      child = undefined;
      if (stopping) return;
      wait = Date.now() - began > SOUND_MS ? LEAST_WAIT_MS : Math.min(wait * 2, MOST_WAIT_MS);
      log.error({ code, signal, wait }, 'the worker ended; starting another');
      timer = setTimeout(start, wait);
    });
  };
  start();

  return {
    async stop(withinMs) {
      stopping = true;
      clearTimeout(timer);
      const last = child;
      if (!last) return;
      const ended = new Promise((resolve) => last.once('exit', resolve));
      last.kill('SIGTERM');
      const killer = setTimeout(() => last.kill('SIGKILL'), withinMs);
      await ended;
      clearTimeout(killer);
    },
  };
}
