import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Db } from '../src/database.ts';

/** Waits until a statement waits for a lock. */
export async function somebodyWaits(db: Db): Promise<void> {
  const waiting = sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  await expect.poll(async () => (await waiting.execute(db)).rows.length, { timeout: 8000 }).toBeGreaterThan(0);
}
