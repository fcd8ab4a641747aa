import { join } from 'node:path';
import { openEngine } from '@hili/engine';
import { createApp } from './app.ts';
import { openAuth } from './auth.ts';
import { type Config, loadConfig } from './config.ts';
import { lockData } from './data-lock.ts';
import { openDatabase } from './database.ts';
import { openDiskRoom } from './disk-room.ts';
import { openEvents } from './events.ts';
import { keepHouse } from './housekeeping.ts';
import { listen } from './listen.ts';
import { openSettings } from './live-settings.ts';
import { openLog } from './log.ts';
import { openMail } from './mail/open.ts';
import { openPayments } from './payments/open.ts';
import { followPayments } from './payments/sweep.ts';
import { openPostOffice } from './post-office.ts';
import { publicUrl } from './public-url.ts';
import { openQueue } from './queue.ts';
import { openRateLimits } from './rate-limits.ts';
import { openReaders } from './readers.ts';
import { openKeys } from './secret-mark.ts';
import { openDiskStorage } from './storage/disk.ts';
import { superviseWorker } from './worker-process.ts';

const WEB_FOLDER = join(import.meta.dirname, '..', '..', 'web', 'dist');
/** Milliseconds that requests and jobs under way have when we are told to stop, and after which nothing is waited for any more. */
const REQUESTS_MS = 2_000;
const WORKER_MS = 5_000;
const PATIENCE_MS = 15_000;

/** What a person can do about an error at the start, or the error itself. */
function advice(error: unknown, config: Config): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return `expected a free port for PORT but received ${config.PORT}, which another program uses. Try PORT=${config.PORT + 1} npm start`;
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
    return `expected an address that we may listen on for HOST and PORT but received ${config.HOST}:${config.PORT}`;
  return message;
}

/** Starts everything; what has been opened is closed again in the opposite order, also when a later step fails. */
async function main(given: Config): Promise<void> {
  const log = openLog(given.LOG_LEVEL, 'http');
  const closers: (() => Promise<unknown>)[] = [];
  let stopping: Promise<void> | undefined;
  const opened = <T>(thing: T, close: (thing: T) => Promise<unknown>): T => {
    closers.push(() => close(thing));
    if (stopping) throw new Error('told to stop');
    return thing;
  };

  const opening = Promise.withResolvers<void>();
  const stop = (code: number): Promise<void> => {
    stopping ??= (async () => {
      setTimeout(() => process.exit(1), PATIENCE_MS).unref();
      await opening.promise; // what is half open is not yet in the list
      for (const close of closers.reverse()) await close().catch((error) => log.error({ error }, 'could not close'));
      process.exit(code);
    })();
    return stopping;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
  // The channel of whoever started us, if there is one: it closes when that process is killed.
  process.once('disconnect', () => void stop(0));

  try {
    const database = opened(await openDatabase(given, log), (d) => d.close());
    const { db, pool, connection } = database;
    const release = await lockData(connection, given.HILI_DATA, log, () => {
      log.fatal('another server has taken the data');
      void stop(1);
    });
    if (!release)
      throw new Error(
        `expected data for HILI_DATA that no other server uses but received ${given.HILI_DATA}: stop the other one first`,
      );
    opened(release, (end) => end());
    const events = opened(await openEvents(connection, log), (e) => e.close());
    const { config } = await openSettings(db, events, given, log);
    const keys = await openKeys(db, config);
    const storage = await openDiskStorage(join(config.HILI_DATA, 'photos'));
    const disks = [join(config.HILI_DATA, 'photos'), ...(database.folder === undefined ? [] : [database.folder])];
    const hasRoom = openDiskRoom(disks, config.DISK_RESERVE_MB * 2 ** 20, log);
    const queue = opened(await openQueue(connection, config, log), (q) => q.stop());
    const limits = await openRateLimits(connection, log, config.RATE_LIMITS === 'on');
    const rateLimits = opened(limits, (r) => r.close());
    const bounds = { bytes: config.MAX_UPLOAD_BYTES, pixels: config.MAX_PIXELS, side: config.MAX_SIDE };
    const engine = opened(openEngine({ limits: bounds, memoryMb: config.MEMORY_MB }), (e) => e.close());
    const readers = openReaders(engine);
    const clock = () => new Date();
    const payments = opened(await openPayments(config, clock, log), (p) => p.close());

    const shared = {
      config,
      db,
      keys,
      storage,
      queue,
      events,
      readers,
      rateLimits,
      hasRoom,
      clock,
      log,
      webFolder: WEB_FOLDER,
    };
    opened(keepHouse(shared), (leave) => leave());
    // What knows our address is made once we have it.
    const front = (port: number) => {
      const at = { ...shared, publicUrl: publicUrl(config, port), simulator: payments.simulator };
      const ownUrl = publicUrl({ HOST: config.HOST }, port);
      return {
        ...at,
        auth: openAuth({ ...at, pool }),
        providers: payments.providers({ ...at, ownUrl }),
        payouts: payments.payouts({ ...at, ownUrl }),
      };
    };
    let deps: ReturnType<typeof front> | undefined;
    const makeApp = (port: number) => {
      deps = front(port);
      return createApp(deps);
    };
    const server = opened(await listen(config.HOST, config.PORT, makeApp), (s) => s.close(REQUESTS_MS));
    const office = { ...(deps ?? front(server.port)), mail: openMail(config, log) };
    opened(openPostOffice(office, events), (leave) => leave());
    opened(followPayments(office), (leave) => leave());
    if (config.WORKER === 'on') opened(superviseWorker(log), (worker) => worker.stop(WORKER_MS));
    opening.resolve();
    console.log(`Hili PhotoEnhance: ${publicUrl(config, server.port)} (data in ${config.HILI_DATA})`);
  } catch (error) {
    if (!stopping) {
      log.debug({ error }, 'could not start');
      console.error(`hili: ${advice(error, given)}`);
    }
    opening.resolve();
    await stop(1);
  }
}

try {
  await main(loadConfig());
} catch (error) {
  console.error(`hili: ${(error as Error).message}`);
  process.exitCode = 1;
}
