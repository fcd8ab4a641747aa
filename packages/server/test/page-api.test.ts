import { readFileSync } from 'node:fs';
import { MeView, PhotoView } from '@hili/contract';
import { expect, it } from 'vitest';
import { problem } from './answers.ts';
import { openPageApp, small } from './page-app.ts';
import { oldPhoto } from './pictures.ts';
import { openTestApp } from './test-app.ts';

const { app, visit } = await openPageApp();

it('greets a visitor with a cookie that no script can read, and says how many photos are left', async () => {
  const response = await fetch(`${app.url}/api/v1/me`);
  expect(response.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^hili=[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/),
  ]);
  const me = MeView.parse(await response.json());
  expect(me).toMatchObject({ kind: 'guest', photosLeft: 20, freePerDay: 20 });
  expect(Date.parse(String(me.renewsAt))).toBeGreaterThan(Date.now());
  expect(response.headers.get('cache-control')).toBe('no-store');
});

it('knows the visitor again, and shows photos to nobody else', async () => {
  const one = await visit();
  const other = await visit();
  await other.call('GET', '/api/v1/me');
  const photo = await one.uploaded();
  const again = await visit(one.cookie());
  expect(((await (await again.call('GET', '/api/v1/photos')).json()) as PhotoView[]).map(({ id }) => id)).toEqual([
    photo.id,
  ]);
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/cancel'],
    ['POST', '/jobs'],
  ] as const) {
    const refused = await other.call(method, `/api/v1/photos/${photo.id}${path}`);
    expect((await problem(refused)).code, `${method} ${path}`).toBe('PHOTO_NOT_FOUND');
  }
  expect(await (await other.call('GET', '/api/v1/photos')).json()).toEqual([]);
});

it('restores a photo, shows every step of it, and serves what it was and what it became', async () => {
  const visitor = await visit();
  const photo = await visitor.uploaded();
  expect(photo).toMatchObject({ name: '奶奶.png', format: 'png', width: 96, height: 64, bytes: small.length });
  const done = await visitor.done(photo.id);
  expect(done.job).toMatchObject({ state: 'done', progress: 1, error: null, result: { format: 'png', width: 192 } });
  expect(Date.parse(String(done.expiresAt)) - Date.now()).toBeGreaterThan(3_500_000);
  const original = await fetch(app.url + done.originalUrl);
  expect(Buffer.from(await original.arrayBuffer()).equals(small)).toBe(true);
  const shown = await fetch(app.url + done.job.result!.url);
  expect(shown.headers.get('content-disposition')).toMatch(/^inline; filename="__-restored\.png"/);
  const saved = await fetch(app.url + done.job.result!.downloadUrl);
  expect(saved.headers.get('content-disposition')).toBe(
    `attachment; filename="__-restored.png"; filename*=UTF-8''%E5%A5%B6%E5%A5%B6-restored.png`,
  );
  const left = MeView.parse(await (await visitor.call('GET', '/api/v1/me')).json()).photosLeft;
  expect(left).toBe(19);
});

it('keeps links the same while a job goes on, so that a page need not load a picture twice', async () => {
  const visitor = await visit();
  const photo = await visitor.uploaded();
  const done = await visitor.done(photo.id);
  expect(done.originalUrl).toBe(photo.originalUrl);
});

it('runs another recipe on a photo that is kept', async () => {
  const visitor = await visit();
  const { id } = await visitor.uploaded();
  await visitor.done(id);
  const again = await visitor.call('POST', `/api/v1/photos/${id}/jobs`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ recipe: 'sr', scale: 4, format: 'jpeg' }),
  });
  expect(again.status).toBe(201);
  const done = await visitor.done(id);
  expect(done.job.result).toMatchObject({ format: 'jpeg', width: 384 });
});

it('deletes a photo at once: its pictures, its place in the list, its name', async () => {
  const visitor = await visit();
  const { id } = await visitor.uploaded();
  const { originalUrl, job } = await visitor.done(id);
  expect((await visitor.call('DELETE', `/api/v1/photos/${id}`)).status).toBe(204);
  for (const url of [originalUrl, job.result!.url, job.result!.downloadUrl])
    expect((await problem(await fetch(app.url + url))).code).toBe('PHOTO_EXPIRED');
  expect((await problem(await visitor.call('GET', `/api/v1/photos/${id}`))).code).toBe('PHOTO_EXPIRED');
  expect(await (await visitor.call('GET', '/api/v1/photos')).json()).toEqual([]);
});

it('cancels a job without a charge', async () => {
  const visitor = await visit();
  const response = await visitor.upload({ recipe: 'sr', file: new Blob([new Uint8Array(readFileSync(oldPhoto))]) });
  const { id } = PhotoView.parse(await response.json());
  const cancelled = PhotoView.parse(await (await visitor.call('POST', `/api/v1/photos/${id}/cancel`)).json());
  expect(cancelled.job).toMatchObject({ state: 'failed', error: 'CANCELLED' });
  expect(MeView.parse(await (await visitor.call('GET', '/api/v1/me')).json()).photosLeft).toBe(20);
});

it('says what is wrong as problem details, in the language of the visitor', async () => {
  const visitor = await visit();
  const file = new Blob([new Uint8Array(small)]);
  const wrong: [string, Record<string, string | Blob>][] = [
    ['recipe', { file }],
    ['recipe', { recipe: 'magic', file }],
    ['scale', { recipe: 'sr', scale: '3', file }],
    ['longEdge', { recipe: 'sr', longEdge: '99999', file }],
    ['format', { recipe: 'sr', format: 'gif', file }],
    ['rgb', { recipe: 'bg', file }],
    ['rgb', { recipe: 'bg', rgb: 'red', file }],
    ['file', { recipe: 'sr' }],
  ];
  for (const [field, fields] of wrong) {
    const refused = await problem(await visitor.upload(fields));
    expect(refused).toMatchObject({ code: 'BAD_REQUEST', status: 400, field });
  }
  const text = { recipe: 'sr', file: new Blob(['no picture']) };
  expect(await problem(await visitor.upload(text))).toMatchObject({
    type: 'urn:hili:error:UNSUPPORTED_TYPE',
    title: 'This type of file is not supported.',
    status: 415,
  });
  const chinese = await visitor.upload(text, { headers: { 'accept-language': 'zh-CN' } });
  expect(chinese.headers.get('content-language')).toBe('zh');
  expect((await problem(chinese)).title).toBe('文件上传类型不支持');
  expect((await problem(await visitor.call('GET', '/api/v1/nothing'))).code).toBe('NOT_FOUND');
  const bad = await visitor.call('POST', `/api/v1/photos/${'0'.repeat(32)}/jobs`, { body: '[' });
  expect((await problem(bad)).code).toBe('PHOTO_NOT_FOUND');
});

it('refuses changes that come from another site, and lets nothing through', async () => {
  const visitor = await visit();
  const { id } = await visitor.uploaded();
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
    const refused = await visitor.call('DELETE', `/api/v1/photos/${id}`, { headers });
    expect((await problem(refused)).code).toBe('FORBIDDEN_ORIGIN');
  }
  expect((await visitor.call('GET', `/api/v1/photos/${id}`)).status).toBe(200);
});

it('behind https marks its cookie secure', async () => {
  const secure = await openTestApp({ HILI_PUBLIC_URL: 'https://photo.example/', FREE_PER_DAY: '1' });
  try {
    const { headers } = await fetch(`${secure.url}/api/v1/me`);
    expect(headers.getSetCookie()[0]).toMatch(/^__Host-hili=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  } finally {
    await secure.close();
  }
});

it('counts requests by address, and answers 429 with the time to wait', async () => {
  const limited = await openTestApp({ RATE_LIMITS: 'on', TRUST_PROXY: '1' });
  try {
    const from = (address: string) =>
      fetch(`${limited.url}/api/v1/photos`, { headers: { 'x-forwarded-for': address } });
    const statuses = [];
    for (let i = 0; i < 610; i++) statuses.push((await from('192.0.2.1')).status);
    expect(statuses.slice(0, 600).every((status) => status === 200)).toBe(true);
    const refused = await from('192.0.2.1');
    expect((await problem(refused)).code).toBe('RATE_LIMITED');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await from('192.0.2.2')).status).toBe(200);
  } finally {
    await limited.close();
  }
});
