import { join } from 'node:path';
import { PhotoView } from '@hili/contract';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { openPageApp } from './page-app.ts';
import { callPartner } from './test-app.ts';

/** The network takes a red cell of 8 x 8 pixels, of 256 on the longer side, for a face as many pixels high as the cell is blue. */
const { app, visit } = await openPageApp({
  HILI_MODELS: join(import.meta.dirname, '..', '..', 'engine', 'test', 'models', 'marks'),
});
const mark = { create: { width: 8, height: 8, channels: 3, background: { r: 255, g: 0, b: 80 } } } as const;
const ground = { create: { width: 256, height: 192, channels: 3, background: '#5a5a5a' } } as const;
const file = new Blob([
  new Uint8Array(
    await sharp(ground)
      .composite([{ input: mark, left: 160, top: 80 }])
      .png()
      .toBuffer(),
  ),
]);
const reports = async (photoId: string) =>
  (await app.db.selectFrom('job').select('report').where('photoId', '=', photoId).execute()).map((job) => job.report);

it('says where the faces of a result are, and forgets it with the pictures', async () => {
  const visitor = await visit();
  const { id } = await visitor.uploaded({ file: file as never, srStrength: '0', scale: '2' });
  const { job, result } = await visitor.done(id);
  // 164, 84 is the middle of the cell; the network says 2 px to the right and 1 px above, 64 x 80 px.
  const [face] = job.result!.faces;
  const near = { left: 134 / 256, top: 43 / 192, width: 64 / 256, height: 80 / 192 };
  expect(Object.keys(face!).sort()).toEqual(Object.keys(near).sort());
  for (const side of ['left', 'top', 'width', 'height'] as const) expect(face![side]).toBeCloseTo(near[side], 1);
  expect(job.result!.faces).toHaveLength(1);
  expect(result!.faces).toEqual(job.result!.faces);
  expect((await visitor.call('DELETE', `/api/v1/photos/${id}`)).status).toBe(204);
  expect(await reports(id)).toEqual([expect.not.objectContaining({ faces: expect.anything() })]);
});

it('shows the result of a run from before faces were looked for, with none', async () => {
  const visitor = await visit();
  const { id } = await visitor.uploaded();
  await visitor.done(id);
  await app.pool.query(`update job set report = report - 'faces' where photo_id = $1`, [id]);
  const photo = PhotoView.parse(await (await visitor.call('GET', `/api/v1/photos/${id}`)).json());
  expect(photo.result?.faces).toEqual([]);
});

it('keeps no places of faces for a partner, who is told of none', async () => {
  const partner = await app.partner('hiliad', 1);
  const call = async (path: string, fields: Record<string, string | Blob>) =>
    (await callPartner(app, `/api/third/photo/${path}`, app.token(partner), { third_code: partner.code, ...fields }))
      .answer;
  const mdf = String((await call('upload', { repair_type: 'sr', file })).data?.mdf);
  const photos = app.db.selectFrom('photo').select('id').where('partnerId', 'is not', null);
  const { id } = await photos.executeTakeFirstOrThrow();
  await expect.poll(() => reports(id), { timeout: 20_000 }).toEqual([expect.objectContaining({ faces: [] })]);
  expect(JSON.stringify(await call('status', { mdf }))).not.toContain('face');
});
