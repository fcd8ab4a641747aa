import { appendFile, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OWN_MODELS } from '@hili/engine';
import { createPartner, newKey, withDatabase } from '@hili/server';
import { loadConfig } from '@hili/server/config';
import { beforeAll, expect, it } from 'vitest';
import { insertPhoto, setExpiry } from '../../server/src/photos.ts';
import { holdOpen } from './held.ts';
import { folder, hili, lines } from './run.ts';

let data: string;

const run = (...args: string[]) => hili(args, data, { HILI_DATA: data });
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);
/** What `partner list` says of one partner. */
const partner = async (code: string) =>
  (await json('partner', 'list')).find((row: { code: string }) => row.code === code);

// As beside a running server: the database stays up between the commands, and each of them joins it.
beforeAll(async () => {
  data = await folder();
  const { close } = await holdOpen(data, (work) => withDatabase(loadConfig({ HILI_DATA: data }), work));
  return close;
});

it('makes a partner and shows its secret once, with credits for a year', async () => {
  const made = await json('partner', 'create', '--code', 'hiliad', '--name', 'Hili Ad', '--credits', '98');
  expect(made).toEqual({ third_code: 'hiliad', secret_key: expect.stringMatching(/^[0-9a-f]{32}$/), credits: 98 });
  const listed = await run('partner', 'list', '--json');
  expect(JSON.parse(listed.stdout)).toMatchObject([{ code: 'hiliad', name: 'Hili Ad', credits: 98, disabledAt: null }]);
  expect(listed.stdout + listed.stderr).not.toContain(made.secret_key);
});

it('makes nothing when anything is wrong: a code that is taken, a day that is past', async () => {
  const before = await json('partner', 'list');
  for (const [code, args] of [
    [1, ['--code', 'hiliad', '--name', 'Again', '--credits', '5']],
    [1, ['--code', 'two words', '--name', 'Two', '--credits', '5']],
    [2, ['--code', 'three', '--name', 'Three', '--credits', '-5']],
    [2, ['--code', 'four', '--name', 'Four', '--credits', '5', '--expires', '2020-01-01']],
    [2, ['--name', 'no code']],
  ] as const) {
    const ended = await run('partner', 'create', ...args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(/expected|Expected|required/);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  }
  expect(await json('partner', 'list')).toEqual(before);
});

it('grants once for one reference, and again for another', async () => {
  await run('partner', 'create', '--code', 'granted', '--name', 'G');
  const grant = (...more: string[]) => json('partner', 'grant', '--code', 'granted', '--credits', '7', ...more);
  expect(await grant('--reference', 'invoice 1')).toEqual({ third_code: 'granted', granted: 7 });
  expect(await grant('--reference', 'invoice 1')).toEqual({ third_code: 'granted', granted: 0 });
  expect(await grant('--reference', 'invoice 2', '--expires', 'never')).toEqual({ third_code: 'granted', granted: 7 });
  expect(await partner('granted')).toMatchObject({ credits: 14 });
  expect(await run('partner', 'grant', '--code', 'nobody', '--credits', '1')).toMatchObject({ code: 1, stdout: '' });
});

it('rotates a secret and disables a partner', async () => {
  const first = await json('partner', 'create', '--code', 'turned', '--name', 'T');
  const second = await json('partner', 'rotate', '--code', 'turned', '--overlap', '60');
  expect(second.secret_key).toMatch(/^[0-9a-f]{32}$/);
  expect(second.secret_key).not.toBe(first.secret_key);
  expect(await run('partner', 'disable', '--code', 'turned')).toMatchObject({ code: 0 });
  expect((await partner('turned')).disabledAt).toMatch(/^\d{4}-/);
});

it('lists the model of each task with its card', async () => {
  const models = await json('model', 'list');
  expect(models.map(({ card }: { card: { task: string } }) => card.task)).toEqual([
    'sr',
    'sr4',
    'texture',
    'texture4',
    'severity',
    'repair',
    'colour',
    'bg',
    'refine',
    'face',
  ]);
  const { stdout } = await run('model', 'list');
  for (const { card } of models) expect(stdout).toContain(card.id);
});

it('finds nothing wrong with a sound installation, and says what is wrong with a broken one', async () => {
  const sound = await run('doctor', '--json');
  expect(lines(sound).map(({ check, ok }) => [check, ok])).toEqual(
    ['models', 'storage', 'disk', 'memory', 'photos', 'differences', 'database'].map((check) => [check, true]),
  );
  expect(sound.code).toBe(0);

  const models = join(data, 'models');
  await mkdir(models);
  const card = JSON.parse(await readFile(join(OWN_MODELS, 'sr.json'), 'utf8'));
  await copyFile(join(OWN_MODELS, card.file), join(models, card.file));
  await writeFile(join(models, 'sr.json'), JSON.stringify(card));
  await appendFile(join(models, card.file), 'x');
  const broken = await hili(['doctor', '--json'], data, { HILI_DATA: data, HILI_MODELS: models });
  expect(broken.code).toBe(1);
  expect(lines(broken).filter(({ ok }) => !ok)).toEqual([
    { check: 'models', ok: false, found: expect.stringContaining('expected sha256') },
  ]);
});

it('finds pictures that are still there an hour after they should have gone', async () => {
  const config = loadConfig({ HILI_DATA: data });
  const id = 'a'.repeat(32);
  await withDatabase(config, (db, keys) =>
    db.transaction().execute(async (tx) => {
      await createPartner(tx, keys, { code: 'overdue', name: 'Overdue' }, new Date());
      const { partnerId } = await tx
        .selectFrom('partner')
        .select('id as partnerId')
        .where('code', '=', 'overdue')
        .executeTakeFirstOrThrow();
      const picture = { name: 'a.jpg', format: 'jpeg', width: 4, height: 3, bytes: 9, sha256: '0'.repeat(64) };
      await insertPhoto(tx, { id, partnerId, ...picture, uploadKey: newKey('jpeg'), createdAt: new Date() });
    }),
  );
  const found = async (hours: number) => {
    await withDatabase(config, (db) =>
      db.transaction().execute((tx) => setExpiry(tx, id, new Date(Date.now() - hours * 3_600_000))),
    );
    return lines(await run('doctor', '--json')).find(({ check }) => check === 'photos');
  };
  expect(await found(0.9)).toMatchObject({ ok: true });
  expect(await found(1.1)).toMatchObject({ ok: false, found: expect.stringContaining('those of 1 photo:') });
});

it('names every wrong setting in one message', async () => {
  const ended = await hili(['partner', 'list'], data, { HILI_DATA: data, PORT: 'http', FREE_PER_DAY: '-1' });
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toContain('PORT');
  expect(ended.stderr).toContain('FREE_PER_DAY');
});
