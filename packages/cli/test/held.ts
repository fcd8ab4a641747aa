import { rmSync } from 'node:fs';
import { postgresFolder } from '../../server/src/postgres-folder.ts';

/**
 * Keeps the database of a data folder open, as a running server does: each command then joins it.
 * @param open opens it for as long as its work takes.
 * @returns what the work was given, and what closes the database and removes it: for `beforeAll` to return.
 */
export async function holdOpen<T>(data: string, open: (work: (given: T) => Promise<void>) => Promise<void>) {
  const [opened, held] = [Promise.withResolvers<T>(), Promise.withResolvers<void>()];
  const use = open((given) => {
    opened.resolve(given);
    return held.promise;
  });
  const given = (await Promise.race([opened.promise, use])) as T;
  return {
    given,
    async close() {
      held.resolve();
      await use;
      rmSync(postgresFolder(data), { recursive: true, force: true });
    },
  };
}
