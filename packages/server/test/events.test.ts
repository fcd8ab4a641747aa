import { expect, it } from 'vitest';
import { type Change, publish } from '../src/events.ts';
import { testServices } from './harness.ts';

const { db, events, pool } = await testServices();

function heard(topic: 'job:a' | 'job:b') {
  const changes: Change[] = [];
  return { changes, stop: events.subscribe(topic, (change) => changes.push(change)) };
}
const until = async (done: () => boolean) => expect.poll(done, { timeout: 10_000, interval: 20 }).toBe(true);

it('tells those who asked of a change when it is committed, and nobody else', async () => {
  const [a, also, b] = [heard('job:a'), heard('job:a'), heard('job:b')];
  await db.transaction().execute(async (tx) => {
    await publish(tx, 'job:a', { kind: 'photo', photoId: '1' });
    await publish(db, 'job:b', { kind: 'me' });
    await until(() => b.changes.length === 1);
    expect(a.changes).toEqual([]);
  });
  await until(() => a.changes.length === 1 && also.changes.length === 1);
  expect(a.changes).toEqual([{ kind: 'photo', photoId: '1' }]);
  also.stop();
  also.stop();
  const rolledBack = db.transaction().execute(async (tx) => {
    await publish(tx, 'job:a', { kind: 'gone', photoId: '1' });
    throw new Error('no');
  });
  await expect(rolledBack).rejects.toThrow();
  await publish(db, 'job:a', { kind: 'me' });
  await until(() => a.changes.length === 2);
  expect(a.changes[1]).toEqual({ kind: 'me' });
  expect(also.changes).toHaveLength(1);
  a.stop();
  b.stop();
});

it('says that changes may have been missed after its connection broke, and listens on', async () => {
  const a = heard('job:a');
  await pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen hili' and datname = current_database()",
  );
  await until(() => a.changes.length === 1);
  expect(a.changes).toEqual([{ kind: 'resync' }]);
  await publish(db, 'job:a', { kind: 'me' });
  await until(() => a.changes.length === 2);
  a.stop();
});

it('goes on when a listener fails', async () => {
  const stop = events.subscribe('job:b', () => {
    throw new Error('a broken page');
  });
  const b = heard('job:b');
  await publish(db, 'job:b', { kind: 'me' });
  await until(() => b.changes.length === 1);
  stop();
  b.stop();
});
