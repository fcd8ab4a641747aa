import { join } from 'node:path';
import { PhotoView } from '@hili/contract';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { openPageApp } from './page-app.ts';
import { callPartner } from './test-app.ts';

/** The networks take red for a face and for the matte; eyes are tilted where green rises to the right, and noses turned where blue does. */
const { app, visit } = await openPageApp({
  HILI_MODELS: join(import.meta.dirname, '..', '..', 'engine', 'test', 'models', 'heads'),
});
const head = { create: { width: 24, height: 24, channels: 3, background: '#ff8080' } } as const;
const ground = { create: { width: 256, height: 192, channels: 3, background: '#008080' } } as const;
const file = new Blob([
  new Uint8Array(
    await sharp(ground)
      .composite([{ input: head, left: 112, top: 80 }])
      .png()
      .toBuffer(),
  ),
]);
const reports = async (photoId: string) =>
  (await app.db.selectFrom('job').select('report').where('photoId', '=', photoId).execute()).map((job) => job.report);

it('says how a photo before a new background would do as an ID photo, and forgets it with the pictures', async () => {
  const visitor = await visit();
  const { id } = await visitor.uploaded({ recipe: 'bg', rgb: '255,255,255', file: file as never });
  const { job, result } = await visitor.done(id);
  expect(job.result?.changed).toBe(true);
  expect(job.result?.checks).toEqual([
    { name: 'one-face', verdict: 'pass', value: 1 },
    { name: 'level', verdict: 'pass', value: 0 },
    { name: 'frontal', verdict: 'pass', value: 0 },
    // 32 px of 256 at which the network looks at 176 px of the photo.
    { name: 'resolution', verdict: 'warn', value: 22 },
  ]);
  expect(result?.checks).toEqual(job.result?.checks);
  expect((await visitor.call('DELETE', `/api/v1/photos/${id}`)).status).toBe(204);
  expect(await reports(id)).toEqual([expect.not.objectContaining({ checks: expect.anything() })]);
});

it('shows the result of a run from before there were checks, with none', async () => {
  const visitor = await visit();
  const { id } = await visitor.uploaded({ recipe: 'bg', rgb: '255,255,255', file: file as never });
  await visitor.done(id);
  await app.pool.query(`update job set report = report - 'checks' where photo_id = $1`, [id]);
  const photo = PhotoView.parse(await (await visitor.call('GET', `/api/v1/photos/${id}`)).json());
  expect(photo.result?.checks).toEqual([]);
});

it('keeps no checks for a partner, who is told of none', async () => {
  const partner = await app.partner('hiliad', 1);
  const call = async (path: string, fields: Record<string, string | Blob>) =>
    (await callPartner(app, `/api/third/photo/${path}`, app.token(partner), { third_code: partner.code, ...fields }))
      .answer;
  const mdf = String((await call('upload', { repair_type: 'bg', rgb: '255,255,255', file })).data?.mdf);
  const photos = app.db.selectFrom('photo').select('id').where('partnerId', 'is not', null);
  const { id } = await photos.executeTakeFirstOrThrow();
  await expect.poll(() => reports(id), { timeout: 20_000 }).toEqual([expect.objectContaining({ checks: [] })]);
  expect(JSON.stringify(await call('status', { mdf }))).not.toContain('check');
});
