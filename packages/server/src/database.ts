import { setTimeout as sleep } from 'node:timers/promises';
import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import type { Config } from './config.ts';
import { type Connection, openEmbeddedPostgres } from './embedded-postgres.ts';
import type { Log } from './log.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { findPostgresFolder, notePostgresFolder } from './postgres-folder.ts';
import type { Tables } from './tables.ts';

/** The database, or a transaction in it: functions that take a `Db` join the caller's transaction. */
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

/** The time as the program sees it; tests turn it. */
export type Clock = () => Date;

export interface Database {
  readonly db: Db;
  /** The connections under `db`, for libraries that know no Kysely. */
  readonly pool: pg.Pool;
  /** For what needs connections of its own: the queue, and LISTEN. */
  readonly connection: Connection;
  /** Where a PostgreSQL of our own keeps its data. */
  readonly folder: string | undefined;
  /** Ends all connections; a PostgreSQL of our own stops when nobody else uses it. */
  close(): Promise<void>;
}

/** PostgreSQL's bigint as a number: ours count credits and rows, far below 2^53. */
function readBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`expected an integer below 2^53 but received ${text}`);
  return value;
}

/** Connects to a database that is there already. */
export function connect(connection: Connection, log: Log): { db: Db; pool: pg.Pool } {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, readBigint);
  const pool = new pg.Pool({ ...connection, types, max: 10 });
  // Without listeners a restart of the database would end the process: one for idle connections, one for those in use.
  pool.on('error', (error) => log.warn({ error }, 'a database connection broke'));
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  return { db, pool };
}

/** Brings the tables up to date. Several processes may do so at once: the migrator takes an advisory lock. */
export async function migrate(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

/** Opens the database of the settings, starts a PostgreSQL of our own when none is named, and brings the tables up to date. */
export async function openDatabase(config: Pick<Config, 'DATABASE_URL' | 'HILI_DATA'>, log: Log): Promise<Database> {
  const folder = config.DATABASE_URL ? undefined : await findPostgresFolder(config.HILI_DATA);
  const own = folder === undefined ? undefined : await openEmbeddedPostgres(folder, log);
  const connection = own?.connection ?? { connectionString: String(config.DATABASE_URL) };
  const { db, pool } = connect(connection, log);
  const close = async () => {
    await db.destroy();
    await own?.release();
  };
  try {
    if (folder !== undefined) await notePostgresFolder(config.HILI_DATA, folder);
    await migrate(db);
  } catch (error) {
    await close();
    if (!config.DATABASE_URL || !isOutage(error)) throw error;
    const { message, code } = error as NodeJS.ErrnoException;
    throw new Error(`expected a database at DATABASE_URL that answers but received: ${message || code}`, {
      cause: error,
    });
  }
  return { db, pool, connection, folder, close };
}

/** Runs a function in the caller's transaction, or in a new one. */
export function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db as Tx) : db.transaction().execute(work);
}

/** SQLSTATE classes and system errors that say: the connection is gone, not the request wrong. */
const OUTAGE = /^(08...|57P0[123]|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT)$/;
const OUTAGE_WORDS =
  /Connection terminated|connection timeout|Client has encountered a connection error|not queryable/i;

export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return OUTAGE.test(String((error as { code?: unknown }).code)) || OUTAGE_WORDS.test(error.message);
}

/**
 * Repeats work while the database is away, for `seconds` at most. The work must be safe to repeat after an unknown outcome,
 * since a connection may break after the commit and before its answer.
 */
export async function throughOutage<T>(seconds: number, work: () => Promise<T>): Promise<T> {
  const until = Date.now() + seconds * 1000;
  for (let wait = 50; ; wait = Math.min(wait * 2, 1000)) {
    try {
      return await work();
    } catch (error) {
      if (!isOutage(error) || Date.now() + wait > until) throw error;
    }
    await sleep(wait);
  }
}
