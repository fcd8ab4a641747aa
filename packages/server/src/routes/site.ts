import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { API, AppError, type SiteView } from '@hili/contract';
import { Hono } from 'hono';
import type { Config } from '../config.ts';
import type { AppDeps, AppEnv } from '../deps.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
};

/** Who runs this installation, as its settings say. */
export function siteView(config: Config): SiteView {
  const { OPERATOR_NAME, CONTACT_EMAIL, CONTACT_WECHAT, CONTACT_ADDRESS, CONTACT_QR, DEMO_PAYMENTS } = config;
  return {
    operator: OPERATOR_NAME ?? null,
    email: CONTACT_EMAIL ?? null,
    wechat: CONTACT_WECHAT ?? null,
    address: CONTACT_ADDRESS ?? null,
    qrUrl: CONTACT_QR ? `${API}/site/qr` : null,
    demo: DEMO_PAYMENTS,
    announcement: announcementOf(config),
  };
}

function announcementOf(config: Config): SiteView['announcement'] {
  const {
    ANNOUNCEMENT_ZH: zh,
    ANNOUNCEMENT_EN: en,
    ANNOUNCEMENT_JA: ja,
    ANNOUNCEMENT_ES: es,
    ANNOUNCEMENT_FR: fr,
  } = config;
  return zh || en || ja || es || fr ? { zh, en, ja, es, fr } : null;
}

/** Under `/api/v1`. */
export function siteRoutes({ config }: AppDeps): Hono<AppEnv> {
  const { CONTACT_QR } = config;
  const routes = new Hono<AppEnv>();
  routes.get('/site', (c) => c.json<SiteView>(siteView(config)));
  routes.get('/site/qr', async (c) => {
    if (!CONTACT_QR) throw new AppError('NOT_FOUND');
    const bytes = await readFile(CONTACT_QR).catch((cause) => {
      throw new AppError('NOT_FOUND', { cause });
    });
    c.header('content-type', TYPES[extname(CONTACT_QR).toLowerCase()] ?? 'application/octet-stream');
    return c.body(new Uint8Array(bytes));
  });
  return routes;
}
