import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Db } from '../src/database.ts';
import type { Connection } from '../src/embedded-postgres.ts';

/** A database whose connection breaks at the n-th statement from now, as when this process is killed there. */
export function dyingAt(connection: Connection, n: number): { db: Db; end(): Promise<void>; statements(): number } {
  const dying = new pg.Pool({ ...connection, max: 1 });
  dying.on('error', () => {});
  let count = 0;
  dying.on('connect', (client) => {
    client.on('error', () => {});
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    Object.assign(client, {
      query: (...args: unknown[]) => {
        count += 1;
        if (count === n)
          (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
        return query(...args);
      },
    });
  });
  const dyingDb = new Kysely({
    dialect: new PostgresDialect({ pool: dying }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  }) as unknown as Db;
  return { db: dyingDb, end: () => dying.end(), statements: () => count };
}
