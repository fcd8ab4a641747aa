import { randomUUID } from 'node:crypto';
import { fromKysely, PgBoss } from 'pg-boss';
import type { Config } from './config.ts';
import type { Tx } from './database.ts';
import type { Connection } from './embedded-postgres.ts';
import type { Log } from './log.ts';

/** The way to wake workers. Which of them may settle a job is for the job's own lease to say. */
export interface Queue {
  /** Sends a message in the caller's transaction. @returns the message's id. */
  send(tx: Tx, jobId: string, priority: number): Promise<string>;
  /**
   * Calls the handler for one message after another, `concurrency` at once. A message that is delivered twice, or not at all, does no
   * harm: `claim` refuses the one, `heal` sends the other again.
   */
  work(concurrency: number, handler: (jobId: string) => Promise<void>): Promise<void>;
  /** Those of the messages that may still wake somebody. */
  alive(messageIds: readonly string[]): Promise<Set<string>>;
  stop(): Promise<void>;
}

const SCHEMA = 'queue';
const NAME = 'job';
/** Priorities count seconds from here, so that they fit an integer until 2094. */
const EPOCH = Date.UTC(2026, 0, 1);

/**
 * Higher goes first. A job's place is its arrival, as if a paid one had come `headStartSeconds` earlier: paid work goes first, and yet a
 * free job waits for paid ones of no more than that time.
 */
export function priority(arrival: Date, free: boolean, headStartSeconds: number): number {
  return (free ? 0 : headStartSeconds) - Math.floor((arrival.getTime() - EPOCH) / 1000);
}

/** Opens the queue; its tables are made when missing. */
export async function openQueue(
  connection: Connection,
  config: Pick<Config, 'JOB_TIMEOUT_SECONDS' | 'JOB_DEADLINE_SECONDS'>,
  log: Log,
): Promise<Queue> {
  const boss = new PgBoss({
    ...connection,
    schema: SCHEMA,
    max: 4,
    useListenNotify: true,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    registerInstance: false,
  });
  // Without a listener an error of its connection would end the process.
  boss.on('error', (error) => log.warn({ error }, 'the queue had an error'));
  await boss.start();
  const settings = {
    notify: true,
    // Our own attempts are counted in the job; a message may come as often as it likes.
    retryLimit: 100,
    retryDelay: 1,
    expireInSeconds: Math.min(config.JOB_TIMEOUT_SECONDS + 300, 86_399),
    heartbeatSeconds: 15,
    retentionSeconds: config.JOB_DEADLINE_SECONDS + 86_400,
    deleteAfterSeconds: 3600,
  };
  await boss.createQueue(NAME, settings);
  await boss.updateQueue(NAME, settings);

  return {
    async send(tx, jobId, jobPriority) {
      const id = randomUUID();
      await boss.send(NAME, { jobId }, { id, priority: jobPriority, db: fromKysely(tx) });
      return id;
    },
    async work(concurrency, handler) {
      const options = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 5 };
      for (let n = 0; n < concurrency; n += 1) {
        let worker: string | undefined;
        worker = await boss.work<{ jobId: string }>(NAME, options, async ([message]) => {
          try {
            if (message) await handler(message.data.jobId);
          } finally {
            // It looks for the next one at once; by itself it would wait for its next poll, however many are waiting.
            if (worker) boss.notifyWorker(worker);
          }
        });
      }
    },
    async alive(messageIds) {
      const { rows } = await boss
        .getDb()
        .executeSql(
          `select id from ${SCHEMA}.job where name = $1 and id = any($2::uuid[]) and state in ('created', 'retry', 'active')`,
          [NAME, messageIds],
        );
      return new Set(rows.map(({ id }: { id: string }) => id));
    },
    async stop() {
      await boss.stop({ graceful: true, timeout: 10_000 });
    },
  };
}
