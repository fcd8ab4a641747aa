import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeToken } from '@hili/contract/token';
import { openEngine } from '@hili/engine';
import { createApp } from '../src/app.ts';
import { openAuth } from '../src/auth.ts';
import { type Config, loadConfig } from '../src/config.ts';
import type { AppDeps } from '../src/deps.ts';
import { openDiskRoom } from '../src/disk-room.ts';
import { openEvents } from '../src/events.ts';
import { listen } from '../src/listen.ts';
import { openSettings } from '../src/live-settings.ts';
import { openLog } from '../src/log.ts';
import { openMail } from '../src/mail/open.ts';
import { createPartner, disablePartner, grantToPartner, rotatePartner } from '../src/partners.ts';
import { openPayments } from '../src/payments/open.ts';
import { openPostOffice } from '../src/post-office.ts';
import { openQueue } from '../src/queue.ts';
import { openRateLimits } from '../src/rate-limits.ts';
import { openReaders } from '../src/readers.ts';
import { runJob } from '../src/run-job.ts';
import { loadKeys } from '../src/secrets.ts';
import { openDiskStorage } from '../src/storage/disk.ts';
import { brokenInvariants } from '../src/wallets.ts';
import { openTestDatabase } from './harness.ts';

export interface TestPartner {
  readonly code: string;
  readonly secretKey: string;
}

/**
 * The server as main.ts and worker.ts open it, in this process: a database and a folder of its own, a real port, the real engine,
 * and a clock that can be turned forward.
 */
export async function openTestApp(settings: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hili test '));
  const given: Config = loadConfig({
    HILI_DATA: folder,
    LOG_LEVEL: 'fatal',
    RATE_LIMITS: 'off',
    DEMO_PAYMENTS: 'off',
    INFERENCE_PROCESSES: '2',
    ...settings,
  });
  const log = openLog(given.LOG_LEVEL, 'test');
  const database = await openTestDatabase();
  const { db, pool, connection } = database;
  const events = await openEvents(connection, log);
  const { config } = await openSettings(db, events, given, log);
  const keys = await loadKeys(config);
  const storage = await openDiskStorage(join(folder, 'photos'));
  const queue = await openQueue(connection, config, log);
  let listeners = 0;
  const counted: typeof events = {
    ...events,
    subscribe(topic, listener) {
      const unsubscribe = events.subscribe(topic, listener);
      let over = false;
      listeners += 1;
      return () => {
        if (!over) listeners -= 1;
        over = true;
        unsubscribe();
      };
    },
  };
  const rateLimits = await openRateLimits(connection, log, config.RATE_LIMITS === 'on');
  const limits = { bytes: config.MAX_UPLOAD_BYTES, pixels: config.MAX_PIXELS, side: config.MAX_SIDE };
  const modelFolders = config.HILI_MODELS ? [config.HILI_MODELS] : [];
  const engine = openEngine({ processes: config.INFERENCE_PROCESSES, modelFolders, limits });
  const readers = openReaders(engine);
  let ahead = 0;
  const clock = () => new Date(Date.now() + ahead);
  const webFolder = join(folder, 'web');
  const shared = {
    config,
    db,
    keys,
    storage,
    queue,
    events: counted,
    engine,
    readers,
    rateLimits,
    hasRoom: openDiskRoom([folder], config.DISK_RESERVE_MB * 2 ** 20, log),
    clock,
    log,
    webFolder,
  };
  const payments = await openPayments(config, clock, log);
  let app: ReturnType<typeof createApp> | undefined;
  let deps: AppDeps | undefined;
  let url = '';
  const server = await listen('127.0.0.1', 0, (port) => {
    url = `http://127.0.0.1:${port}`;
    const at = { ...shared, publicUrl: config.HILI_PUBLIC_URL?.replace(/\/+$/, '') ?? url };
    const providers = payments.providers({ ...at, ownUrl: url });
    const payouts = payments.payouts({ ...at, ownUrl: url });
    deps = { ...at, auth: openAuth({ ...at, pool }), providers, payouts, simulator: payments.simulator };
    app = createApp(deps);
    return app;
  });
  const office = { ...(deps as AppDeps), mail: openMail(config, log) };
  const closeOffice = openPostOffice(office, events);
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  return {
    ...(deps as AppDeps),
    pool,
    connection,
    folder,
    url,
    app: app!,
    /** Turns the clock forward. */
    later(seconds: number) {
      ahead += seconds * 1000;
    },
    /** Takes jobs from the queue from now on, as a worker does. */
    startWorker: () =>
      queue.work(config.INFERENCE_PROCESSES, async (jobId) => {
        const run = runJob(shared, jobId, stopping.signal);
        running.add(run);
        await run.finally(() => running.delete(run));
      }),
    async partner(code: string, credits: number): Promise<TestPartner> {
      const partner = await createPartner(db, keys, { code, name: code }, clock());
      if (credits > 0) await grantToPartner(db, code, credits, {}, `grant ${code}`, clock());
      return partner;
    },
    disable: (code: string) => disablePartner(db, code, clock()),
    rotate: (code: string, overlapSeconds: number) => rotatePartner(db, keys, code, overlapSeconds, clock()),
    token: ({ secretKey }: TestPartner, seconds = 0) =>
      makeToken(secretKey, Math.floor(clock().getTime() / 1000) + seconds),
    /** Who listens for changes now: open pages, and jobs under way. */
    listeners: () => listeners,
    /** Whatever the ledger's books do not agree on: must be empty. */
    broken: () => brokenInvariants(db),
    async close() {
      await server.close(500);
      stopping.abort();
      await queue.stop();
      await Promise.allSettled(running);
      await engine.close();
      await closeOffice();
      await payments.close();
      await rateLimits.close();
      await events.close();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type TestApp = Awaited<ReturnType<typeof openTestApp>>;

export interface PartnerReply {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly answer: Record<string, unknown> & { data?: Record<string, unknown> };
}

/** One call of the partner wire by a form; the answer as it stands in the body, and its HTTP status. */
export async function callPartner(
  app: TestApp,
  path: string,
  token: string | undefined,
  fields: Record<string, string | Blob>,
  headers: Record<string, string> = {},
): Promise<PartnerReply> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') body.append(name, value);
    else body.append(name, value, 'photo.jpg');
  }
  const response = await fetch(app.url + path, {
    method: 'POST',
    body,
    headers: { ...(token !== undefined && { token }), ...headers },
  });
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, retryAfter, answer: (await response.json()) as PartnerReply['answer'] };
}
