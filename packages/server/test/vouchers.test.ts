import { Problem } from '@hili/contract';
import { sql } from 'kysely';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { findOrCreateUser } from '../src/users.ts';
import { readVoucherCode, writeVoucherCode } from '../src/voucher-code.ts';
import { listVouchers } from '../src/voucher-rows.ts';
import { createVouchers, redeemVoucher, revokeVouchers } from '../src/vouchers.ts';
import { available, brokenInvariants, listLots } from '../src/wallets.ts';
import { newEmail, openBrowser } from './browser.ts';
import { testServices } from './harness.ts';
import { openTestApp, type TestApp } from './test-app.ts';

const services = await testServices();
const { db, pool, keys, clock } = services;
const operator = { userId: undefined, name: 'operator@example.com' };
const worth = { count: 1, credits: 10, days: 365, expiresAt: null, note: 'fair in May' };

afterEach(async () => expect(await brokenInvariants(db)).toEqual([]));

async function join() {
  const { rows } = await pool.query(
    `insert into auth."user" (name, email, "emailVerified") values ('', gen_random_uuid() || '@example.com', true) returning id`,
  );
  return findOrCreateUser(db, rows[0].id, 'en', clock());
}
const make = (change: object = {}) => createVouchers(db, keys, { ...worth, ...change }, operator, clock());
const redeem = (userId: string, code: string) => redeemVoucher(db, keys, userId, code, clock());
const codeOf = (act: Promise<unknown>) =>
  act.then(
    () => 'done',
    (error) => error.code,
  );

it('makes codes that are easy to read aloud, each once, and keeps none of them', async () => {
  const { codes } = await make({ count: 300 });
  expect(new Set(codes).size).toBe(300);
  for (const code of codes) expect(code).toMatch(/^([A-HJKMNP-Z2-9]{4}-){3}[A-HJKMNP-Z2-9]{4}$/);
  const { rows } = await pool.query('select * from voucher limit 300');
  const kept = JSON.stringify(rows);
  for (const code of codes) for (const text of [code, code.replaceAll('-', '')]) expect(kept).not.toContain(text);
});

it('knows a code in any dress, and finds every slip of one letter and every pair that changed places', async () => {
  const [code = ''] = (await make()).codes;
  const bare = code.replaceAll('-', '');
  const dressed = [
    bare,
    code.toLowerCase(),
    ` ${code} `,
    code.replaceAll('-', ' '),
    code.replaceAll('-', '—'),
    bare.replace(/./g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
  ];
  for (const text of dressed) expect(readVoucherCode(text), text).toBe(bare);
  for (const letter of 'ABCDEFGHJKMNPQRSTUVWXYZ23456789')
    for (let place = 0; place < 16; place += 1) {
      const slip = bare.slice(0, place) + letter + bare.slice(place + 1);
      expect(readVoucherCode(slip)).toBe(letter === bare[place] ? bare : undefined);
    }
  for (let place = 0; place < 15; place += 1) {
    const [a, b] = [bare[place], bare[place + 1]];
    const swapped = bare.slice(0, place) + b + a + bare.slice(place + 2);
    expect(readVoucherCode(swapped)).toBe(a === b ? bare : undefined);
  }
  for (const text of ['', 'x', bare.slice(1), `${bare}A`, '0'.repeat(16), "'; drop table voucher; --"])
    expect(readVoucherCode(text)).toBeUndefined();
  expect(readVoucherCode(writeVoucherCode(bare))).toBe(bare);
});

it('turns a code into photos with the rights of its batch, and tells the same user the same again', async () => {
  const lee = await join();
  const { codes } = await make({ package: 'photos-10', batch: true, maxSide: 6000, days: 30 });
  const answer = await redeem(lee.id, String(codes[0]));
  const expiresAt = new Date(clock().getTime() + 30 * 86_400_000);
  expect(answer).toEqual({ photos: 10, batch: true, maxSide: 6000, expiresAt: expiresAt.toISOString() });
  expect(await listLots(db, lee.walletId, clock())).toMatchObject([
    { source: 'voucher', available: 10, package: 'photos-10', batch: true, maxSide: 6000, expiresAt },
  ]);
  clock.advance(3600);
  expect(await redeem(lee.id, String(codes[0]))).toEqual(answer);
  expect(await available(db, lee.walletId, clock())).toBe(10);
});

it('is good for one of many who try at once', async () => {
  const [code = ''] = (await make()).codes;
  const people = await Promise.all(Array.from({ length: 4 }, join));
  const tries = await Promise.all([...people, ...people].map(({ id }) => codeOf(redeem(id, code))));
  const rich = await Promise.all(people.map(({ walletId }) => available(db, walletId, clock())));
  expect(rich.toSorted((a, b) => b - a)).toEqual([10, 0, 0, 0]);
  expect(tries.filter((each) => each === 'done').length).toBe(2);
  expect(new Set(tries)).toEqual(new Set(['done', 'VOUCHER_INVALID']));
});

it('says the same of a code that is used, ended, too old or made up', async () => {
  const [lee, kim] = [await join(), await join()];
  const used = String((await make()).codes[0]);
  await redeem(kim.id, used);
  const batch = await make();
  expect(await revokeVouchers(db, batch.id, 'lost in the post', operator, clock())).toBe(1);
  const old = await make({ expiresAt: new Date(clock().getTime() + 60_000) });
  clock.advance(60);
  const other = await createVouchers(db, { vouchers: Buffer.alloc(32) }, worth, operator, clock());
  const answers = await Promise.all(
    [used, batch.codes[0], old.codes[0], other.codes[0]].map((code) =>
      redeem(lee.id, String(code)).catch(({ code: name, info }) => ({ name, info })),
    ),
  );
  expect(answers).toEqual(Array(4).fill({ name: 'VOUCHER_INVALID', info: {} }));
  expect(await available(db, lee.walletId, clock())).toBe(0);
});

it('ends what nobody has redeemed of a batch, with a reason, and counts what became of it', async () => {
  const lee = await join();
  const { id, codes } = await make({ count: 3 });
  await redeem(lee.id, String(codes[0]));
  expect(await codeOf(revokeVouchers(db, id, ' ', operator, clock()))).toBe('BAD_REQUEST');
  expect(await revokeVouchers(db, id, 'a mistake', operator, clock())).toBe(2);
  expect(await revokeVouchers(db, id, 'a mistake', operator, clock())).toBe(0);
  expect(await codeOf(revokeVouchers(db, 'x', 'a mistake', operator, clock()))).toBe('DATA_NOT_FOUND');
  expect((await listVouchers(db)).find((batch) => batch.id === id)).toMatchObject({
    ...{ vouchers: 3, redeemed: 1, revoked: 2, credits: 10, note: 'fair in May', createdBy: operator.name },
  });
  expect(await available(db, lee.walletId, clock())).toBe(10);
});

it('refuses batches out of range', async () => {
  const wrong = [
    { count: 0 },
    { count: 1001 },
    { credits: 0 },
    { credits: 1.5 },
    { days: 0 },
    { days: 4000 },
    { note: 'x'.repeat(501) },
    { expiresAt: clock() },
  ];
  for (const change of wrong) expect(await codeOf(make(change)), JSON.stringify(change)).toBe('BAD_REQUEST');
});

it('cannot be turned back, moved or deleted, not even in the database', async () => {
  const lee = await join();
  const { id, codes } = await make();
  await redeem(lee.id, String(codes[0]));
  for (const statement of [
    sql`update voucher set state = 'unused', user_id = null, redeemed_at = null where batch_id = ${id}`,
    sql`delete from voucher where batch_id = ${id}`,
  ])
    await expect(statement.execute(db)).rejects.toMatchObject({ code: '23001' });
});

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
  return () => app.close();
});

it('needs an account, counts the tries of each, and answers in the reader’s words', async () => {
  const { codes } = await createVouchers(app.db, app.keys, worth, operator, app.clock());
  const guest = await openBrowser(app).api('POST', '/vouchers/redeem', { code: codes[0] });
  expect(Problem.parse(await guest.json())).toMatchObject({ code: 'SIGN_IN_REQUIRED' });
  const lee = openBrowser(app);
  await lee.enter(newEmail());
  const good = await lee.api('POST', '/vouchers/redeem', { code: ` ${String(codes[0]).toLowerCase()}` });
  expect([good.status, await good.json()]).toMatchObject([200, { photos: 10, batch: false, maxSide: null }]);
  expect((await lee.me()).credits.lots).toMatchObject([{ source: 'voucher', available: 10 }]);
  const slip = await lee.api('POST', '/vouchers/redeem', { code: `${String(codes[0]).slice(0, -1)}!` });
  expect(Problem.parse(await slip.json())).toMatchObject({ status: 400, code: 'BAD_REQUEST', field: 'code' });
  const unknown = async () => {
    const {
      codes: [code],
    } = await createVouchers(app.db, { vouchers: Buffer.alloc(32) }, worth, operator, app.clock());
    return Problem.parse(await (await lee.api('POST', '/vouchers/redeem', { code })).json());
  };
  expect(await unknown()).toMatchObject({ status: 404, code: 'VOUCHER_INVALID' });
  const rest = [];
  for (let tries = 3; tries < 11; tries += 1) rest.push((await unknown()).code);
  expect(rest).toEqual([...Array(7).fill('VOUCHER_INVALID'), 'RATE_LIMITED']);
  expect(await brokenInvariants(app.db)).toEqual([]);
});
