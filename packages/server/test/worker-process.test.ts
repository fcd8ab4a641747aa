import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { superviseWorker } from '../src/worker-process.ts';
import { testServices } from './harness.ts';
import { until } from './server-process.ts';

const { log, connection, folder } = await testServices();
const { host, user, database } = connection as { host: string; user: string; database: string };
// The worker takes its settings from the environment, as npm start leaves them to it.
process.env.HILI_DATA = folder;
process.env.HILI_SECRET = 's'.repeat(32);
process.env.DATABASE_URL = `postgres://${user}@localhost/${database}?host=${encodeURIComponent(host)}`;
process.env.LOG_LEVEL = 'silent';

/** Milliseconds of silence after which a worker counts as hung here: more than its start takes, less than the patience of a test. */
const SILENT_MS = 15_000;

/** The workers that this process has started. */
function workers(): number[] {
  const isOurs = (pid: string) => {
    try {
      const parent = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return parent === String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker.ts');
    } catch {
      return false; // it has ended since it was listed
    }
  };
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && isOurs(pid))
    .map(Number);
}
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('kills a worker that hangs and starts another, and leaves alone one that only says nothing for a while', async () => {
  const supervised = superviseWorker(log, SILENT_MS);
  await until(() => workers().length === 1, 'a worker');
  const [first] = workers() as [number];
  await sleep(SILENT_MS + 2_000);
  expect(workers()).toEqual([first]);
  process.kill(first, 'SIGSTOP');
  await sleep(SILENT_MS / 4);
  process.kill(first, 'SIGCONT');
  await sleep((SILENT_MS * 3) / 4 + 1_000);
  expect(workers()).toEqual([first]);
  process.kill(first, 'SIGSTOP');
  await until(() => workers().length === 1 && workers()[0] !== first, 'another worker');
  await supervised.stop(5_000);
  expect(workers()).toEqual([]);
});
