import { AppError } from '@hili/contract';
import { type AdminSettings, LIVE_SETTINGS, type LiveSetting } from '@hili/contract/admin';
import { type Actor, recordAct } from './audit.ts';
import { type Config, listSettings, readLive } from './config.ts';
import type { Db } from './database.ts';
import { type Events, publish } from './events.ts';
import type { Log } from './log.ts';

/** The SQL of the table `setting`. */

type Changed = ReadonlyMap<LiveSetting, Config[LiveSetting]>;

const isLive = (key: string): key is LiveSetting => LIVE_SETTINGS.some((each) => each === key);

/** What the console has changed. What a newer version refuses, or does not know any more, is as if it were not there. */
async function readChanged(db: Db): Promise<Changed> {
  const rows = await db.selectFrom('setting').select(['key', 'value']).execute();
  const changed = new Map<LiveSetting, Config[LiveSetting]>();
  for (const { key, value } of rows) {
    if (!isLive(key)) continue;
    try {
      changed.set(key, readLive(key, value));
    } catch {
      // the environment's value stands
    }
  }
  return changed;
}

/** The settings with what the console has changed on top, as it is now. */
export async function currentConfig(db: Db, config: Config): Promise<Config> {
  return Object.freeze({ ...config, ...Object.fromEntries(await readChanged(db)) });
}

/**
 * The settings for a process that lasts: what the console changes is different from one moment to the next, in every process at once. So
 * such a value is read where it is needed and not kept.
 * @returns the settings, and what stops listening.
 */
export async function openSettings(
  db: Db,
  events: Pick<Events, 'subscribe'>,
  given: Config,
  log: Log,
): Promise<{ config: Config; close: () => void }> {
  let changed: Changed = new Map();
  let newest = 0;
  const read = async () => {
    const turn = ++newest;
    const found = await readChanged(db);
    if (turn === newest) changed = found;
  };
  const close = events.subscribe('settings', () => {
    read().catch((error) => log.warn({ error }, 'could not read the settings anew'));
  });
  await read();
  const live = Object.fromEntries(
    LIVE_SETTINGS.map((key) => [key, { enumerable: true, get: () => changed.get(key) ?? given[key] }]),
  );
  const config = Object.freeze(Object.defineProperties({ ...given }, live));
  return { config, close };
}

/** Every setting that the console can change, and where its value comes from. */
export async function listLive(db: Db, { LIVE }: Pick<Config, 'LIVE'>): Promise<AdminSettings> {
  const rows = await db.selectFrom('setting').selectAll().execute();
  const meanings = new Map(listSettings().map(({ key, meaning }) => [key, meaning]));
  return LIVE_SETTINGS.map((key) => {
    const row = rows.find((each) => each.key === key);
    const { text, isGiven } = LIVE[key];
    return {
      key,
      value: row?.value ?? text,
      from: row ? 'console' : isGiven ? 'environment' : 'default',
      otherwise: text,
      meaning: meanings.get(key) ?? '',
      changedBy: row?.changedBy ?? null,
      changedAt: row?.changedAt.toISOString() ?? null,
    };
  });
}

/**
 * Changes a setting in every process, or with null takes the change back.
 * @throws AppError NOT_FOUND for a key that is none of these; BAD_REQUEST for a value that the environment could not have either.
 */
export async function changeSetting(
  db: Db,
  { LIVE }: Pick<Config, 'LIVE'>,
  by: Actor,
  { key, value, reason }: { readonly key: string; readonly value: string | null; readonly reason: string },
  now: Date,
): Promise<void> {
  if (!isLive(key)) throw new AppError('NOT_FOUND');
  if (value !== null) refuseWrong(key, value);
  await db.transaction().execute(async (tx) => {
    await tx.selectFrom('setting').select('key').where('key', '=', key).forUpdate().execute();
    const before = await tx.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst();
    if (value === null) await tx.deleteFrom('setting').where('key', '=', key).execute();
    else {
      const row = { value, changedBy: by.operator, changedAt: now };
      await tx
        .insertInto('setting')
        .values({ key, ...row })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
        .execute();
    }
    const [was, is] = [before?.value ?? LIVE[key].text, value ?? LIVE[key].text];
    const act = {
      act: 'setting.change',
      subject: `setting ${key}`,
      before: { value: was },
      after: { value: is },
      reason,
    };
    await recordAct(tx, by, act, now);
    await publish(tx, 'settings', { kind: 'settings' });
  });
}

function refuseWrong(key: LiveSetting, value: string): void {
  try {
    readLive(key, value);
  } catch (error) {
    throw new AppError('BAD_REQUEST', { field: 'value', detail: (error as Error).message });
  }
}
