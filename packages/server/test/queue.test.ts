import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { priority } from '../src/queue.ts';
import { testServices } from './harness.ts';

const { db, queue } = await testServices();
const MINUTE = 60_000;
const NOON = Date.UTC(2026, 2, 1, 12);
/** What the worker of these tests was given, in order. */
const seen: string[] = [];
const send = (jobId: string, rank: number) => db.transaction().execute((tx) => queue.send(tx, jobId, rank));

it('wakes workers for what was committed only, in the order of priorities, and again for what they could not do', async () => {
  const headStart = 15 * 60;
  const rank = (minutes: number, free: boolean) => priority(new Date(NOON + minutes * MINUTE), free, headStart);
  const sent = {
    earlyFree: [randomUUID(), rank(0, true)],
    latePaid: [randomUUID(), rank(14, false)],
    tooLatePaid: [randomUUID(), rank(16, false)],
    nextPaid: [randomUUID(), rank(5, false)],
  } as const;
  for (const [jobId, jobRank] of Object.values(sent)) await send(jobId, jobRank);
  const rolledBack = db.transaction().execute(async (tx) => {
    await queue.send(tx, randomUUID(), 1_000_000);
    throw new Error('no photo after all');
  });
  await expect(rolledBack).rejects.toThrow('no photo after all');

  await queue.work(1, async (jobId) => {
    seen.push(jobId);
    if (jobId === sent.nextPaid[0] && seen.filter((id) => id === jobId).length === 1) throw new Error('not now');
  });
  await expect.poll(() => seen.length, { timeout: 20_000 }).toBe(5);
  const { nextPaid, latePaid, earlyFree, tooLatePaid } = sent;
  const first = seen.filter((jobId, at) => seen.indexOf(jobId) === at);
  expect(first).toEqual([nextPaid[0], latePaid[0], earlyFree[0], tooLatePaid[0]]);
  expect(seen.filter((jobId) => jobId === nextPaid[0])).toHaveLength(2);

  // Far below the second between two polls: the commit itself wakes the worker.
  const jobId = randomUUID();
  const began = performance.now();
  await send(jobId, 0);
  await expect.poll(() => seen.includes(jobId), { interval: 5 }).toBe(true);
  expect(performance.now() - began).toBeLessThan(500);
});

it('takes one message after another without a pause', async () => {
  const jobs = Array.from({ length: 20 }, () => randomUUID());
  for (const jobId of jobs) await send(jobId, 0);
  const began = performance.now();
  await expect.poll(() => jobs.every((jobId) => seen.includes(jobId)), { timeout: 10_000, interval: 20 }).toBe(true);
  expect(performance.now() - began).toBeLessThan(4000);
});

it('knows which messages may still wake somebody', async () => {
  const ended = await send(randomUUID(), 0);
  await expect.poll(() => queue.alive([ended]).then(({ size }) => size), { timeout: 10_000 }).toBe(0);
  expect(await queue.alive([randomUUID()])).toEqual(new Set());
});
