import { type Actor, recordAct } from './audit.ts';
import type { Config } from './config.ts';
import { type Db, openDatabase } from './database.ts';
import { openLog } from './log.ts';
import { type Keys, loadKeys } from './secrets.ts';

/** The SQL of the table `secret_mark`. */

type Place = Pick<Config, 'HILI_SECRET' | 'HILI_DATA'>;

/**
 * The keys of this installation, once they are those that its database was made with; the first keys are noted there.
 * @throws Error when this is another secret, with what can be done about it.
 */
export async function openKeys(db: Db, config: Place): Promise<Keys> {
  const keys = await loadKeys(config);
  await db
    .insertInto('secretMark')
    .values({ mark: keys.mark, setAt: new Date() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { mark } = await db.selectFrom('secretMark').select('mark').executeTakeFirstOrThrow();
  if (!mark.equals(keys.mark)) throw new Error(otherSecret(config));
  return keys;
}

const otherSecret = ({ HILI_SECRET, HILI_DATA }: Place): string =>
  `expected the secret that this database was made with but received another, ${HILI_SECRET ? 'in HILI_SECRET' : `in ${HILI_DATA}/secret`}. ` +
  'Set HILI_SECRET, the same on every machine, to what it is on the first one: its HILI_SECRET, or the text of the file secret in its data folder. ' +
  'If that is lost, "npm run hili -- secret replace" goes on with this one; docs/operations.md says under Backup what is lost with it';

/**
 * Lets an installation go on with the secret that it has now, when the one that its database was made with is lost. What was sealed with that
 * stays unreadable.
 * @returns whether it was another one.
 */
export async function replaceSecret(config: Place & Pick<Config, 'DATABASE_URL'>, by: Actor): Promise<boolean> {
  const database = await openDatabase(config, openLog('warn', 'cli'));
  try {
    const { mark } = await loadKeys(config);
    return await database.db.transaction().execute(async (tx) => {
      const now = new Date();
      const changed = await tx
        .insertInto('secretMark')
        .values({ mark, setAt: now })
        .onConflict((conflict) =>
          conflict.column('one').doUpdateSet({ mark, setAt: now }).where('secretMark.mark', '<>', mark),
        )
        .returning('one')
        .executeTakeFirst();
      if (changed) await recordAct(tx, by, { act: 'secret.replace', subject: 'secret' }, now);
      return changed !== undefined;
    });
  } finally {
    await database.close();
  }
}
