import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openKeys } from '../src/secret-mark.ts';
import { deriveKeys } from '../src/secrets.ts';
import { testDatabase } from './harness.ts';

const { db } = await testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'hili mark '));
afterAll(() => rmSync(folder, { recursive: true }));
const machine = (HILI_SECRET?: string) => ({ HILI_DATA: folder, HILI_SECRET });
const [first, other] = ['f'.repeat(32), 'o'.repeat(32)];

it('notes the secret at the first start, of several machines at once too, and takes the same again', async () => {
  const all = await Promise.all(Array.from({ length: 5 }, () => openKeys(db, machine(first))));
  for (const keys of all) expect(keys).toEqual(deriveKeys(first));
});

it('refuses a machine with a secret of its own, and says what to do', async () => {
  const refusal =
    /^expected the secret that this database was made with but received another, in .* HILI_SECRET.*secret replace/;
  await expect(openKeys(db, machine(other))).rejects.toThrow(refusal);
  await expect(openKeys(db, machine()), 'made by itself in its data folder').rejects.toThrow(`in ${folder}/secret`);
  await expect(openKeys(db, machine(other))).rejects.not.toThrow(other);
  expect(await openKeys(db, machine(first))).toEqual(deriveKeys(first));
});

it('keeps nothing of which the secret or another key could be told', async () => {
  const { mark, ...keys } = deriveKeys(first);
  const rows = await db.selectFrom('secretMark').selectAll().execute();
  expect(rows).toMatchObject([{ mark }]);
  for (const key of [Buffer.from(first), ...Object.values(keys)]) expect(mark.includes(key)).toBe(false);
});
