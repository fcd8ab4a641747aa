// One inference process. It takes one task at a time from the process that forked it, and is gone when that one is.
import { cutTiles, decode, inspect, preview } from './codec.ts';
import { PhotoError } from './errors.ts';
import type { FromChild, Task, ToChild } from './messages.ts';
import { PREVIEW } from './options.ts';
import { findPrints } from './prints.ts';

let running: AbortController | undefined;

// The parent may have been killed a moment ago: then nobody listens, and `disconnect` ends us next.
const send = (message: FromChild) => void process.send?.(message, undefined, undefined, () => {});

/** Work on a file that needs no network. */
async function read(task: Exclude<Task, { kind: 'enhance' }>) {
  const { path, limits } = task;
  switch (task.kind) {
    case 'inspect':
      return inspect(path, limits);
    case 'preview':
      return preview(await decode(path, false, limits), PREVIEW, task.outPath);
    case 'tiles':
      return cutTiles(path, task.outPath);
    case 'prints':
      return findPrints(await decode(path, false, limits));
  }
}

async function work(task: Task, threads: number, signal: AbortSignal): Promise<FromChild> {
  if (task.kind !== 'enhance') return { kind: 'done', result: (await read(task)) ?? undefined };
  // onnxruntime is loaded for inference only: a process that inspects uploads stays at half the memory.
  const { enhanceHere } = await import('./enhance.ts');
  const onProgress = ({ progress, step }: { progress: number; step: string }) =>
    send({ kind: 'progress', progress, step });
  const { inPath, outPath, recipe, options, limits, modelFolders } = task;
  const watch = { modelFolders, threads, signal, onProgress };
  const result = await enhanceHere(inPath, outPath, recipe, options, limits, watch);
  return { kind: 'done', result };
}

process.on('disconnect', () => process.exit());
process.on('message', (message: ToChild) => {
  if (message === 'cancel') return running?.abort();
  running = new AbortController();
  work(message.task, message.threads, running.signal).then(send, (error: unknown) => {
    if (error instanceof PhotoError) return send({ kind: 'failed', reason: error.reason, message: error.message });
    console.error(error);
    send({ kind: 'failed', reason: 'crashed', message: 'expected a result of the run but received an internal error' });
  });
});
