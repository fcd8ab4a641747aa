import { join } from 'node:path';
import { API } from '@hili/contract';
import { expect, it } from 'vitest';
import { openTestApp } from './test-app.ts';

const ICON = join(import.meta.dirname, '..', '..', 'web', 'public', 'icon-192.png');

it('says how to reach the operator, with their QR code, and nothing of where it lies', async () => {
  const app = await openTestApp({ OPERATOR_NAME: 'Studio', CONTACT_EMAIL: 'studio@example.com', CONTACT_QR: ICON });
  const text = await (await fetch(`${app.url}${API}/site`)).text();
  const site = JSON.parse(text);
  expect(site).toMatchObject({ operator: 'Studio', email: 'studio@example.com', wechat: null, address: null });
  expect(text).not.toContain('icon-192');
  const picture = await fetch(app.url + site.qrUrl);
  expect(picture.headers.get('content-type')).toBe('image/png');
  expect((await picture.bytes()).length).toBeGreaterThan(100);
  await app.close();
});

it('answers 404 for a QR code that is not set, or has been moved away', async () => {
  for (const settings of [{ CONTACT_QR: '' }, { CONTACT_QR: `${ICON}.gone.png` }]) {
    const app = await openTestApp(settings);
    expect((await fetch(`${app.url}${API}/site/qr`)).status).toBe(404);
    await app.close();
  }
});
