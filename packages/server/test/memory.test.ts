import { readFileSync } from 'node:fs';
import { makeToken } from '@hili/contract/token';
import { expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { createPartner, grantToPartner, withDatabase } from '../src/index.ts';
import { serverProcesses } from './server-process.ts';

const { folder, start } = serverProcesses();

const MB = 1024 * 1024;
/** Files at once, and megabytes of each. */
const FILES = 8;
const FILE_MB = 50;

/** Megabytes of a process's memory that are in use now. */
const resident = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** A form whose file is sent a megabyte at a time and never held whole. */
function form(code: string): { body: ReadableStream<Uint8Array>; type: string } {
  const part = (name: string) => `--x\r\nContent-Disposition: form-data; name="${name}"`;
  const head = `${part('third_code')}\r\n\r\n${code}\r\n${part('repair_type')}\r\n\r\nsr\r\n${part('file')}; filename="a"\r\n\r\n`;
  const chunk = new Uint8Array(MB).fill(7);
  let left = FILE_MB;
  return {
    type: 'multipart/form-data; boundary=x',
    body: new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(head)),
      pull(controller) {
        left -= 1;
        if (left >= 0) return controller.enqueue(chunk);
        controller.enqueue(new TextEncoder().encode('\r\n--x--\r\n'));
        controller.close();
      },
    }),
  };
}

it('keeps its memory flat while eight files of 50 MB arrive at once', async () => {
  const server = start({ WORKER: 'off' });
  const url = await server.address();
  const { secretKey } = await withDatabase(loadConfig({ HILI_DATA: folder }), async (db, keys) => {
    const partner = await createPartner(db, keys, { code: 'large', name: 'Large' }, new Date());
    await grantToPartner(db, 'large', 100, {}, 'grant', new Date());
    return partner;
  });
  const send = async () => {
    const { body, type } = form('large');
    const headers = { 'content-type': type, token: makeToken(secretKey, Math.floor(Date.now() / 1000)) };
    const response = await fetch(`${url}/api/third/photo/upload`, { method: 'POST', body, headers, duplex: 'half' });
    return (await response.json()) as { errno?: number };
  };
  await send(); // everything is loaded that will be
  const before = resident(Number(server.child.pid));
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, resident(Number(server.child.pid)));
  }, 10);
  const began = performance.now();
  const answers = await Promise.all(Array.from({ length: FILES }, send));
  clearInterval(timer);
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `${FILES} uploads of ${FILE_MB} MB at once: ${Math.round((FILES * FILE_MB) / seconds)} MB/s, resident memory ${Math.round(before)} MB before and ${Math.round(peak)} MB at most`,
  );
  // No picture, so the whole way up to its judgement is gone and nothing is stored.
  expect(answers.map(({ errno }) => errno)).toEqual(Array(FILES).fill(9005));
  expect(peak - before).toBeLessThan(100);
});
