import { AppError } from '@hili/contract';
import { type AdminModels, type AdminSeries, type AdminTable, type AdminToday, TableQuery } from '@hili/contract/admin';
import { Hono } from 'hono';
import { recordAct } from '../../audit.ts';
import { exportTable, readPage, tableOf } from '../../console-pages.ts';
import { modelViews } from '../../console-views.ts';
import type { AppDeps } from '../../deps.ts';
import { openPlaces } from '../../places.ts';
import { countSeries, openToday } from '../../today.ts';
import { contentDisposition } from '../files.ts';
import type { AdminCall, AdminEnv } from './operator.ts';

/** Files that one operator may take at once: each holds one of ten database connections. */
const MOST_FILES = 2;

/** @throws AppError BAD_REQUEST that names the field. */
function readQuery(c: AdminCall): TableQuery {
  const parsed = TableQuery.safeParse(c.req.query());
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = String(issue?.path[0] ?? 'query');
  throw new AppError('BAD_REQUEST', { field, detail: `${issue?.message} for ${field}` });
}

/** What operators look at, under `/api/v1/admin`: how things stand, every table a page at a time, and the whole of it as a file. */
export function tableRoutes(deps: AppDeps): Hono<AdminEnv> {
  const { db, clock, config } = deps;
  const routes = new Hono<AdminEnv>();
  const today = openToday(deps);
  const place = openPlaces(MOST_FILES);

  routes.get('/today', async (c) => c.json<AdminToday>(await today()));
  routes.get('/series', async (c) => {
    const per = c.req.query('per') ?? 'day';
    if (per !== 'hour' && per !== 'day')
      throw new AppError('BAD_REQUEST', { field: 'per', detail: 'expected hour or day for per' });
    return c.json<AdminSeries>(await countSeries(deps, per));
  });
  routes.get('/models', (c) => c.json<AdminModels>(modelViews(config)));

  async function answerFile(c: AdminCall, table: AdminTable): Promise<Response> {
    const query = readQuery(c);
    const { limit: _limit, after: _after, ...selection } = query;
    c.header('content-type', 'text/csv; charset=utf-8');
    const day = clock().toISOString().slice(0, 10);
    c.header('content-disposition', contentDisposition('attachment', `${table}-${day}.csv`));
    // Nobody would take a file that is only asked about, and its place would never be free again.
    if (c.req.method === 'HEAD') return c.body(null);
    const leave = place(c.var.operator.userId);
    const act = { act: 'table.export', subject: `table ${table}`, after: selection };
    try {
      await recordAct(db, c.var.operator, act, clock());
      return c.body(exportTable(deps, table, query, leave));
    } catch (error) {
      leave();
      throw error;
    }
  }

  // The table's name is all of the address: what is named otherwise comes before.
  routes.get('/:table', async (c) => {
    const name = c.req.param('table');
    if (name.endsWith('.csv')) return answerFile(c, tableOf(name.slice(0, -'.csv'.length)));
    return c.json(await readPage(deps, tableOf(name), readQuery(c)));
  });

  return routes;
}
