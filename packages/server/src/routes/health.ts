import { Hono } from 'hono';
import { sql } from 'kysely';
import type { AppDeps, AppEnv } from '../deps.ts';

/** Milliseconds within which the database has to answer. */
const PATIENCE_MS = 2_000;

/** For supervisors and load balancers: `/health/live` says that the process runs, `/health` that it can serve. */
export function healthRoutes({ db, log }: AppDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.get('/live', (c) => c.json({ status: 'ok' }));
  routes.get('/', async (c) => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error('expected an answer of the database in time')), PATIENCE_MS);
    try {
      await Promise.race([sql`select 1`.execute(db), late.promise]);
      return c.json({ status: 'ok' });
    } catch (error) {
      log.warn({ error }, 'not ready');
      return c.json({ status: 'unavailable' }, 503);
    } finally {
      clearTimeout(timer);
    }
  });
  return routes;
}
