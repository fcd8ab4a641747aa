import type pg from 'pg';
import { expect } from 'vitest';

/** Waits until a statement waits for a lock. */
export async function somebodyWaits(pool: pg.Pool): Promise<void> {
  const waiting = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  await expect.poll(async () => (await pool.query(waiting)).rowCount, { timeout: 8000 }).toBeGreaterThan(0);
}
