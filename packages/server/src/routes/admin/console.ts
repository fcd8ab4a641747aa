import { Hono } from 'hono';
import type { AppDeps } from '../../deps.ts';
import { accessRoutes } from './access.ts';
import { type AdminEnv, needFactor, onlyOperators } from './operator.ts';
import { peopleRoutes } from './people.ts';
import { settingRoutes } from './settings.ts';
import { tableRoutes } from './tables.ts';
import { taskRoutes } from './tasks.ts';

/** The operator's console, under `/api/v1/admin`: nothing for others, and without a second factor nothing but the ways to show one. */
export function consoleRoutes(deps: AppDeps): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  routes.use(onlyOperators(deps));
  routes.route('/access', accessRoutes(deps));
  routes.use(needFactor(deps, 'console'));
  routes.route('/settings', settingRoutes(deps));
  routes.route('/', peopleRoutes(deps));
  routes.route('/', taskRoutes(deps));
  routes.route('/', tableRoutes(deps));
  return routes;
}
