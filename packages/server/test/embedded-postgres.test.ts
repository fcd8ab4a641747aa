import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterEach, expect, it } from 'vitest';
import { openDatabase } from '../src/database.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '../src/embedded-postgres.ts';
import { openLog } from '../src/log.ts';
import { findPostgresFolder, postgresFolder } from '../src/postgres-folder.ts';

const log = openLog('silent', 'test');
const opened: EmbeddedPostgres[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.release();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function newFolder(name = 'data folder') {
  const folder = await mkdtemp(join(tmpdir(), 'hili test '));
  folders.push(folder);
  await chmod(folder, 0o755); // as root, the server runs as nobody, who has to get through
  return join(folder, name);
}
async function open(folder: string) {
  const server = await openEmbeddedPostgres(folder, log);
  opened.push(server);
  return server;
}
async function query(server: EmbeddedPostgres, sql: string) {
  const client = new pg.Client(server.connection);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
const pidOf = async (folder: string) =>
  Number((await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
/** PostgreSQL removes its lock file when it stops in order. */
const isRunning = (folder: string) => existsSync(join(folder, 'data', 'postmaster.pid'));

it('starts on an empty folder whose path has a space, writes durably, and is gone after the last release', async () => {
  const folder = await newFolder();
  const server = await open(folder);
  await query(server, 'create table kept (n int)');
  expect(await query(server, 'show fsync')).toEqual([{ fsync: 'on' }]);
  expect(await query(server, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
  expect(isRunning(folder)).toBe(true);
  await server.release();
  expect(isRunning(folder)).toBe(false);
  const again = await open(folder);
  expect(await query(again, 'select count(*)::int as rows from kept')).toEqual([{ rows: 0 }]);
});

it('lets only its own user reach the socket', async () => {
  const folder = await newFolder();
  await open(folder);
  expect((await stat(folder)).mode & 0o077).toBe(0);
  expect((await stat(join(folder, 'run'))).mode & 0o077).toBe(0);
});

it('starts once for four that start at the same time, and stops with the last of them', async () => {
  const folder = await newFolder();
  const servers = await Promise.all([1, 2, 3, 4].map(() => open(folder)));
  const starts = await Promise.all(
    servers.map((server) => query(server, 'select pg_postmaster_start_time()::text as at')),
  );
  expect(new Set(starts.map(([row]) => row.at)).size).toBe(1);
  expect((await readdir(folder)).filter((name) => name.startsWith('initdb'))).toEqual([]);
  for (const server of servers.slice(1)) await server.release();
  expect(await query(servers[0]!, 'select 1 as one')).toEqual([{ one: 1 }]);
  await servers[0]?.release();
  expect(isRunning(folder)).toBe(false);
});

it('starts the server again when it is killed, with all that was committed', async () => {
  const folder = await newFolder();
  const server = await open(folder);
  await query(server, 'create table kept as select 7 as n');
  process.kill(await pidOf(folder), 'SIGKILL');
  await expect
    .poll(() => query(server, 'select n from kept').catch(() => []), { timeout: 60_000, interval: 200 })
    .toEqual([{ n: 7 }]);
});

it('joins a server that its killed parent left behind, and stops it', async () => {
  const folder = await newFolder();
  const module = join(import.meta.dirname, '../src/embedded-postgres.ts');
  const logModule = join(import.meta.dirname, '../src/log.ts');
  const code = `const { openEmbeddedPostgres } = await import(${JSON.stringify(module)});
    const { openLog } = await import(${JSON.stringify(logModule)});
    await openEmbeddedPostgres(${JSON.stringify(folder)}, openLog('silent', 'child')); console.log('up'); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => parent.stdout.once('data', resolve));
  const pid = await pidOf(folder);
  parent.kill('SIGKILL');
  await new Promise((resolve) => parent.once('exit', resolve));
  const server = await open(folder);
  expect(await pidOf(folder)).toBe(pid);
  await server.release();
  expect(isRunning(folder)).toBe(false);
});

it('refuses a folder whose data is damaged or of another version, and leaves it as it is', async () => {
  const folder = await newFolder();
  await (await open(folder)).release();
  const version = join(folder, 'data', 'PG_VERSION');
  await writeFile(`${version}.old`, '12\n');
  await rename(version, `${version}.new`);
  await expect(open(folder)).rejects.toThrow(/without PG_VERSION/);
  await rename(`${version}.old`, version);
  await expect(open(folder)).rejects.toThrow(/expected data of PostgreSQL 18 .* but received 12/);
  await rename(`${version}.new`, version);
  expect(await query(await open(folder), 'select 1 as one')).toEqual([{ one: 1 }]);
});

it('works where the path is too long for a socket', async () => {
  const folder = await newFolder('x'.repeat(120));
  const server = await open(folder);
  expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
  const { host } = server.connection as { host: string };
  expect(Buffer.byteLength(`${host}/.s.PGSQL.5432`)).toBeLessThan(104);
  folders.push(host);
});

it.runIf(process.getuid?.() === 0)('runs the server as nobody when we are root', async () => {
  const folder = await newFolder();
  await open(folder);
  const { stdout } = await promisify(execFile)('stat', ['-c', '%u', `/proc/${await pidOf(folder)}`]);
  expect(stdout.trim()).toBe('65534');
});

/** A data folder of root with a database, as a server leaves it. */
async function usedData() {
  const data = await newFolder('data');
  const database = await openData(data);
  folders.push(database);
  return { data, database };
}
/** Opens the database of a data folder and closes it again. @returns where it lies. */
async function openData(data: string) {
  const opened = await openDatabase({ HILI_DATA: data, DATABASE_URL: undefined }, log);
  await opened.close();
  return findPostgresFolder(data);
}
const asRoot = it.runIf(process.getuid?.() === 0);

asRoot('finds the database again when the data folder is moved, or put back from a copy', async () => {
  const { data, database } = await usedData();
  expect(database).toBe(postgresFolder(data));
  const [moved, copy] = [await newFolder(), await newFolder()];
  await cp(data, copy, { recursive: true });
  await rename(data, moved);
  await mkdir(data); // as the place of a volume stays
  for (let again = 0; again < 2; again++) expect(await openData(moved)).toBe(database);
  await rm(data, { recursive: true });
  await rename(moved, data);
  expect(await openData(data)).toBe(database);
  await rm(data, { recursive: true });
  await rename(copy, data);
  expect(await openData(data)).toBe(database);
});

asRoot(
  'does not start on an empty database where the one of the data folder is missing, and says what to do',
  async () => {
    const { data, database } = await usedData();
    await rename(join(database, 'data'), join(database, 'away'));
    const words = `expected the database of ${data} in ${database} but received none there: restore that folder`;
    await expect(openData(data)).rejects.toThrow(words);
    expect(existsSync(join(database, 'data'))).toBe(false);
    await rename(join(database, 'away'), join(database, 'data'));
    expect(await openData(data)).toBe(database);
    await rm(database, { recursive: true });
    await expect(openData(data)).rejects.toThrow(`delete ${join(data, 'database.json')}`);
    await rm(join(data, 'database.json'));
    expect(await openData(data)).toBe(database);
  },
);

asRoot('does not start on a copy of a data folder that is still there, and says whose copy it is', async () => {
  const { data, database } = await usedData();
  const copy = await newFolder();
  await cp(data, copy, { recursive: true });
  await expect(openData(copy)).rejects.toThrow(`a copy of ${data}, to which the database in ${database} belongs`);
  expect(existsSync(postgresFolder(copy))).toBe(false);
  await rm(data, { recursive: true });
  expect(await openData(copy)).toBe(database);
});

asRoot('starts where the making of the database was cut short', async () => {
  const data = await newFolder('data');
  expect(await findPostgresFolder(data)).toBe(postgresFolder(data));
  await mkdir(postgresFolder(data), { recursive: true });
  folders.push(postgresFolder(data));
  expect(await openData(data)).toBe(postgresFolder(data));
});

asRoot('does not leave a database of another user behind for an empty one', async () => {
  const data = await newFolder('data');
  await mkdir(join(data, 'postgres', 'data'), { recursive: true });
  await writeFile(join(data, 'postgres', 'data', 'PG_VERSION'), '18\n');
  await expect(openData(data)).rejects.toThrow(`whose database is in ${join(data, 'postgres')} but received root`);
});

asRoot('says so when the note of where the database lies cannot be read', async () => {
  const data = await newFolder('data');
  await mkdir(data, { recursive: true });
  await writeFile(join(data, 'database.json'), '{"of":');
  await expect(openData(data)).rejects.toThrow(`in ${join(data, 'database.json')} but received`);
});
