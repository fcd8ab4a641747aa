import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Connection } from './embedded-postgres.ts';
import type { Log } from './log.ts';

const RETRY_MS = 1_000;

/**
 * Makes sure that one server at a time uses a data folder, by an advisory lock of its own connection: a server that is killed loses it at
 * once, and no file is left behind that could lie. When the database restarts, the lock is taken again.
 * @param lost is called when another server has taken the folder meanwhile.
 * @returns release, or undefined when another server has the lock.
 */
export async function lockData(
  connection: Connection,
  folder: string,
  log: Log,
  lost: () => void,
): Promise<(() => Promise<void>) | undefined> {
  // Two machines may share a database and have their data under the same path.
  const name = `hili server ${hostname()} ${folder}`;
  let client: pg.Client | undefined;
  let released = false;

  const take = async (): Promise<boolean> => {
    const current = new pg.Client({ ...connection, keepAlive: true });
    current.on('error', () => {});
    try {
      await current.connect();
      const { rows } = await current.query('select pg_try_advisory_lock(hashtextextended($1, 0)) as taken', [name]);
      if (!rows[0].taken) return false;
      client = current;
      current.once('end', () => void retake());
      return true;
    } finally {
      if (client !== current) await current.end().catch(() => {});
    }
  };
  const retake = async (): Promise<void> => {
    while (!released) {
      await sleep(RETRY_MS);
      try {
        if (released || (await take())) return;
        released = true;
        return lost();
      } catch (error) {
        log.warn({ error }, 'no connection for the lock on the data');
      }
    }
  };

  if (!(await take())) return undefined;
  return async () => {
    released = true;
    await client?.end().catch(() => {});
  };
}
