import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDiskRoom } from '../src/disk-room.ts';
import { openBrowser } from './browser.ts';
import { makePng } from './pictures.ts';
import { callPartner, openTestApp, type TestApp } from './test-app.ts';

/** More than any disk has. */
const ALL_MB = 1_000_000_000;
let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ DISK_RESERVE_MB: String(ALL_MB) });
});
afterAll(() => app.close());

const picture = () => new Blob([new Uint8Array(makePng(96, 64, 0x33))]);

it('refuses photos while less disk than the reserve is free, on the page and by the partner API, and takes nothing for them', async () => {
  const page = openBrowser(app);
  await page.me();
  const answer = await page.upload({ recipe: 'sr', file: picture() });
  expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'OVERLOADED' }]);

  const partner = await app.partner('tight', 1);
  const fields = { third_code: partner.code, repair_type: 'sr', file: picture() };
  const sent = await callPartner(app, '/api/third/photo/upload', app.token(partner), fields);
  expect(sent).toMatchObject({ status: 503, retryAfter: '30' });
  const left = await callPartner(app, '/api/third/company/nums', app.token(partner), { third_code: partner.code });
  expect(left.answer.data?.nums).toBe(1);

  const resumable = await fetch(`${app.url}/api/v1/uploads`, {
    method: 'POST',
    headers: { 'tus-resumable': '1.0.0', 'upload-length': '1000' },
  });
  expect(resumable.status).toBe(503);
  expect(readdirSync(join(app.folder, 'photos', 'incoming'))).toEqual([]);
});

it('says once that a disk is getting full, and where, also of a folder that is still to be made', async () => {
  const said: object[] = [];
  const log = { error: (line: object) => said.push(line), warn: () => {} };
  const later = join(app.folder, 'not', 'yet');
  const hasRoom = openDiskRoom([app.folder, later], ALL_MB * 2 ** 20, log as never);
  for (let times = 0; times < 3; times += 1) expect(await hasRoom()).toBe(false);
  expect(said).toMatchObject([{ tight: [{ folder: app.folder, free: expect.any(Number) }, { folder: later }] }]);
  expect(await openDiskRoom([app.folder, later], 0, log as never)()).toBe(true);
  expect(said).toHaveLength(1);
});
