import { sql } from 'kysely';
import { afterEach, expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import type { Decider } from '../src/invites.ts';
import { confirmOrder, endOfflineRefund, recordPartnerPayment, reverseOffline } from '../src/offline-payments.ts';
import { listOffline } from '../src/offline-rows.ts';
import { eventsOf, findOrder } from '../src/order-rows.ts';
import type { Order } from '../src/order-tables.ts';
import { orderView } from '../src/order-view.ts';
import { closeOrder, createOrder, type OrderDeps } from '../src/orders.ts';
import { createPartner } from '../src/partners.ts';
import { openOffline } from '../src/payments/offline.ts';
import type { Provider } from '../src/payments/provider.ts';
import { sweepPayments } from '../src/payments/sweep.ts';
import { askRefund } from '../src/refunds.ts';
import { findOrCreateUser } from '../src/users.ts';
import { available, brokenInvariants, capture, hold } from '../src/wallets.ts';
import { testServices } from './harness.ts';

const services = await testServices({
  OFFLINE_ACCOUNT: 'Bank of Examples\n6222 0000 1111',
  OFFLINE_LIMIT_FEN: '50000',
});
const { db, pool, clock, config, keys, log } = services;
const opened = openOffline({ config, clock, publicUrl: '', notifyUrl: '' });
if (!opened) throw new Error('expected bank transfer to be open');
const deps: OrderDeps & { config: typeof config } = {
  ...{ db, clock, config, keys, log },
  providers: new Map<string, Provider>([[opened.name, opened]]),
};
const ann: Decider = { userId: undefined, name: 'ann@example.com' };
const bob: Decider = { userId: undefined, name: 'bob@example.com' };

afterEach(async () => expect(await brokenInvariants(db)).toEqual([]));

async function join() {
  const { rows } = await pool.query(
    `insert into auth."user" (name, email, "emailVerified") values ('', gen_random_uuid() || '@example.com', true) returning id`,
  );
  return findOrCreateUser(db, rows[0].id, 'en', clock());
}
async function buy(code = 'photos-3', buyer?: { id: string }): Promise<Order> {
  const { id } = buyer ?? (await join());
  return (await createOrder(deps, id, { package: code, provider: 'offline' })).order;
}
const state = async ({ id }: Order) => (await findOrder(db, id))?.state;
const credits = ({ walletId }: { walletId: string }) => available(db, walletId, clock());
const codeOf = (act: Promise<unknown>) =>
  act.then(
    () => 'done',
    (error) => error.code,
  );
let last = 0;
const newRef = () => `BANK-${String(++last).padStart(6, '0')}`;

it('shows the account and the number to write on the transfer, and waits a week', async () => {
  const order = await buy();
  expect((await orderView(deps, order)).payment).toEqual({
    ...{ kind: 'manual', reference: order.outTradeNo, account: 'Bank of Examples\n6222 0000 1111' },
  });
  clock.advance(6 * 86_400);
  await sweepPayments(deps);
  expect(await state(order)).toBe('paying');
  clock.advance(86_400 + 61);
  while ((await sweepPayments(deps)) > 0);
  expect(await state(order)).toBe('closed');
  expect(openOffline({ config: loadConfig({}), clock, publicUrl: '', notifyUrl: '' })).toBeUndefined();
});

it('grants when an operator has seen the money, once, and names who said so', async () => {
  const order = await buy();
  const bankRef = newRef();
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, index) => confirmOrder(deps, order.outTradeNo, { bankRef }, index % 2 ? ann : bob)),
  );
  expect(new Set(answers.map((each) => each.state))).toEqual(new Set(['granted']));
  expect(await findOrder(db, order.id)).toMatchObject({ state: 'paid', transactionId: bankRef });
  expect(await credits(order)).toBe(3);
  const granted = (await eventsOf(db, order.id)).filter(({ kind }) => kind === 'granted');
  expect(granted).toMatchObject([{ actor: expect.stringMatching(/^(ann|bob)@/), fen: 4980 }]);
});

it('takes two different operators above the limit, whatever the first one repeats', async () => {
  const order = await buy('photos-200');
  const bankRef = newRef();
  const wish = { bankRef, fen: 100_000 };
  for (let times = 0; times < 3; times += 1)
    expect(await confirmOrder(deps, order.outTradeNo, wish, ann)).toMatchObject({
      state: 'draft',
      createdBy: ann.name,
    });
  expect(await credits(order)).toBe(0);
  expect((await listOffline(db, 'draft')).map((each) => [each.order, each.bankRef])).toEqual([
    [order.outTradeNo, bankRef],
  ]);
  expect(await confirmOrder(deps, order.outTradeNo, wish, bob)).toMatchObject({
    state: 'granted',
    approvedBy: bob.name,
  });
  expect(await credits(order)).toBe(200);
  expect(await confirmOrder(deps, order.outTradeNo, wish, ann)).toMatchObject({ state: 'granted' });
  expect(await credits(order)).toBe(200);
});

it('lets one of two operators begin and the other end, when both come at once', async () => {
  const order = await buy('photos-200');
  const bankRef = newRef();
  await Promise.all([ann, bob].map((by) => confirmOrder(deps, order.outTradeNo, { bankRef }, by)));
  expect(await credits(order)).toBe(200);
});

it('refuses another sum, another order’s transfer, a second transfer, one’s own order, and numbers that are none', async () => {
  const [order, other] = [await buy(), await buy()];
  const number = order.outTradeNo;
  const bankRef = newRef();
  for (const fen of [4979, 4981, 0, -4980])
    expect(await codeOf(confirmOrder(deps, number, { bankRef, fen }, ann))).toBe('BAD_REQUEST');
  for (const wrong of ['', 'abc', 'x'.repeat(65), 'a b c d', '账号账号'])
    expect(await codeOf(confirmOrder(deps, number, { bankRef: wrong }, ann)), wrong).toBe('BAD_REQUEST');
  expect(await codeOf(confirmOrder(deps, 'HNOBODY', { bankRef }, ann))).toBe('DATA_NOT_FOUND');
  expect(await codeOf(confirmOrder(deps, number, { bankRef }, { ...ann, userId: order.userId }))).toBe('BAD_REQUEST');
  expect(await listOffline(db).then((rows) => rows.filter((row) => row.bankRef === bankRef))).toEqual([]);
  await confirmOrder(deps, number, { bankRef }, ann);
  expect(await codeOf(confirmOrder(deps, other.outTradeNo, { bankRef }, bob))).toBe('BAD_REQUEST');
  expect(await codeOf(confirmOrder(deps, number, { bankRef: newRef() }, bob))).toBe('ORDER_ENDED');
  expect([await credits(order), await credits(other)]).toEqual([3, 0]);
});

it('grants for money that comes after the order was closed', async () => {
  const order = await buy();
  await closeOrder(deps, order, order.userId);
  expect(await state(order)).toBe('closed');
  await confirmOrder(deps, order.outTradeNo, { bankRef: newRef() }, ann);
  expect([await state(order), await credits(order)]).toEqual(['paid', 3]);
});

it('refunds by hand: the photos go at once, and the order ends when an operator has sent the money back', async () => {
  const order = await buy();
  const number = order.outTradeNo;
  await confirmOrder(deps, number, { bankRef: newRef() }, ann);
  expect(await codeOf(endOfflineRefund(deps, number, { state: 'failed' }, ann))).toBe('DATA_NOT_FOUND');
  await askRefund(deps, order.id, order.userId);
  clock.advance(86_400);
  while ((await sweepPayments(deps)) > 0);
  expect([await state(order), await credits(order)]).toEqual(['refunding', 0]);
  expect(await codeOf(endOfflineRefund(deps, number, { state: 'failed' }, { ...ann, userId: order.userId }))).toBe(
    'BAD_REQUEST',
  );
  await endOfflineRefund(deps, number, { state: 'failed' }, ann);
  expect([await state(order), await credits(order)]).toEqual(['paid', 3]);
  await askRefund(deps, order.id, order.userId);
  await endOfflineRefund(deps, number, { state: 'done', bankRef: newRef() }, ann);
  expect([await state(order), await credits(order)]).toEqual(['refunded', 0]);
});

async function partner() {
  const { code } = await createPartner(db, keys, { code: `p${++last}`, name: 'Company' }, clock());
  const row = await db.selectFrom('partner').selectAll().where('code', '=', code).executeTakeFirstOrThrow();
  return row;
}

it('grants a partner the credits of a transfer once, with two operators above the limit', async () => {
  const company = await partner();
  const sale = { bankRef: newRef(), fen: 50_000, credits: 200, days: 365, note: 'contract 17' };
  await Promise.all([ann, ann, bob].map((by) => recordPartnerPayment(deps, company.code, sale, by)));
  expect(await credits(company)).toBe(200);
  const large = { bankRef: newRef(), fen: 50_001, credits: 210, days: null };
  await recordPartnerPayment(deps, company.code, large, ann);
  await recordPartnerPayment(deps, company.code, large, ann);
  expect(await credits(company)).toBe(200);
  for (const change of [{ credits: 2100 }, { fen: 60_000 }, { days: 10 }])
    expect(await codeOf(recordPartnerPayment(deps, company.code, { ...large, ...change }, bob))).toBe('BAD_REQUEST');
  expect(await codeOf(recordPartnerPayment(deps, (await partner()).code, large, bob))).toBe('BAD_REQUEST');
  await recordPartnerPayment(deps, company.code, large, bob);
  expect(await credits(company)).toBe(410);
});

it('takes back what is unspent of a transfer that bounced, once, and leaves the row with its reason', async () => {
  const company = await partner();
  const sale = { bankRef: newRef(), fen: 10_000, credits: 20, days: 365 };
  await recordPartnerPayment(deps, company.code, sale, ann);
  const job = crypto.randomUUID();
  await hold(db, company.walletId, job, 5, clock());
  await capture(db, job, 5, clock());
  expect(await codeOf(reverseOffline(deps, sale.bankRef, ' ', bob))).toBe('BAD_REQUEST');
  expect(await codeOf(reverseOffline(deps, 'NO-SUCH', 'bounced', bob))).toBe('DATA_NOT_FOUND');
  const turned = await Promise.all(Array.from({ length: 3 }, () => reverseOffline(deps, sale.bankRef, 'bounced', bob)));
  for (const each of turned)
    expect(each).toMatchObject({ state: 'reversed', revoked: 15, reason: 'bounced', reversedBy: bob.name });
  expect(await credits(company)).toBe(0);
  expect(await codeOf(recordPartnerPayment(deps, company.code, sale, ann))).toBe('BAD_REQUEST');
  const order = await buy();
  const bankRef = newRef();
  await confirmOrder(deps, order.outTradeNo, { bankRef }, ann);
  expect(await codeOf(reverseOffline(deps, bankRef, 'bounced', bob))).toBe('BAD_REQUEST');
});

it('drops a draft that was a mistake, so that nobody can end it', async () => {
  const company = await partner();
  const sale = { bankRef: newRef(), fen: 90_000, credits: 200, days: 365 };
  await recordPartnerPayment(deps, company.code, sale, ann);
  expect(await reverseOffline(deps, sale.bankRef, 'typed wrongly', ann)).toMatchObject({
    state: 'reversed',
    revoked: 0,
  });
  expect(await codeOf(recordPartnerPayment(deps, company.code, sale, bob))).toBe('BAD_REQUEST');
  expect(await credits(company)).toBe(0);
});

it('refuses credits and sums out of range', async () => {
  const company = await partner();
  const sale = { bankRef: newRef(), fen: 100, credits: 1, days: 1 };
  for (const change of [
    { credits: 0 },
    { credits: -5 },
    { credits: 1.5 },
    { fen: 0 },
    { fen: 2_000_000_000 },
    { days: 0 },
  ])
    expect(
      await codeOf(recordPartnerPayment(deps, company.code, { ...sale, ...change }, ann)),
      JSON.stringify(change),
    ).toBe('BAD_REQUEST');
  expect(await codeOf(recordPartnerPayment(deps, 'nobody', sale, ann))).toBe('DATA_NOT_FOUND');
});

it('is never rewritten or deleted, not even in the database', async () => {
  const company = await partner();
  const bankRef = newRef();
  await recordPartnerPayment(deps, company.code, { bankRef, fen: 100, credits: 1, days: 1 }, ann);
  for (const statement of [
    sql`update offline_payment set credits = 100 where bank_ref = ${bankRef}`,
    sql`update offline_payment set state = 'draft', granted_at = null where bank_ref = ${bankRef}`,
    sql`update offline_payment set created_by = 'x' where bank_ref = ${bankRef}`,
    sql`delete from offline_payment where bank_ref = ${bankRef}`,
    sql`truncate offline_payment`,
  ])
    await expect(statement.execute(db)).rejects.toMatchObject({ code: '23001' });
  await expect(
    sql`update offline_payment set approved_by = created_by where bank_ref = ${bankRef}`.execute(db),
  ).rejects.toMatchObject({ code: '23514' });
});
