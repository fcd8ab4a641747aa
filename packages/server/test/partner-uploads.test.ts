import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { sql } from 'kysely';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createApp } from '../src/app.ts';
import { listen } from '../src/listen.ts';
import { findPhoto } from '../src/photos.ts';
import { deriveKeys } from '../src/secrets.ts';
import { dyingAt } from './dying.ts';
import { multipart, noise } from './form-server.ts';
import { hostileFiles, makePng, oldPhoto } from './pictures.ts';
import { callPartner, openTestApp, type TestApp, type TestPartner } from './test-app.ts';

const UPLOAD = '/api/third/photo/upload';
const files = hostileFiles();
const blob = (bytes: Buffer) => new Blob([new Uint8Array(bytes)]);
const small = blob(makePng(96, 64, 0x33));

let app: TestApp;
let partner: TestPartner;
let partners = 0;

beforeAll(async () => {
  app = await openTestApp();
});
beforeEach(async () => {
  partner = await app.partner(`partner-${++partners}`, 5);
});
afterAll(() => app.close());

const upload = (file: Blob, token = app.token(partner)) =>
  callPartner(app, UPLOAD, token, { third_code: partner.code, repair_type: 'sr', file });
const nums = async () =>
  (await callPartner(app, '/api/third/company/nums', app.token(partner), { third_code: partner.code })).answer.data
    ?.nums;
const incoming = () => readdirSync(join(app.folder, 'photos', 'incoming'));
async function stored(): Promise<number> {
  let count = 0;
  for await (const _file of app.storage.list()) count += 1;
  return count;
}
const photos = async () =>
  (await sql<{ n: number }>`select count(*)::int as n from photo`.execute(app.db)).rows[0]?.n ?? 0;

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let i = 0; i < 250; i++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`expected ${what} within 5 s`);
}

/** Runs a call that must change nothing: no photo, no file, no credit. */
async function withoutTrace<T>(call: () => Promise<T>): Promise<T> {
  const before = [await photos(), await stored(), await nums()];
  const result = await call();
  await until(() => incoming().length === 0, 'no unfinished file');
  expect([await photos(), await stored(), await nums()]).toEqual(before);
  expect(await app.broken()).toEqual([]);
  return result;
}

it.each([
  ['a renamed text file', files.renamedText, 9005],
  ['an SVG', files.svg, 9005],
  ['a PDF with a JPEG inside', files.pdf, 9005],
  ['an empty file', files.empty, 9005],
  ['a truncated JPEG', files.truncatedJpeg, 9009],
  ['the first bytes of a JPEG', files.headerOnlyJpeg, 9009],
  ['a script that begins like a GIF', files.gifScript, 9009],
  ['a bomb of 30,000 x 30,000 px', files.bomb, 9009],
  ['a line of 30,000 px', files.longSide, 9009],
])('refuses %s, and nothing is stored or charged', async (_name, bytes, errno) => {
  const { status, answer } = await withoutTrace(() => upload(blob(bytes)));
  expect([status, answer.code, answer.errno]).toEqual([200, 9000, errno]);
});

it('takes a picture with a web page behind its end, and serves it as nothing but a picture', async () => {
  const { answer } = await upload(blob(files.polyglot));
  expect(answer.code).toBe(200);
  const { headers } = await fetch(String(answer.data?.img_url));
  expect(headers.get('content-type')).toBe('image/jpeg');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'; sandbox");
});

it('refuses a file of 51 MB with 9006 and HTTP 413, announced or not', async () => {
  const file = blob(noise(51 * 1024 * 1024));
  const announced = await withoutTrace(() => upload(file));
  expect([announced.status, announced.answer]).toEqual([
    413,
    { code: 9000, errno: 9006, msg: '上传失败,文件不能超过50 MB' },
  ]);
  const { body, type } = multipart([
    { name: 'third_code', value: partner.code },
    { name: 'file', value: noise(51 * 1024 * 1024), filename: 'a.jpg' },
  ]);
  const streamed = await withoutTrace(() =>
    fetch(app.url + UPLOAD, {
      method: 'POST',
      body: new Blob([new Uint8Array(body)]).stream(),
      headers: { 'content-type': type, token: app.token(partner) },
      duplex: 'half',
    }),
  );
  expect([streamed.status, ((await streamed.json()) as { errno: number }).errno]).toEqual([413, 9006]);
});

it('answers a bad token before the body is sent, and takes no more than its beginning', async () => {
  const socket = connect({ port: Number(new URL(app.url).port), host: '127.0.0.1', allowHalfOpen: true });
  const length = 50 * 1024 * 1024;
  const head = [
    `POST ${UPLOAD} HTTP/1.1`,
    'host: 127.0.0.1',
    `token: ${app.token(partner, -600)}`,
    'content-type: multipart/form-data; boundary=x',
    `content-length: ${length}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/connection: close/i);
  expect(answer.toString()).toContain('"errno":9999');
  let sent = 0;
  socket.on('error', () => {});
  const part = Buffer.alloc(1024 * 1024);
  while (!socket.destroyed && sent < length) {
    await new Promise((resolve) => socket.write(part, resolve));
    sent += part.length;
  }
  // 16 MB are taken off the wire for clients that send before they read; the rest is in the system's buffers at most.
  expect(sent).toBeLessThan(30 * 1024 * 1024);
  expect(incoming()).toEqual([]);
});

it('lets exactly one of 20 uploads have the last credit', async () => {
  partner = await app.partner('last-credit', 1);
  const before = [await photos(), await stored()] as const;
  const answers = await Promise.all(Array.from({ length: 20 }, () => upload(small)));
  const verdicts = answers.map(({ answer }) => answer.errno ?? answer.code).sort();
  expect(verdicts).toEqual([200, ...Array(19).fill(9101)]);
  await until(async () => (await stored()) === before[1] + 1, 'one stored file');
  expect(await photos()).toBe(before[0] + 1);
  expect(await nums()).toBe(0);
  expect(incoming()).toEqual([]);
  expect(await app.broken()).toEqual([]);
});

it('leaves no file, no row and no charge when a client goes away in the middle of an upload', async () => {
  const { body, type } = multipart([
    { name: 'third_code', value: partner.code },
    { name: 'repair_type', value: 'sr' },
    { name: 'file', value: readFileSync(oldPhoto), filename: 'a.jpg' },
  ]);
  await withoutTrace(async () => {
    for (const part of [0.3, 0.6, 0.9]) {
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
      const headers = `host: x\r\ntoken: ${app.token(partner)}\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}`;
      socket.write(`POST ${UPLOAD} HTTP/1.1\r\n${headers}\r\n\r\n`);
      socket.write(body.subarray(0, Math.floor(body.length * part)));
      await until(() => incoming().length === 1, 'a file that is being received');
      socket.resetAndDestroy();
      await until(() => incoming().length === 0, 'no unfinished file');
    }
  });
});

it('refuses uploads with 503 and Retry-After while the queue is full, and takes the other calls', async () => {
  const full = await openTestApp({ QUEUE_LIMIT: '1' });
  try {
    const somebody = await full.partner('somebody', 5);
    const send = () =>
      callPartner(full, UPLOAD, full.token(somebody), { third_code: 'somebody', repair_type: 'sr', file: small });
    expect((await send()).answer.code).toBe(200);
    const refused = await send();
    expect([refused.status, refused.answer]).toEqual([503, { code: 9000, errno: 500, msg: '系统繁忙,请稍后再试' }]);
    expect(Number(refused.retryAfter)).toBeGreaterThan(0);
    const left = await callPartner(full, '/api/third/company/nums', full.token(somebody), { third_code: 'somebody' });
    expect(left.answer.data?.nums).toBe(4);
  } finally {
    await full.close();
  }
});

it('answers 9009 for a photo whose processing failed for good, and gives the credit back', async () => {
  const { answer } = await upload(small);
  const mdf = String(answer.data?.mdf);
  expect(await nums()).toBe(4);
  // The stored file is taken away behind the service's back: no run can succeed.
  await app.storage.remove(String((await findPhoto(app.db, mdf))?.uploadKey));
  await app.startWorker();
  const call = (path: string) =>
    callPartner(app, path, app.token(partner), { third_code: partner.code, mdf }).then(({ answer: a }) => a);
  await until(async () => (await call('/api/third/photo/status')).code === 9000, 'a failure for good');
  const failed = { code: 9000, errno: 9009, msg: '图片异常,处理失败' };
  expect([await call('/api/third/photo/status'), await call('/api/third/photo/download')]).toEqual([failed, failed]);
  expect(await nums()).toBe(5);
  app.later(3601);
  expect(await call('/api/third/photo/status')).toMatchObject({ errno: 9002 });
}, 120_000);

const part = { name: 'file', filename: 'a.png', type: 'image/png' };

it('waits for a database that restarts, wherever in an upload that is, and takes one credit', async () => {
  const few = await app.partner('few', 60);
  const fields = { third_code: few.code, repair_type: 'sr', file: small };
  let n = 0;
  for (let isOver = false; !isOver; ) {
    n += 1;
    const dying = dyingAt(app.connection, n);
    const server = await listen('127.0.0.1', 0, () => createApp({ ...app, db: dying.db }));
    const at = { ...app, url: `http://127.0.0.1:${server.port}` };
    const { answer } = await callPartner(at, UPLOAD, app.token(few), fields);
    expect(answer.code, `at statement ${n}`).toBe(200);
    isOver = dying.statements() < n;
    await server.close(500);
    await dying.end();
  }
  expect(n).toBeGreaterThan(8);
  const { answer } = await callPartner(app, '/api/third/company/nums', app.token(few), { third_code: few.code });
  expect(answer.data?.nums).toBe(60 - n);
  expect(await app.broken()).toEqual([]);
});

it('says in the log why it could not check who uploads, and nothing of a client that broke off', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  const keys = deriveKeys('another secret, by which no partner can be read');
  const server = await listen('127.0.0.1', 0, () => createApp({ ...app, keys, log }));
  const fields = { third_code: partner.code, repair_type: 'sr', file: small };
  const { answer } = await callPartner(
    { ...app, url: `http://127.0.0.1:${server.port}` },
    UPLOAD,
    app.token(partner),
    fields,
  );
  expect(answer).toMatchObject({ code: 9000, errno: 9006 });
  expect(lines).toHaveLength(1);
  const { type, body } = multipart([
    { name: 'repair_type', value: 'sr' },
    { ...part, value: noise(200_000) },
  ]);
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  const head = `POST ${UPLOAD} HTTP/1.1\r\nhost: x\r\ntoken: ${app.token(partner)}\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n`;
  socket.write(head);
  socket.write(body.subarray(0, 150_000));
  await until(() => incoming().length > 0, 'a file under way');
  socket.destroy();
  await until(() => incoming().length === 0, 'no unfinished file');
  await server.close(500);
  expect(lines).toHaveLength(1);
});
