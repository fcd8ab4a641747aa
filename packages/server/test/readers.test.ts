import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Problem } from '@hili/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { makePng } from './pictures.ts';
import { openTestApp, type TestApp } from './test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ TRUST_PROXY: '1' });
});
afterAll(() => app.close());

const from = (address: string) => openBrowser(app, { 'x-forwarded-for': address });
const waitingFiles = () => readdirSync(join(app.folder, 'photos', 'incoming'));
const form = (file: Buffer) => ({ recipe: 'sr', file: new Blob([new Uint8Array(file)]) });

it('judges a photo of one address while many slow ones of another wait', async () => {
  const slow = form(makePng(10_000, 10_000));
  let judged = 0;
  const one = from('192.0.2.2');
  await one.me();
  // Every request a new guest, and another address of the same network.
  const waiting = Array.from({ length: 8 }, (_, n) =>
    from(`2001:db8:0:1::${n + 1}`)
      .upload(slow)
      .then(({ status }) => {
        judged += 1;
        return status;
      }),
  );
  await expect.poll(() => waitingFiles().length, { timeout: 20_000, interval: 10 }).toBe(8);
  expect((await one.upload(form(makePng(96, 64)))).status).toBe(201);
  expect(judged).toBeLessThan(4);
  expect(await Promise.all(waiting)).toEqual(Array.from({ length: 8 }, () => 201));
});

it('answers a JSON body that trickles, and ends its connection', async () => {
  const { port, host } = new URL(app.url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  const began = performance.now();
  socket.write(
    `POST /api/v1/sign-in/password HTTP/1.1\r\nhost: ${host}\r\nsec-fetch-site: same-origin\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{`,
  );
  const drops = setInterval(() => socket.write(' '), 500);
  let text = '';
  socket.on('data', (chunk) => (text += chunk));
  await once(socket, 'end');
  clearInterval(drops);
  expect(performance.now() - began).toBeLessThan(25_000);
  expect(text).toMatch(/^HTTP\/1\.1 400 /);
  expect(Problem.parse(JSON.parse(text.split('\r\n\r\n')[1] as string)).code).toBe('UPLOAD_FAILED');
});
