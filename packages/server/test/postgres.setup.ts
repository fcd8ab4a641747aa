import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { connect, migrate } from '../src/database.ts';
import { openEmbeddedPostgres } from '../src/embedded-postgres.ts';
import { type Log, openLog } from '../src/log.ts';
import { openQueue } from '../src/queue.ts';

/** Where the run's PostgreSQL listens. */
export interface TestServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestServer;
  }
}

export const TEMPLATE = 'template_hili';

/** Starts one PostgreSQL for the whole run, with a database from which each test file's own is copied. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'hili test '));
  const log = openLog('warn', 'test');
  // The run's data is thrown away, so nothing has to reach the disk.
  const server = await openEmbeddedPostgres(folder, log, { fsync: 'off', max_connections: '200' });
  const connection = server.connection as TestServer;
  const teardown = async () => {
    await server.release();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await makeTemplate(connection, log);
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide('postgres', connection);
  return teardown;
}

async function makeTemplate(connection: TestServer, log: Log): Promise<void> {
  const admin = new pg.Client(connection);
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  const own = { ...connection, database: TEMPLATE };
  const { db } = connect(own, log);
  await migrate(db).finally(() => db.destroy());
  const queue = await openQueue(own, { JOB_TIMEOUT_SECONDS: 60, JOB_DEADLINE_SECONDS: 86_400 }, log);
  await queue.stop();
}
