import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Log } from './log.ts';

const LEAST_WAIT_MS = 500;
const MOST_WAIT_MS = 30_000;
/** Milliseconds of life after which a worker counts as sound: the next one starts without delay. */
const SOUND_MS = 60_000;

/** Milliseconds between two signs of life of a worker, and of silence after which it counts as hung. */
const ALIVE_MS = 5_000;
const SILENT_MS = 60_000;
/** Looks at a worker in that time. */
const SILENT_LOOKS = 12;

/**
 * In a worker: says every few seconds to whoever started it that it lives. Inference runs in children of its own, so that one that is
 * only busy says so too.
 */
export function showLife(): void {
  const show = () => {
    if (process.connected) process.send?.('alive', () => {});
  };
  show();
  setInterval(show, ALIVE_MS).unref();
}

/**
 * Runs worker.ts as a child and starts another whenever it ends, later each time it ends early; one that says nothing for too long is
 * killed. The child sees our end by its closed channel and ends too.
 * @param silentMs milliseconds of silence after which it counts as hung.
 */
export function superviseWorker(log: Log, silentMs = SILENT_MS): { stop(withinMs: number): Promise<void> } {
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
    const current = child;
    // Counted and not timed: when the whole machine slept, only we would seem to have waited.
    let silent = 0;
    current.on('message', () => {
      silent = 0;
    });
    const watch = setInterval(() => {
      silent += 1;
      if (silent < SILENT_LOOKS) return;
      silent = 0;
      log.error({ worker: current.pid, ms: silentMs }, 'the worker fell silent; killing it');
      current.kill('SIGKILL');
    }, silentMs / SILENT_LOOKS);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
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
