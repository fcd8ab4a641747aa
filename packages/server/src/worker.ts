import { join } from 'node:path';
import { openEngine } from '@hili/engine';
import { type Config, loadConfig } from './config.ts';
import { openDatabase } from './database.ts';
import { openEvents } from './events.ts';
import { keepHouse } from './housekeeping.ts';
import { openSettings } from './live-settings.ts';
import { openLog } from './log.ts';
import { openQueue } from './queue.ts';
import { runJob } from './run-job.ts';
import { openDiskStorage } from './storage/disk.ts';
import { WORKER_NAME } from './today.ts';
import { showLife } from './worker-process.ts';

/** The process that restores photos: takes jobs from the queue until it is told to end, or until its parent is gone. */
async function main(given: Config): Promise<void> {
  showLife();
  const log = openLog(given.LOG_LEVEL, 'worker');
  const stopping = new AbortController();
  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  process.on('disconnect', () => stopping.abort());

  const database = await openDatabase(given, log);
  // By this name the console counts workers: one connection each.
  const events = await openEvents(database.connection, log, WORKER_NAME);
  const { config } = await openSettings(database.db, events, given, log);
  const storage = await openDiskStorage(join(config.HILI_DATA, 'photos'));
  const queue = await openQueue(database.connection, config, log);
  const engine = openEngine({
    processes: config.INFERENCE_PROCESSES,
    modelFolders: config.HILI_MODELS ? [config.HILI_MODELS] : [],
    limits: { bytes: config.MAX_UPLOAD_BYTES, pixels: config.MAX_PIXELS, side: config.MAX_SIDE },
    timeoutMs: config.JOB_TIMEOUT_SECONDS * 1000,
    memoryMb: config.MEMORY_MB,
  });
  const deps = { db: database.db, queue, storage, events, engine, config, log, clock: () => new Date() };
  const leaveHouse = keepHouse(deps);

  await queue.work(config.INFERENCE_PROCESSES, async (jobId) => {
    // The queue delivers it again, to somebody who stays.
    if (stopping.signal.aborted) throw new Error('this worker is ending');
    await runJob(deps, jobId, stopping.signal);
  });
  log.info({ processes: config.INFERENCE_PROCESSES }, 'worker ready');
  process.send?.('ready');

  await stopped;
  log.info('worker ends');
  await queue.stop();
  await leaveHouse();
  await engine.close();
  await events.close();
  await database.close();
}

try {
  await main(loadConfig());
  process.exit(0);
} catch (error) {
  console.error(`hili: ${(error as Error).message}`);
  process.exit(1);
}
