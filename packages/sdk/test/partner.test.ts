import { openAsBlob } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HiliError, openPartner, type PartnerError } from '@hili/sdk/partner';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../../server/test/test-app.ts';
import { OLD_PHOTO, sizeOf } from './photos.ts';

let app: TestApp;
let secret: string;

beforeAll(async () => {
  app = await openTestApp();
  await app.startWorker();
  secret = (await app.partner('sdk', 3)).secretKey;
});
afterAll(() => app.close());

const open = (changes: object = {}) => openPartner({ server: app.url, code: 'sdk', secret, ...changes });

it('makes all four calls: a photo sent from its path comes back restored, and one credit is gone', async () => {
  const partner = open();
  expect(await partner.creditsLeft()).toBe(3);
  const { mdf, img_url } = await partner.upload(OLD_PHOTO, { recipe: 'sr' });
  expect(mdf).toMatch(/^[0-9a-f]{32}$/);
  expect((await fetch(img_url)).status).toBe(200);
  const seen: number[] = [];
  const result = await partner.result(mdf, { every: 100, onProgress: (progress) => seen.push(progress) });
  const path = join(app.folder, 'new.jpg');
  await writeFile(path, result);
  expect(await sizeOf(path)).toEqual({ format: 'jpeg', width: 2048, height: 1576 });
  expect(seen.at(-1)).toBe(1);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(await partner.status(mdf)).toMatchObject({ status: 200 });
  expect((await fetch(await partner.downloadUrl(mdf))).headers.get('content-length')).toBe(
    String((await stat(path)).size),
  );
  expect(await partner.creditsLeft()).toBe(2);
});

it('sends blobs as well, and a background colour for bg', async () => {
  const { mdf } = await open().upload(await openAsBlob(OLD_PHOTO), { recipe: 'bg', rgb: [67, 142, 219] });
  expect(mdf).toMatch(/^[0-9a-f]{32}$/);
});

it("throws the wire's errno and words", async () => {
  const errno = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: PartnerError) => [error.name, error.errno],
    );
  expect(await errno(open({ secret: 'wrong' }).creditsLeft())).toEqual(['PartnerError', 9999]);
  expect(await errno(open().status('0'.repeat(32)))).toEqual(['PartnerError', 9002]);
  const text = join(app.folder, 'text.jpg');
  await writeFile(text, 'not a picture');
  expect(await errno(open().upload(text, { recipe: 'sr' }))).toEqual(['PartnerError', 9005]);
  expect(await errno(open().upload(OLD_PHOTO, { recipe: 'bg' }))).toEqual(['PartnerError', 9001]);
  const english = open({ secret: 'wrong', language: 'en' }).creditsLeft();
  await expect(english).rejects.toThrow('The token is not valid.');
  await expect(open({ secret: 'wrong' }).creditsLeft()).rejects.toThrow('请求参数token不合法');
});

it('says UNREACHABLE when no server answers, and the reason of a signal that was aborted', async () => {
  const nobody = open({ server: 'http://127.0.0.1:1' }).creditsLeft();
  await expect(nobody).rejects.toThrow(HiliError);
  await expect(nobody).rejects.toMatchObject({ code: 'UNREACHABLE' });
  const stop = AbortSignal.abort(new Error('enough'));
  await expect(open().creditsLeft({ signal: stop })).rejects.toThrow('enough');
});
