import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Log } from './log.ts';
import { type Binaries, postgresBinaries, unprivileged } from './postgres-binaries.ts';
import { ownFolder, socketFolder } from './postgres-folder.ts';

/** How to reach a database: by its folder's socket, or by a URL. */
export type Connection =
  | { readonly host: string; readonly port: number; readonly user: string; readonly database: string }
  | { readonly connectionString: string };

export interface EmbeddedPostgres {
  readonly connection: Connection;
  /** Ends our use of it; the last process that uses it stops it. */
  release(): Promise<void>;
}

const NAME = 'hili';
const PORT = 5432;
/** Recovery after a crash reads the log since the last checkpoint: seconds as a rule. */
const START_MS = 120_000;

/**
 * Makes PostgreSQL run on a folder and keeps it running: makes the data on first use, joins one that runs already (another
 * process's, or one left behind by a crash), starts it again when it dies. Any number of processes may call this at once;
 * PostgreSQL's own lock file decides which start wins.
 * @param settings server settings beside ours, for tests.
 * @throws Error when the folder holds data that is damaged or of another major version; it is never made anew then.
 */
export async function openEmbeddedPostgres(
  folder: string,
  log: Log,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedPostgres> {
  const binaries = await postgresBinaries();
  await ownFolder(folder);
  const sockets = await socketFolder(folder);
  const server = { folder, data: join(folder, 'data'), sockets, binaries, settings };
  const users = join(folder, 'users');
  await mkdir(users, { recursive: true });
  const mine = join(users, `${process.pid}.${randomUUID()}`);
  await writeFile(mine, '');

  let released = false;
  let canary: pg.Client | undefined;
  // A connection that does nothing but break when the server dies, so that it is started again at once.
  const watch = async (): Promise<void> => {
    for (let wait = 100; !released; wait = Math.min(wait * 2, 5000)) {
      try {
        await start(server);
        canary = new pg.Client(connectionTo(sockets, NAME));
        canary.on('error', () => {});
        canary.once('end', () => {
          if (released) return;
          log.warn('the database stopped; starting it again');
          void watch();
        });
        await canary.connect();
        return;
      } catch (error) {
        log.error({ error }, 'the database did not start');
        await sleep(wait);
      }
    }
  };
  await start(server);
  await watch();

  return {
    connection: connectionTo(sockets, NAME),
    async release() {
      if (released) return;
      released = true;
      await canary?.end().catch(() => {});
      await rm(mine, { force: true });
      if ((await livePids(users)).length === 0) await stop(server);
    },
  };
}

interface Server {
  readonly folder: string;
  readonly data: string;
  readonly sockets: string;
  readonly binaries: Binaries;
  readonly settings: Readonly<Record<string, string>>;
}

function connectionTo(host: string, database: string) {
  return { host, port: PORT, user: NAME, database, connectionTimeoutMillis: 10_000 };
}

/** Resolves once the server answers and our database exists. */
async function start(server: Server): Promise<void> {
  const until = Date.now() + START_MS;
  for (;;) {
    if (await answers(server)) return;
    if (Date.now() > until) throw new Error('expected the database to start within 2 minutes but received no answer');
    await makeData(server);
    const launched = await launch(server);
    while (!launched.ended && Date.now() < until && !(await answers(server))) await sleep(50);
    // It ends at once when the data's lock file is taken: by another that starts, or by one that is still dying.
    if (launched.ended) await sleep(500);
  }
}

/** Whether the server takes queries; makes our database on the first. */
async function answers({ sockets }: Server): Promise<boolean> {
  const client = new pg.Client(connectionTo(sockets, 'postgres'));
  client.on('error', () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [NAME]);
    if (!rowCount) await client.query(`create database ${NAME}`).catch(unlessTaken);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function unlessTaken(error: { code?: string }): void {
  // Another process made it first: duplicate_database, or a race on its unique name.
  if (error.code !== '42P04' && error.code !== '23505') throw error;
}

/** Makes the data aside and renames it: `initdb` that is killed half-way leaves a folder that looks whole. */
async function makeData({ folder, data, binaries }: Server): Promise<void> {
  const version = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version?.trim() === binaries.major) return;
  if (version !== undefined)
    throw new Error(`expected data of PostgreSQL ${binaries.major} in ${data} but received ${version.trim()}`);
  if (existsSync(join(data, 'base')))
    throw new Error(
      `expected a whole database in ${data} but received one without PG_VERSION: restore it from a backup`,
    );
  const aside = join(folder, `initdb-${randomUUID()}`);
  const options = ['-U', NAME, '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-instructions'];
  await promisify(execFile)(binaries.initdb, ['-D', aside, ...options], surroundings(folder)).catch(
    async (error: { stderr?: string }) => {
      await rm(aside, { recursive: true, force: true });
      throw new Error(`expected initdb to make a database in ${folder} but received: ${error.stderr?.trim() || error}`);
    },
  );
  await rename(aside, data).catch(async (error: NodeJS.ErrnoException) => {
    await rm(aside, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

/** Starts the server in a session of its own, so that Ctrl-C reaches us and not it. */
async function launch({ folder, data, sockets, binaries, settings }: Server): Promise<{ ended: boolean }> {
  const logFile = join(folder, 'postgres.log');
  if (((await stat(logFile).catch(() => undefined))?.size ?? 0) > 10_000_000) await rename(logFile, `${logFile}.1`);
  const output = await open(logFile, 'a', 0o600);
  const all: Record<string, string> = {
    listen_addresses: '',
    // The setting is a list; quotes keep blanks and commas of a path in one entry.
    unix_socket_directories: `"${sockets.replaceAll('"', '""')}"`,
    port: String(PORT),
    max_connections: '60',
    wal_compression: 'on',
    ...settings,
  };
  const args = ['-D', data, ...Object.entries(all).flatMap(([key, value]) => ['-c', `${key}=${value}`])];
  const child = spawn(binaries.postgres, args, {
    ...surroundings(folder),
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
  });
  const state = { ended: false };
  child.once('error', () => (state.ended = true));
  child.once('exit', () => (state.ended = true));
  child.unref();
  await output.close();
  return state;
}

async function stop(server: Server): Promise<void> {
  const args = ['-D', server.data, '-m', 'fast', '-w', '-t', '60', '-s', 'stop'];
  // It fails when the server is down already, which is what we want.
  await promisify(execFile)(server.binaries.pgCtl, args, surroundings(server.folder)).catch(() => {});
}

function surroundings(folder: string) {
  return { ...unprivileged(), cwd: folder, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', HOME: folder } };
}

/** The processes that use this database; what dead ones left behind is removed. */
async function livePids(users: string): Promise<number[]> {
  const live: number[] = [];
  for (const name of await readdir(users)) {
    const pid = Number.parseInt(name, 10);
    try {
      process.kill(pid, 0);
      live.push(pid);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPERM') live.push(pid);
      else await rm(join(users, name), { force: true });
    }
  }
  return live;
}
