import { type AdminSettings, SettingChange } from '@hili/contract/admin';
import { Hono } from 'hono';
import type { AppDeps } from '../../deps.ts';
import { readShape } from '../../json-body.ts';
import { changeSetting, listLive } from '../../live-settings.ts';
import { type AdminCall, type AdminEnv, needFactor } from './operator.ts';

/** Settings that need no restart, under `/api/v1/admin/settings`. */
export function settingRoutes(deps: AppDeps): Hono<AdminEnv> {
  const { db, config, clock } = deps;
  const routes = new Hono<AdminEnv>();
  const list = async (c: AdminCall) => c.json<AdminSettings>(await listLive(db, config));

  routes.get('/', list);
  routes.put('/:key', needFactor(deps, 'money'), async (c) => {
    const change = await readShape(c, SettingChange);
    await changeSetting(db, config, c.var.operator, { key: c.req.param('key'), ...change }, clock());
    return list(c);
  });
  return routes;
}
