import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../../server/test/test-app.ts';
import { draw, folder, hili, lines } from './run.ts';

let app: TestApp;
let at: string;

beforeAll(async () => {
  app = await openTestApp();
  await app.startWorker();
  at = await folder();
  await mkdir(join(at, 'album', 'deep'), { recursive: true });
  await draw(join(at, 'album', 'a.png'));
  await draw(join(at, 'album', 'deep', 'b.jpg'));
  await writeFile(join(at, 'album', 'c.jpg'), 'not a photo');
});
afterAll(() => app.close());

it('lets a server restore a folder as its partner: one credit a photo, and none for the one that is refused', async () => {
  const { code, secretKey } = await app.partner('remote', 5);
  const env = { HILI_PARTNER_CODE: code, HILI_PARTNER_SECRET: secretKey };
  const args = ['enhance', 'album', 'partner', '--json', '--recipe', 'sr', '--remote', app.url];
  const ended = await hili(args, at, env);
  expect(ended.code).toBe(1);
  expect(lines(ended).at(-1)).toMatchObject({ total: { done: 2, failed: 1 } });
  expect(lines(ended).find(({ file }) => file === 'c.jpg')).toMatchObject({ error: { code: 'errno 9005' } });
  expect(await sharp(join(at, 'partner', 'a.jpg')).metadata()).toMatchObject({ format: 'jpeg', width: 192 });
  expect(await sharp(join(at, 'partner', 'deep', 'b.jpg')).metadata()).toMatchObject({ format: 'jpeg', width: 192 });
  const again = lines(await hili(args, at, env)).at(-1);
  expect(again).toMatchObject({ total: { done: 0, skipped: 2, failed: 1 } });
  expect(await app.broken()).toEqual([]);
});

it('stops asking when the token is wrong or no credits are left', async () => {
  const { code, secretKey } = await app.partner('poor', 0);
  const args = [
    'enhance',
    'album',
    'poor',
    '--json',
    '--recipe',
    'sr',
    '--remote',
    app.url,
    '--code',
    code,
    '--secret',
  ];
  for (const [secret, errno] of [
    ['wrong', 'errno 9999'],
    [secretKey, 'errno 9101'],
  ] as const) {
    const ended = await hili([...args, secret], at);
    expect(ended.code).toBe(1);
    const failed = lines(ended).filter(({ state }) => state === 'failed');
    expect(failed.map(({ error }) => error.code)).toContain(errno);
    expect(ended.stdout + ended.stderr).not.toContain(secretKey);
  }
});

it('restores as a guest with the options of the page', async () => {
  const args = ['enhance', 'album/a.png', 'guest.webp', '--recipe', 'sr', '--scale', '4', '--remote', app.url];
  expect(await hili(args, at)).toMatchObject({ code: 0 });
  expect(await sharp(join(at, 'guest.webp')).metadata()).toMatchObject({ format: 'webp', width: 384 });
});

it('refuses options that the chosen API does not have, and an address where nobody answers', async () => {
  const partner = ['--remote', app.url, '--code', 'x', '--secret', 'y'];
  for (const [code, args] of [
    [2, [...partner, '--scale', '4']],
    [2, [...partner, '--format', 'png']],
    [2, [...partner, '--recipe', 'sr,repair,colour', '--colour-at', '0.5,0.5,#123456']],
    [2, ['--remote', app.url, '--quality', '50']],
    [2, ['--remote', app.url, '--code', 'x']],
    [2, ['--remote', 'photos.example.com']],
    [1, ['--remote', 'http://127.0.0.1:1']],
  ] as const) {
    const ended = await hili(['enhance', 'album/a.png', 'x/', ...args], at);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain('expected');
  }
});
