import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@hili/contract';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { halfRequest, multipart, noise, openFormServer, type Part } from './form-server.ts';

const MAX = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'hili-uploads-'));
let count = 0;
let allow: (fields: ReadonlyMap<string, string>) => Promise<void> = async () => {};
let server: Awaited<ReturnType<typeof openFormServer>>;

beforeAll(async () => {
  server = await openFormServer(() => ({
    file: { path: join(folder, `${++count}.part`), maxBytes: MAX },
    beforeFile: (fields) => allow(fields),
  }));
});
afterEach(() => {
  allow = async () => {};
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  error?: string;
  fields: Record<string, string>;
  malformed: string[];
  file?: { path: string; sha256: string; bytes: number; name: string };
}

async function send(body: Buffer | string, type: string): Promise<Answer> {
  const response = await fetch(server.url, { method: 'POST', body, headers: { 'content-type': type } });
  return (await response.json()) as Answer;
}
const sendParts = (...parts: Part[]) => {
  const { body, type } = multipart(parts);
  return send(body, type);
};
const file = (value: Buffer | string, filename = 'a.jpg') => ({ name: 'file', value, filename, type: 'image/jpeg' });

/** Paths of this folder that the process holds open. */
const openFiles = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
    } catch {
      return false;
    }
  });

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(condition()).toBe(true);
}

it('stores a file with its hash and size, and reads fields before and after it', async () => {
  const picture = noise(300_000);
  const answer = await sendParts({ name: 'third_code', value: 'hiliad' }, file(picture, '奶奶.jpg'), {
    name: 'repair_type',
    value: 'sr;repair',
  });
  expect(answer.fields).toEqual({ third_code: 'hiliad', repair_type: 'sr;repair' });
  expect(answer.file).toMatchObject({ bytes: 300_000, name: '奶奶.jpg' });
  expect(answer.file?.sha256).toBe(createHash('sha256').update(picture).digest('hex'));
  expect(readFileSync(answer.file!.path).equals(picture)).toBe(true);
});

it('takes a file of exactly the limit, and refuses one byte more', async () => {
  expect((await sendParts(file(noise(MAX)))).file?.bytes).toBe(MAX);
  expect((await sendParts(file(noise(MAX + 1)))).error).toBe('TOO_LARGE');
  await until(() => readdirSync(folder).length === 1);
});

it('refuses a body over the limit by its announced length, before it is sent', async () => {
  const headers = { 'content-type': 'multipart/form-data; boundary=x', 'content-length': String(60 * MAX) };
  const socket = await halfRequest(server.port, headers, Buffer.alloc(0));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toContain('TOO_LARGE');
  socket.destroy();
});

it('refuses an endless body of unknown length at the limit', async () => {
  const { body } = multipart([{ name: 'other', value: noise(3 * MAX), filename: 'x' }]);
  const response = await fetch(server.url, {
    method: 'POST',
    body: new Blob([body]).stream(),
    headers: { 'content-type': 'multipart/form-data; boundary=hili-test-boundary' },
    duplex: 'half',
  });
  expect(await response.json()).toEqual({ error: 'TOO_LARGE' });
});

it('never asks for the body of a client that waits for 100 Continue when it is refused', async () => {
  const headers = { expect: '100-continue', 'content-type': 'text/plain', 'content-length': String(60 * MAX) };
  const socket = await halfRequest(server.port, headers, Buffer.alloc(0));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  socket.destroy();
});

it('asks a client that waits for 100 Continue for its body when it is wanted', async () => {
  const { body, type } = multipart([file(noise(1000))]);
  const headers = { expect: '100-continue', 'content-type': type, 'content-length': String(body.length) };
  const socket = await halfRequest(server.port, headers, Buffer.alloc(0));
  const [first] = (await once(socket, 'data')) as [Buffer];
  expect(first.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  socket.write(body);
  const [second] = (await once(socket, 'data')) as [Buffer];
  expect(second.toString()).toContain('"bytes":1000');
  socket.destroy();
});

it('names fields that are repeated or too long', async () => {
  const answer = await sendParts(
    { name: 'mdf', value: 'a' },
    { name: 'mdf', value: 'b' },
    { name: 'rgb', value: 'x'.repeat(70_000) },
    file('one'),
    file('two'),
  );
  expect(answer.malformed.sort()).toEqual(['file', 'mdf', 'rgb']);
  expect(answer.fields.mdf).toBe('a');
});

it('names a field in a character set that nobody knows', async () => {
  const answer = await sendParts(
    { name: 'mdf', value: 'a', type: 'text/plain; charset=nonsense' },
    { name: 'rgb', value: 'b', type: 'text/plain; charset=latin1' },
  );
  expect(answer).toMatchObject({ malformed: ['mdf'], fields: { rgb: 'b' } });
});

it('keeps names that mean something to JavaScript as plain fields', async () => {
  const answer = await sendParts({ name: '__proto__', value: 'x' }, { name: 'constructor', value: 'y' });
  expect(answer.fields).toEqual(JSON.parse('{"__proto__":"x","constructor":"y"}'));
});

it('strips folders and control characters from a file name', async () => {
  expect((await sendParts(file('x', `a"; filename*=utf-8''..%2f..%2fetc%2fpass%07wd.jpg; x="`))).file?.name).toBe(
    'passwd.jpg',
  );
  expect((await sendParts(file('x', 'C:\\\\photos\\\\a.jpg'))).file?.name).toBe('a.jpg');
});

it('takes a file without a name, but not the empty box of a browser form', async () => {
  expect((await sendParts({ name: 'file', value: 'abc', type: 'application/octet-stream' })).file?.bytes).toBe(3);
  expect((await sendParts(file('', ''))).file).toBeUndefined();
  expect((await sendParts(file('', 'empty.jpg'))).file?.bytes).toBe(0);
});

it('reads application/x-www-form-urlencoded too', async () => {
  const answer = await send('third_code=h%C3%AFli&mdf=a+b', 'application/x-www-form-urlencoded');
  expect(answer.fields).toEqual({ third_code: 'hïli', mdf: 'a b' });
});

it('finds no field in a body that is no form', async () => {
  for (const type of ['application/json', 'multipart/form-data', 'text/plain'])
    expect(await send('{"third_code":"hiliad"}', type)).toEqual({ fields: {}, malformed: [] });
});

it('finds no field in an empty form', async () => {
  const { type } = multipart([]);
  for (const body of ['--hili-test-boundary--\r\n', '--hili-test-boundary--', ''])
    expect(await send(body, type)).toEqual({ fields: {}, malformed: [] });
});

it('calls a body that ends too early, or is malformed, an upload that failed, and leaves no file', async () => {
  const { body, type } = multipart([file(noise(10_000))]);
  for (const end of [body.length - 3, body.length - 30, 5000, 60, 1])
    expect((await send(body.subarray(0, end), type)).error, `cut at ${end}`).toBe('UPLOAD_FAILED');
  const broken = Buffer.from('--b\r\nContent-Disposition form-data\r\nno colon\r\n\r\nx\r\n--b--\r\n');
  const answer = await send(broken, 'multipart/form-data; boundary=b');
  expect(answer.error === 'UPLOAD_FAILED' || Object.keys(answer.fields).length === 0).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});

it('leaves no file and no open descriptor when a client goes away in the middle', async () => {
  const { body, type } = multipart([file(noise(500_000))]);
  for (let i = 0; i < 10; i++) {
    const headers = { 'content-type': type, 'content-length': String(body.length) };
    const socket = await halfRequest(server.port, headers, body.subarray(0, 300_000));
    await until(() => readdirSync(folder).length === 1);
    if (i % 2) socket.destroy();
    else socket.resetAndDestroy();
    await until(() => readdirSync(folder).length === 0);
  }
  await until(() => openFiles().length === 0);
});

it('gives up a body that trickles, and not one that is only slow', async () => {
  const { body, type } = multipart([file(noise(400_000))]);
  const headers = { 'content-type': type, 'content-length': String(body.length) };
  const now = performance.now.bind(performance);
  for (const [minutes, answer] of [
    [5, '"bytes":400000'],
    [10, 'UPLOAD_FAILED'],
  ] as const) {
    const socket = await halfRequest(server.port, headers, body.subarray(0, 350_000));
    await until(() => readdirSync(folder).some((name) => statSync(join(folder, name)).size > 300_000));
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + minutes * 60_000);
    socket.write(body.subarray(350_000));
    const [text] = (await once(socket, 'data')) as [Buffer];
    clock.mockRestore();
    expect(text.toString()).toContain(answer);
    socket.destroy();
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { force: true });
  }
});

it('asks before the file is stored, and answers a refusal without storing any of it', async () => {
  allow = async (fields) => {
    if (fields.get('third_code') !== 'good') throw new AppError('TOKEN_INVALID');
  };
  const code = (value: string) => ({ name: 'third_code', value });
  expect((await sendParts(code('bad'), file(noise(900_000)))).error).toBe('TOKEN_INVALID');
  expect(readdirSync(folder)).toEqual([]);
  expect((await sendParts(code('good'), file(noise(900_000)))).file?.bytes).toBe(900_000);
});

it('says that an upload failed when it cannot be stored', async () => {
  const missing = await openFormServer(() => ({ file: { path: join(folder, 'no', 'folder.part'), maxBytes: MAX } }));
  const { body, type } = multipart([file(noise(400_000)), { name: 'rgb', value: '1,2,3' }]);
  const response = await fetch(missing.url, { method: 'POST', body, headers: { 'content-type': type } });
  expect(await response.json()).toEqual({ error: 'UPLOAD_FAILED' });
  await missing.close();
});

it('lets a client that sends everything before it reads see why it was refused', async () => {
  allow = async () => {
    throw new AppError('TOKEN_INVALID');
  };
  const { body, type } = multipart([file(noise(MAX))]);
  const headers = { 'content-type': type, 'content-length': String(body.length) };
  const socket = await halfRequest(server.port, headers, body.subarray(0, 1000));
  const [answer] = (await once(socket, 'data')) as [Buffer]; // long before the end
  expect(answer.toString()).toContain('TOKEN_INVALID');
  for (let at = 1000; at < body.length; at += 100_000) {
    await new Promise((resolve) => socket.write(body.subarray(at, at + 100_000), resolve));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  socket.end();
  await once(socket, 'close');
  expect(socket.errored).toBeNull();
});

it('keeps the connection open after a form that was read to its end', async () => {
  const { body, type } = multipart([{ name: 'a', value: 'b' }]);
  const headers = { 'content-type': type, 'content-length': String(body.length) };
  const socket = await halfRequest(server.port, headers, body);
  for (let i = 0; i < 3; i++) {
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('{"a":"b"}');
    socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n`);
    socket.write(body);
  }
  socket.destroy();
});
