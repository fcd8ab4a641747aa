import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { type Config, loadConfig } from '../src/config.ts';
import { type Clock, connect, type Db } from '../src/database.ts';
import type { Connection } from '../src/embedded-postgres.ts';
import { type Events, openEvents } from '../src/events.ts';
import type { Upload } from '../src/jobs.ts';
import { type Log, openLog } from '../src/log.ts';
import type { Owner } from '../src/owners.ts';
import { openQueue, type Queue } from '../src/queue.ts';
import { deriveKeys, type Keys } from '../src/secrets.ts';
import { newKey, openDiskStorage, type Storage } from '../src/storage/disk.ts';
import { createWallet, grant } from '../src/wallets.ts';
import { TEMPLATE } from './postgres.setup.ts';

/** A clock that stands still until it is turned. */
export interface TestClock {
  (): Date;
  advance(seconds: number): void;
  set(time: string): void;
}

export function testClock(start = '2026-03-01T04:00:00Z'): TestClock {
  let now = new Date(start);
  const clock = () => new Date(now);
  return Object.assign(clock, {
    advance(seconds: number) {
      now = new Date(now.getTime() + seconds * 1000);
    },
    set(time: string) {
      now = new Date(time);
    },
  });
}

export interface TestServices {
  readonly db: Db;
  readonly pool: pg.Pool;
  readonly connection: Connection;
  readonly queue: Queue;
  readonly events: Events;
  readonly storage: Storage;
  readonly keys: Keys;
  readonly clock: TestClock;
  readonly config: Config;
  readonly log: Log;
  /** A temporary folder of this test file. */
  readonly folder: string;
}

/** A fresh database of this test file. */
export async function testDatabase(): Promise<{ db: Db; pool: pg.Pool; connection: Connection }> {
  const { close, ...database } = await openTestDatabase();
  afterAll(close);
  return database;
}

/** A fresh database until it is closed. */
export async function openTestDatabase() {
  const server = inject('postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = async (sql: string) => {
    const client = new pg.Client(server);
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await admin(`create database ${name} template ${TEMPLATE}`);
  const connection = { ...server, database: name };
  const { db, pool } = connect(connection, openLog('error', 'test'));
  const close = async () => {
    await db.destroy();
    await admin(`drop database ${name} with (force)`);
  };
  return { db, pool, connection, close };
}

/** Everything that the nouns take as arguments, all real, closed when the file's tests have ended. */
export async function testServices(settings: Readonly<Record<string, string>> = {}): Promise<TestServices> {
  const { db, pool, connection } = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'hili-test-'));
  const log = openLog('error', 'test');
  const config = loadConfig({ HILI_DATA: folder, HILI_SECRET: 's'.repeat(32), ...settings });
  const queue = await openQueue(connection, config, log);
  const events = await openEvents(connection, log);
  const storage = await openDiskStorage(join(folder, 'photos'));
  afterAll(async () => {
    await queue.stop();
    await events.close();
    await rm(folder, { recursive: true, force: true });
  });
  const keys = deriveKeys('s'.repeat(32));
  return { db, pool, connection, queue, events, storage, keys, clock: testClock(), config, log, folder };
}

/** A stored file of these bytes, as an upload leaves it. */
export async function storedUpload({ storage }: Pick<TestServices, 'storage'>, bytes: Uint8Array): Promise<Upload> {
  const path = storage.incoming();
  await writeFile(path, bytes);
  const key = newKey('jpeg');
  await storage.put(key, path);
  const header = { format: 'jpeg', width: 40, height: 30 };
  return { key, sha256: '0'.repeat(64), bytes: bytes.length, name: 'grandmother.jpg', header };
}

/** A wallet of a partner with credits, and the owner that uploads with it. */
export async function partnerWith(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  credits: number,
): Promise<Owner & { kind: 'partner' }> {
  const walletId = await createWallet(db, 'partner', clock());
  const { id } = await db
    .insertInto('partner')
    .values({ code: randomUUID(), name: 'Test', walletId, createdAt: clock() })
    .returning('id')
    .executeTakeFirstOrThrow();
  if (credits > 0)
    await grant(
      db,
      { walletId, credits, source: 'partner', expiresAt: null, key: `test:${walletId}`, actor: 'test' },
      clock(),
    );
  return { kind: 'partner', id, walletId };
}
