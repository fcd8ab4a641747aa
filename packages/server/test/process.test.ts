import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { makeToken } from '@hili/contract/token';
import { expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { brokenInvariants, createPartner, grantToPartner, replaceSecret, withDatabase } from '../src/index.ts';
import { multipart, noise } from './form-server.ts';
import { makePng } from './pictures.ts';
import { START, serverProcesses, until } from './server-process.ts';

const { folder, running, start } = serverProcesses();

it('prints one line with the address and the data’s place, and serves', async () => {
  const server = start();
  const url = await server.address();
  expect(server.lines).toEqual([`Hili PhotoEnhance: ${url} (data in ${folder})`]);
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
});

it('stops everything within seconds when it is told to: worker, inference, database', async () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    const server = start();
    const url = await server.address();
    const events = await fetch(`${url}/api/v1/events`);
    await until(() => running().length >= 3, 'a server, a worker and a database');
    const began = Date.now();
    server.child.kill(signal);
    expect(await server.ended).toBe(0);
    expect(Date.now() - began).toBeLessThan(12_000);
    await until(() => running().length === 0, 'no process left', 2_000);
    await events.body?.cancel().catch(() => {});
  }
});

it('leaves nothing running when it is told to stop while it starts', async () => {
  for (const ms of [300, 600, 900, 1200]) {
    const server = start();
    await new Promise((resolve) => setTimeout(resolve, ms));
    server.child.kill('SIGTERM');
    await server.ended;
    await until(() => running().length === 0, `no process left after ${ms} ms`, 2_000);
  }
});

it('is started and stopped by the start script, which passes signals on', async () => {
  const server = start({}, { command: START });
  await server.address();
  server.child.kill('SIGINT');
  expect(await server.ended).toBe(0);
  await until(() => running().length === 0, 'no process left', 2_000);
});

it('ends when the start script is killed', async () => {
  const server = start({}, { command: START });
  await server.address();
  server.child.kill('SIGKILL');
  await until(() => running().length === 0, 'no process left', 15_000);
});

it('ends with all that it started when npm, which started it, is told to', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const server = start({}, { command: ['npm', '--silent', 'start'] });
    await server.address();
    await until(() => running().length >= 5, 'npm, its script, a server, a worker and a database');
    server.child.kill(signal);
    await server.ended;
    await until(() => running().length === 0, 'no process left', 15_000);
  }
});

it('runs a worker alone, beside a server without one, until it is told to end', async () => {
  const server = start({ WORKER: 'off' });
  await server.address();
  const worker = start({ LOG_LEVEL: 'info' }, { command: ['npm', '--silent', 'run', 'worker'] });
  await until(() => worker.errors.some((line) => line.includes('worker ready')), 'a worker that is ready');
  worker.child.kill('SIGTERM');
  await worker.ended;
  expect(worker.errors.map((line) => JSON.parse(line).msg)).toContain('worker ends');
});

it('says in one line that the database of the settings does not answer, in the server and in a worker alone', async () => {
  const settings = { DATABASE_URL: 'postgres://hili@127.0.0.1:1/hili' };
  for (const how of [{}, { command: ['npm', '--silent', 'run', 'worker'] }]) {
    const server = start(settings, how);
    expect(await server.ended).toBe(1);
    expect(server.errors).toEqual([
      'hili: expected a database at DATABASE_URL that answers but received: connect ECONNREFUSED 127.0.0.1:1',
    ]);
  }
});

it('refuses a second server on the same data in plain words, and the first goes on', async () => {
  const first = start();
  const url = await first.address();
  const second = start();
  expect(await second.ended).toBe(1);
  expect(second.lines).toEqual([]);
  expect(second.errors).toEqual([
    `hili: expected data for HILI_DATA that no other server uses but received ${folder}: stop the other one first`,
  ]);
  expect((await fetch(`${url}/health`)).status).toBe(200);
});

it('refuses to start with another secret than the database was made with, in plain words, until that is replaced', async () => {
  const first = start();
  await first.address();
  first.child.kill('SIGTERM');
  await first.ended;
  const HILI_SECRET = 'another secret of forty characters or so';
  const other = start({ HILI_SECRET });
  expect(await other.ended).toBe(1);
  expect(other.lines).toEqual([]);
  expect(other.errors).toEqual([expect.stringMatching(/^hili: expected the secret that this database was made with/)]);
  expect(other.errors.join()).not.toContain(HILI_SECRET);
  const config = loadConfig({ HILI_DATA: folder });
  const by = { operator: 'root', origin: 'cli', address: null } as const;
  expect(await replaceSecret({ ...config, HILI_SECRET }, by)).toBe(true);
  const replaced = start({ HILI_SECRET });
  await replaced.address();
  replaced.child.kill('SIGTERM');
  await replaced.ended;
  expect(await replaceSecret(config, by)).toBe(true);
  expect(await replaceSecret(config, by), 'the same once more').toBe(false);
});

it('says which port is taken, and leaves nothing running', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  const server = start({ PORT: String(port) });
  expect(await server.ended).toBe(1);
  expect(server.errors).toEqual([
    `hili: expected a free port for PORT but received ${port}, which another program uses. Try PORT=${port + 1} npm start`,
  ]);
  await until(() => running().length === 0, 'no process left', 5_000);
  taken.close();
});

it('names a wrong setting, and starts nothing', async () => {
  const server = start({ PORT: 'many' });
  expect(await server.ended).toBe(1);
  expect(server.errors.join('\n')).toMatch(/expected .* for PORT but received "many"/);
});

it('heals by itself when it is killed in the middle of an upload: nothing charged, nothing lost', async () => {
  const config = loadConfig({ HILI_DATA: folder });
  const first = start();
  const url = await first.address();
  const partner = await withDatabase(config, async (db, keys) => {
    const made = await createPartner(db, keys, { code: 'killed', name: 'Killed' }, new Date());
    await grantToPartner(db, 'killed', 3, {}, 'grant', new Date());
    return made;
  });
  const call = async (base: string, path: string, fields: Record<string, string | Blob>) => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ third_code: 'killed', ...fields })) body.append(name, value);
    const token = makeToken(partner.secretKey, Math.floor(Date.now() / 1000));
    const response = await fetch(base + path, { method: 'POST', body, headers: { token } });
    return (await response.json()) as { code: number; data: Record<string, unknown> };
  };
  const picture = new Blob([new Uint8Array(makePng(96, 64, 0x33))]);
  const whole = await call(url, '/api/third/photo/upload', { repair_type: 'sr', file: picture });
  expect(whole.code).toBe(200);

  const { body, type } = multipart([
    { name: 'third_code', value: 'killed' },
    { name: 'repair_type', value: 'sr' },
    { name: 'file', value: noise(5_000_000), filename: 'a.jpg' },
  ]);
  const halfway = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(body.subarray(0, 2_000_000))),
  });
  const token = makeToken(partner.secretKey, Math.floor(Date.now() / 1000));
  const broken = fetch(`${url}/api/third/photo/upload`, {
    method: 'POST',
    body: halfway,
    headers: { 'content-type': type, token },
    duplex: 'half',
  });
  broken.catch(() => {});
  const incoming = join(folder, 'photos', 'incoming');
  await until(() => readdirSync(incoming).length > 0, 'a file that is being received');
  first.child.kill('SIGKILL');
  await expect(broken).rejects.toThrow();
  // The worker sees the end of its parent; the database stays, and is joined by the next start.
  const isWorker = (pid: number) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker.ts');
    } catch {
      return false; // it has ended since it was listed
    }
  };
  await until(() => !running().some((pid) => isWorker(pid)), 'no worker left', 20_000);

  const second = start();
  const again = await second.address();
  const left = await call(again, '/api/third/company/nums', {});
  expect(left.data.nums).toBe(2);
  const mdf = String(whole.data.mdf);
  await until(
    async () => (await call(again, '/api/third/photo/status', { mdf })).data?.status === 200,
    'the first photo',
  );
  expect(await withDatabase(config, (db) => brokenInvariants(db))).toEqual([]);
});
