import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { PhotoError } from './errors.ts';
import type { FromChild, Task, ToChild } from './messages.ts';
import type { Progress } from './options.ts';

export interface PoolSettings {
  /** Children at most, and cores that they share; they are forked when they are needed. */
  readonly processes: number;
  /** Milliseconds of one task, after which its child is killed. */
  readonly timeoutMs: number;
  /** Megabytes of resident memory of a child, above which it is killed (where /proc tells it). */
  readonly memoryMb: number;
  /** Tasks of one child before a new one takes its place. */
  readonly recycleAfter: number;
}

export interface Watching {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

interface Child {
  readonly process: ChildProcess;
  tasks: number;
}

/** Milliseconds that a cancelled task has for its present tile before its child is killed. */
const GRACE_MS = 3000;
const MEMORY_CHECK_MS = 200;
/** Threads of one task at most: what more of them gain was not measured, and a task that comes next waits for its core. */
const MOST_THREADS = 4;

const cancelled = () => new PhotoError('cancelled', 'the run was cancelled');

/** Resident megabytes of a process, or undefined where the system does not tell. */
export function residentMb(pid: number | undefined): number | undefined {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]);
    return (pages * 4096) / 1e6;
  } catch {
    return undefined;
  }
}

/** Hands tasks to forked children, one each, in the order of asking. */
export function openPool(settings: PoolSettings) {
  const idle: Child[] = [];
  const all = new Set<Child>();
  /** Who waits for a child, first come first served. */
  const waiting: ((child: Child | undefined) => void)[] = [];
  let closed = false;
  /** Threads of the tasks that run. */
  let busy = 0;

  function forked(): Child {
    const process = fork(join(import.meta.dirname, 'child.ts'), {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const child = { process, tasks: 0 };
    all.add(child);
    const gone = () => {
      all.delete(child);
      const at = idle.indexOf(child);
      if (at >= 0) idle.splice(at, 1);
      if (waiting.length > 0 && !closed) waiting.shift()?.(forked());
    };
    process.once('exit', gone);
    // It could not be forked, or was killed between two messages.
    process.on('error', () => process.pid ?? gone());
    try {
      // The server's own thread comes first when all cores are busy.
      if (process.pid) setPriority(process.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch {
      // It has ended already, or the system does not allow it.
    }
    return child;
  }

  async function taken(signal: AbortSignal | undefined): Promise<Child> {
    if (closed || signal?.aborted) throw cancelled();
    const free = idle.pop() ?? (all.size < settings.processes ? forked() : undefined);
    if (free) return free;
    const child = await new Promise<Child | undefined>((resolve) => {
      const wake = (given: Child | undefined) => {
        signal?.removeEventListener('abort', stop);
        resolve(given);
      };
      const stop = () => {
        waiting.splice(waiting.indexOf(wake), 1);
        resolve(undefined);
      };
      waiting.push(wake);
      signal?.addEventListener('abort', stop, { once: true });
    });
    if (!child) throw cancelled();
    return child;
  }

  function giveBack(child: Child): void {
    if (!child.process.connected) return;
    if (closed || ++child.tasks >= settings.recycleAfter) child.process.disconnect();
    else if (waiting.length > 0) waiting.shift()?.(child);
    else idle.push(child);
  }

  /** Runs a task on a child until it answers, dies or is killed. */
  function answered(child: Child, task: Task, threads: number, { signal, onProgress }: Watching): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let verdict: PhotoError | undefined;
      const kill = (error: PhotoError) => {
        verdict ??= error;
        child.process.kill('SIGKILL');
      };
      const late = () =>
        kill(new PhotoError('timeout', `expected an end of the run within ${settings.timeoutMs} ms but received none`));
      const checkMemory = () => {
        const used = residentMb(child.process.pid) ?? 0;
        if (used > settings.memoryMb)
          kill(
            new PhotoError(
              'out_of_memory',
              `expected at most ${settings.memoryMb} MB for the run but received ${Math.round(used)}`,
            ),
          );
      };
      let grace: NodeJS.Timeout | undefined;
      const cancel = () => {
        child.process.send('cancel');
        grace = setTimeout(() => kill(cancelled()), GRACE_MS);
      };
      const timer = setTimeout(late, settings.timeoutMs);
      const watch = setInterval(checkMemory, MEMORY_CHECK_MS);
      const end = () => {
        clearTimeout(timer);
        clearTimeout(grace);
        clearInterval(watch);
        signal?.removeEventListener('abort', cancel);
        child.process.off('message', onMessage);
        child.process.off('exit', onExit);
        child.process.off('error', onExit);
      };
      const onMessage = (message: FromChild) => {
        if (message.kind === 'progress') return onProgress?.({ progress: message.progress, step: message.step });
        end();
        if (message.kind === 'done') resolve(message.result);
        else reject(new PhotoError(message.reason, message.message));
      };
      const onExit = () => {
        end();
        reject(
          verdict ?? new PhotoError('crashed', 'expected a result of the run but received the end of its process'),
        );
      };
      child.process.on('message', onMessage);
      child.process.on('exit', onExit);
      child.process.on('error', onExit);
      signal?.addEventListener('abort', cancel, { once: true });
      child.process.send({ task, threads } satisfies ToChild);
      if (signal?.aborted) cancel();
    });
  }

  return {
    /**
     * Runs a task as soon as a child is free, with a thread for each core that no other task uses as it begins.
     * @throws PhotoError as the task does, and `cancelled`, `timeout`, `out_of_memory`, `crashed`.
     */
    async run(task: Task, watching: Watching = {}): Promise<unknown> {
      const child = await taken(watching.signal);
      const threads = Math.min(MOST_THREADS, Math.max(1, settings.processes - busy));
      busy += threads;
      try {
        return await answered(child, task, threads, watching);
      } finally {
        busy -= threads;
        giveBack(child);
      }
    },
    /** Process ids of the children, for who measures them. */
    pids: () => [...all].map((child) => child.process.pid as number),
    /** Ends all children; what runs fails with `crashed`. */
    async close(): Promise<void> {
      closed = true;
      for (const wake of waiting.splice(0)) wake(undefined);
      const gone = [...all].map((child) => new Promise((resolve) => child.process.once('exit', resolve)));
      for (const child of all) child.process.kill('SIGKILL');
      await Promise.all(gone);
    },
  };
}
