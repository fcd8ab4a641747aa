import { expect, it } from 'vitest';
import {
  createPartner,
  creditsOf,
  disablePartner,
  findPartner,
  grantToPartner,
  listPartners,
  rotatePartner,
} from '../src/partners.ts';
import { deriveKeys } from '../src/secrets.ts';
import { brokenInvariants } from '../src/wallets.ts';
import { testClock, testDatabase } from './harness.ts';

const { db, pool } = await testDatabase();
const clock = testClock('2026-02-28T12:00:00Z');
const keys = deriveKeys('k'.repeat(32));

const create = (code: string) => createPartner(db, keys, { code, name: 'A company' }, clock());
const secretsOf = async (code: string) => [...((await findPartner(db, keys, code, clock()))?.secrets ?? [])].sort();

it('makes a partner whose secret the database has sealed only', async () => {
  const { code, secretKey } = await create('hiliad');
  expect(code).toBe('hiliad');
  expect(secretKey).toMatch(/^[0-9a-f]{32}$/);
  expect(await secretsOf('hiliad')).toEqual([secretKey]);
  const { rows } = await pool.query('select sealed from partner_secret');
  const sealed: Buffer = rows[0].sealed;
  expect(sealed.includes(Buffer.from(secretKey)) || sealed.includes(Buffer.from(secretKey, 'hex'))).toBe(false);
  await expect(findPartner(db, deriveKeys('other'.repeat(8)), 'hiliad', clock())).rejects.toThrow();
});

it('does not open a secret that was moved to another partner', async () => {
  await create('thief');
  await pool.query(`update partner_secret set sealed = (select s.sealed from partner_secret s join partner p on p.id = s.partner_id
    where p.code = 'hiliad') where partner_id = (select id from partner where code = 'thief')`);
  await expect(findPartner(db, keys, 'thief', clock())).rejects.toThrow();
});

it('refuses a code that is taken or malformed', async () => {
  for (const code of ['hiliad', '', 'a b', 'x'.repeat(65)])
    await expect(create(code)).rejects.toMatchObject({ code: 'BAD_REQUEST', info: { field: 'code' } });
});

it('lets old and new secret work for the overlap of a rotation, then the new one only', async () => {
  const { secretKey: first } = await create('rotating');
  const { secretKey: second } = await rotatePartner(db, keys, 'rotating', 3600, clock());
  expect(await secretsOf('rotating')).toEqual([first, second].sort());
  clock.advance(1800);
  const { secretKey: third } = await rotatePartner(db, keys, 'rotating', 3600, clock());
  expect(await secretsOf('rotating')).toEqual([first, second, third].sort());
  clock.advance(1800);
  expect(await secretsOf('rotating')).toEqual([second, third].sort());
  clock.advance(1800);
  expect(await secretsOf('rotating')).toEqual([third]);
  const { secretKey: fourth } = await rotatePartner(db, keys, 'rotating', 0, clock());
  expect(await secretsOf('rotating')).toEqual([fourth]);
});

it('ends with one newest secret when two rotations race', async () => {
  await create('racing');
  const rotated = await Promise.all([1, 2, 3].map(() => rotatePartner(db, keys, 'racing', 0, clock())));
  const [only, ...more] = await secretsOf('racing');
  expect(more).toEqual([]);
  expect(rotated.map(({ secretKey }) => secretKey)).toContain(only);
});

it('does not know a disabled partner, nor an unknown one', async () => {
  await create('leaving');
  await disablePartner(db, 'leaving', clock());
  expect(await findPartner(db, keys, 'leaving', clock())).toBeUndefined();
  for (const code of ['nobody', '', '\0', '\ud800']) expect(await findPartner(db, keys, code, clock())).toBeUndefined();
  await expect(disablePartner(db, 'nobody', clock())).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
});

it('grants credits for a year unless another date is given, or none', async () => {
  await create('credited');
  const { walletId } = (await findPartner(db, keys, 'credited', clock()))!;
  expect(await grantToPartner(db, 'credited', 98, {}, 'g1', clock())).toBe(true);
  await grantToPartner(db, 'credited', 5, { expiresAt: null }, 'g2', clock());
  await grantToPartner(db, 'credited', 7, { expiresAt: new Date(clock().getTime() + 1000) }, 'g3', clock());
  expect(await creditsOf(db, walletId, clock())).toBe(110);
  clock.advance(1);
  expect(await grantToPartner(db, 'credited', 98, {}, 'g1', clock())).toBe(false);
  expect(await creditsOf(db, walletId, clock())).toBe(103);
  clock.set('2027-02-28T13:29:59Z');
  expect(await creditsOf(db, walletId, clock())).toBe(103);
  clock.set('2027-03-01T12:00:00Z');
  expect(await creditsOf(db, walletId, clock())).toBe(5);
  for (const credits of [0, -1, 1.5, Number.NaN])
    await expect(grantToPartner(db, 'credited', credits, {}, 'g4', clock())).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  await expect(grantToPartner(db, 'nobody', 1, {}, 'g5', clock())).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
  expect(await brokenInvariants(db)).toEqual([]);
});

it('lists partners with what they can spend', async () => {
  const rows = await listPartners(db, clock());
  expect(rows.map(({ code }) => code)).toEqual(['credited', 'hiliad', 'leaving', 'racing', 'rotating', 'thief']);
  expect(rows[0]).toMatchObject({ name: 'A company', credits: 5, disabledAt: null });
  expect(JSON.stringify(rows)).not.toMatch(/secret|sealed/i);
});
