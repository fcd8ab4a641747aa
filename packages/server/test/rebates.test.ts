import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { deleteAccount } from '../src/account-deletion.ts';
import { confirmClaim, openClaim, readClaim, readPayee } from '../src/claims.ts';
import type { Db } from '../src/database.ts';
import { applyDispute } from '../src/disputes.ts';
import { listRebates, matureRebates, paidRebates, rebatesOf } from '../src/rebate-rows.ts';
import {
  accrueRebate,
  approveRebate,
  exportRebates,
  ownRebates,
  payRebate,
  rebateFen,
  rejectRebate,
  returnRebate,
  voidRebate,
} from '../src/rebates.ts';
import { findOrCreateUser } from '../src/users.ts';
import { brokenInvariants } from '../src/wallets.ts';
import { dyingAt } from './dying.ts';
import { testServices } from './harness.ts';
import { type OpenOrder, openOrder, takeMoney } from './paid-orders.ts';

const services = await testServices();
const { db, pool, clock, keys, connection } = services;
const rules = { REBATE_FEN: 'photos-3:200, photos-10:600', REBATE_DAYS: 7 };
const ceiling = { REBATE_DAILY_FEN: 1_000_000, DEMO_PAYMENTS: false, WECHAT_SERVICE_APPID: undefined };
const operator = { userId: undefined, name: 'operator' };
const payee = { wechat: 'lee_1990', name: '李雷' };
const WEEK = 7 * 86_400;

afterEach(async () => {
  expect(await brokenInvariants(db)).toEqual([]);
});

async function join() {
  const { rows } = await pool.query(
    `insert into auth."user" (name, email, "emailVerified") values ('', gen_random_uuid() || '@example.com', true) returning id`,
  );
  return findOrCreateUser(db, rows[0].id, 'en', clock());
}
type Member = Awaited<ReturnType<typeof join>>;

async function pay(order: OpenOrder, on: Db = db) {
  await on.transaction().execute(async (tx) => {
    await takeMoney(tx, services, order, clock());
    await accrueRebate(tx, rules, order, clock());
  });
}
async function buy(member: Member): Promise<OpenOrder> {
  const order = await openOrder(db, member, clock());
  await pay(order);
  return order;
}
const refund = (orderId: string) => db.transaction().execute((tx) => voidRebate(tx, orderId));
const statesOf = async ({ id }: Member) => (await rebatesOf(db, id)).map(({ state }) => state);
/** Somebody with a rebate that has been claimed, and its id. */
async function claimed(member?: Member, answer = payee) {
  const lee = member ?? (await join());
  const order = await buy(lee);
  clock.advance(WEEK);
  await matureRebates(db, clock());
  const { token } = await openClaim(db, lee.id, clock());
  await confirmClaim(db, keys, token, answer, clock());
  const [rebate] = await rebatesOf(db, lee.id);
  return { lee, order, token, id: rebate!.id };
}
const codeOf = (act: Promise<unknown>) =>
  act.then(
    () => 'done',
    (error) => error.code,
  );

it('reads the amount of a package, and none for the others', () => {
  expect(['photos-3', 'photos-10', 'photos-50', 'photos'].map((code) => rebateFen(rules, code))).toEqual([
    200, 600, 0, 0,
  ]);
  expect(rebateFen({ REBATE_FEN: '' }, 'photos-3')).toBe(0);
});

it('notes a rebate once for an order, and lets it be claimed after seven days', async () => {
  const lee = await join();
  const order = await buy(lee);
  await pay(order);
  expect(await ownRebates(db, lee.id)).toMatchObject([{ package: 'photos-10', fen: 600, state: 'accrued' }]);
  expect(await codeOf(openClaim(db, lee.id, clock()))).toBe('DATA_NOT_FOUND');
  clock.advance(WEEK - 1);
  await matureRebates(db, clock());
  expect(await statesOf(lee)).toEqual(['accrued']);
  clock.advance(1);
  await matureRebates(db, clock());
  expect(await statesOf(lee)).toEqual(['eligible']);
});

it('goes from the claim by the operator to the payment, keeps its receipt, and forgets whom it paid', async () => {
  const { lee, id } = await claimed();
  const [open] = (await listRebates(db, 'claimed')).filter((each) => each.id === id);
  expect(open).toMatchObject({ fen: 600, others: 0, email: expect.stringContaining('@example.com') });
  expect(readPayee(keys, open!)).toEqual(payee);
  expect(JSON.stringify((await pool.query('select * from rebate where id = $1', [id])).rows)).not.toContain('lee_1990');
  await approveRebate(db, keys, ceiling, id, operator, clock());
  const receipt = randomUUID();
  await payRebate(db, id, receipt, operator, clock());
  expect(await ownRebates(db, lee.id)).toMatchObject([{ state: 'paid', receipt, paidAt: clock().toISOString() }]);
  expect(await exportRebates(db, keys, lee.id)).toMatchObject([{ state: 'paid', payee: null }]);
});

it('binds nothing by a scan: a claim is made by an answer, once, within ten minutes', async () => {
  const lee = await join();
  await buy(lee);
  await buy(lee);
  clock.advance(WEEK);
  await matureRebates(db, clock());
  const { token } = await openClaim(db, lee.id, clock());
  expect(token).toMatch(/^[\w-]{22}$/);
  expect(await readClaim(db, token, clock())).toMatchObject({ userId: lee.id, fen: 1200 });
  expect(await statesOf(lee)).toEqual(['eligible', 'eligible']);
  const tries = await Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      codeOf(confirmClaim(db, keys, token, { ...payee, wechat: `lee_${n}` }, clock())),
    ),
  );
  expect(tries.sort()).toEqual([...Array(5).fill('LINK_EXPIRED'), 'done']);
  expect(await statesOf(lee)).toEqual(['claimed', 'claimed']);
  expect(await codeOf(readClaim(db, token, clock()))).toBe('LINK_EXPIRED');
  expect(await codeOf(confirmClaim(db, keys, 'A'.repeat(22), payee, clock()))).toBe('LINK_EXPIRED');
});

it('answers a claim that is confirmed again as before, but only to who says the same, and while its token is good', async () => {
  const { lee, token, id } = await claimed();
  const confirm = (answer: typeof payee) => codeOf(confirmClaim(db, keys, token, answer, clock()));
  const [first] = await rebatesOf(db, lee.id);
  expect(await Promise.all([confirm(payee), confirm(payee)])).toEqual(['done', 'done']);
  for (const other of [
    { ...payee, wechat: 'mallory' },
    { ...payee, name: '韩梅梅' },
  ])
    expect(await confirm(other)).toBe('LINK_EXPIRED');
  expect(await codeOf(readClaim(db, token, clock()))).toBe('LINK_EXPIRED');
  expect(await rebatesOf(db, lee.id)).toEqual([first]);
  // The token claims nothing more, not even when the rebate is given back meanwhile.
  await returnRebate(db, id, 'nobody has that WeChat ID', operator);
  expect([await confirm(payee), await statesOf(lee)]).toEqual(['done', ['eligible']]);
  clock.advance(600);
  expect(await confirm(payee)).toBe('LINK_EXPIRED');
});

it('lets a claim lapse after ten minutes, and another be made', async () => {
  const lee = await join();
  await buy(lee);
  clock.advance(WEEK);
  await matureRebates(db, clock());
  const first = await openClaim(db, lee.id, clock());
  clock.advance(600);
  expect(await codeOf(confirmClaim(db, keys, first.token, payee, clock()))).toBe('LINK_EXPIRED');
  const second = await openClaim(db, lee.id, clock());
  expect(await codeOf(confirmClaim(db, keys, second.token, payee, clock()))).toBe('done');
});

it('claims all that a token says or nothing, when one of them is refunded meanwhile', async () => {
  const lee = await join();
  const order = await buy(lee);
  await buy(lee);
  clock.advance(WEEK);
  await matureRebates(db, clock());
  const { token } = await openClaim(db, lee.id, clock());
  await refund(order.id);
  expect(await codeOf(confirmClaim(db, keys, token, payee, clock()))).toBe('LINK_EXPIRED');
  expect((await statesOf(lee)).sort()).toEqual(['eligible', 'void']);
});

it('ends with a refund at any time before it is approved, and says what was paid already', async () => {
  const lee = await join();
  const accrued = await buy(lee);
  expect([await refund(accrued.id), await refund(accrued.id), await refund(randomUUID())]).toEqual([0, 0, 0]);
  const open = await claimed();
  expect(await refund(open.order.id)).toBe(0);
  expect(await codeOf(approveRebate(db, keys, ceiling, open.id, operator, clock()))).toBe('DATA_NOT_FOUND');
  const paid = await claimed();
  await approveRebate(db, keys, ceiling, paid.id, operator, clock());
  await payRebate(db, paid.id, randomUUID(), operator, clock());
  expect(await refund(paid.order.id)).toBe(600);
  expect(await Promise.all([lee, open.lee, paid.lee].map(statesOf))).toEqual([['void'], ['void'], ['paid']]);
});

it('is taken off a refund once it is approved, since an operator may be paying it by hand, and can be noted as paid then', async () => {
  const { lee, order, id } = await claimed();
  await approveRebate(db, keys, ceiling, id, operator, clock());
  expect(await paidRebates(db, [order.id])).toEqual(new Map([[order.id, 600]]));
  expect(await refund(order.id)).toBe(600);
  await payRebate(db, id, randomUUID(), operator, clock());
  expect(await statesOf(lee)).toEqual(['paid']);
});

it('is refunded or approved, and never both for nothing, when the two come at once', async () => {
  for (let n = 0; n < 8; n++) {
    const { lee, order, id } = await claimed();
    const [said, gone] = await Promise.all([
      codeOf(approveRebate(db, keys, ceiling, id, operator, clock())),
      refund(order.id),
    ]);
    expect([said, gone, ...(await statesOf(lee))]).toEqual(
      said === 'done' ? ['done', 600, 'approved'] : ['DATA_NOT_FOUND', 0, 'void'],
    );
  }
});

it("is not paid by hand any more when the payer's bank has taken the order's money back", async () => {
  const { lee, order, id } = await claimed();
  await approveRebate(db, keys, ceiling, id, operator, clock());
  const { outTradeNo, fen, currency } = order;
  const dispute = { id: `d${outTradeNo}`, outTradeNo, fen, currency, state: 'withdrawn' } as const;
  await db.transaction().execute((tx) => applyDispute(tx, 'test', dispute, { actor: 'test' }, clock()));
  expect(await codeOf(payRebate(db, id, randomUUID(), operator, clock()))).toBe('DATA_NOT_FOUND');
  expect(await statesOf(lee)).toEqual(['void']);
});

it('lets one of two operators act, and nobody on their own rebate', async () => {
  const { lee, id } = await claimed();
  const own = { userId: lee.id, name: 'lee@example.com' };
  const acts = [
    () => approveRebate(db, keys, ceiling, id, own, clock()),
    () => rejectRebate(db, id, 'mine', own),
    () => returnRebate(db, id, 'mine', own),
  ];
  for (const act of acts) expect(await codeOf(act())).toBe('BAD_REQUEST');
  const both = await Promise.all([
    ...Array.from({ length: 4 }, () => codeOf(approveRebate(db, keys, ceiling, id, operator, clock()))),
    ...Array.from({ length: 4 }, () => codeOf(rejectRebate(db, id, 'no such account', operator))),
  ]);
  expect(both.filter((code) => code === 'done')).toHaveLength(1);
  expect(await codeOf(approveRebate(db, keys, ceiling, 'x', operator, clock()))).toBe('DATA_NOT_FOUND');
});

it('pays no money for an order that was only simulated, unless payments still are', async () => {
  const { id, order } = await claimed();
  await pool.query('update orders set simulated = true where id = $1', [order.id]);
  expect(await codeOf(approveRebate(db, keys, ceiling, id, operator, clock()))).toBe('BAD_REQUEST');
  expect((await listRebates(db, 'claimed')).find((each) => each.id === id)).toMatchObject({ simulated: true });
  expect(await codeOf(approveRebate(db, keys, { ...ceiling, DEMO_PAYMENTS: true }, id, operator, clock()))).toBe(
    'done',
  );
});

it('takes one receipt for one rebate', async () => {
  const [first, second] = [await claimed(), await claimed()];
  const receipt = randomUUID();
  for (const { id } of [first, second]) await approveRebate(db, keys, ceiling, id, operator, clock());
  const tries = [first.id, first.id, second.id, second.id].map((id) =>
    codeOf(payRebate(db, id, receipt, operator, clock())),
  );
  expect((await Promise.all(tries)).filter((code) => code === 'done')).toHaveLength(1);
});

it('gives a rebate back to be claimed by another WeChat ID', async () => {
  const { lee, id } = await claimed();
  await approveRebate(db, keys, ceiling, id, operator, clock());
  await returnRebate(db, id, 'nobody has this WeChat ID', operator);
  expect(await ownRebates(db, lee.id)).toMatchObject([{ state: 'eligible', reason: 'nobody has this WeChat ID' }]);
  const { token } = await openClaim(db, lee.id, clock());
  await confirmClaim(db, keys, token, { ...payee, wechat: 'lee_1991' }, clock());
  await approveRebate(db, keys, ceiling, id, operator, clock());
  await payRebate(db, id, randomUUID(), operator, clock());
});

it('approves no more in 24 hours than the setting allows, however many operators try at once; 0 stops it', async () => {
  clock.advance(86_400);
  const claims: { id: string }[] = [];
  for (let n = 0; n < 8; n++) claims.push(await claimed());
  const rule = { ...ceiling, REBATE_DAILY_FEN: 1300 };
  expect(
    await codeOf(approveRebate(db, keys, { ...ceiling, REBATE_DAILY_FEN: 0 }, claims[0]!.id, operator, clock())),
  ).toBe('RATE_LIMITED');
  const tries = await Promise.all(claims.map(({ id }) => codeOf(approveRebate(db, keys, rule, id, operator, clock()))));
  expect(tries.sort()).toEqual([...Array(6).fill('RATE_LIMITED'), 'done', 'done']);
  clock.advance(86_400);
  const again = await Promise.all(claims.map(({ id }) => codeOf(approveRebate(db, keys, rule, id, operator, clock()))));
  const rest = [...Array(2).fill('DATA_NOT_FOUND'), ...Array(4).fill('RATE_LIMITED'), 'done', 'done'];
  expect(again.sort()).toEqual(rest);
});

it('tells the operator when other accounts are paid to the same WeChat ID', async () => {
  const answer = { ...payee, wechat: 'Shared_ID_1' };
  await claimed(undefined, answer);
  const { id } = await claimed(undefined, { ...answer, wechat: 'shared_id_1' });
  expect((await listRebates(db, 'claimed')).find((each) => each.id === id)).toMatchObject({ others: 1 });
});

it('is claimed whole or not at all when it is killed between any two statements', async () => {
  const prepare = async () => {
    const lee = await join();
    await buy(lee);
    await buy(lee);
    clock.advance(WEEK);
    await matureRebates(db, clock());
    return { lee, ...(await openClaim(db, lee.id, clock())) };
  };
  const whole = dyingAt(connection, 0);
  await confirmClaim(whole.db, keys, (await prepare()).token, payee, clock());
  await whole.end();
  for (let n = 1; n <= whole.statements(); n++) {
    const { lee, token } = await prepare();
    const dying = dyingAt(connection, n);
    await expect(confirmClaim(dying.db, keys, token, payee, clock()), `statement ${n}`).rejects.toThrow();
    await dying.end().catch(() => {});
    expect(new Set(await statesOf(lee)).size).toBe(1);
    await confirmClaim(db, keys, token, payee, clock()).catch(() => {});
    expect(await statesOf(lee)).toEqual(['claimed', 'claimed']);
  }
});

it('still pays what was claimed when the account is deleted, drops the rest, and keeps no WeChat ID longer', async () => {
  const { lee, id } = await claimed();
  await buy(lee);
  await deleteAccount(services, lee.id, null);
  expect(await statesOf(lee)).toEqual(['void', 'claimed']);
  await approveRebate(db, keys, ceiling, id, operator, clock());
  await payRebate(db, id, randomUUID(), operator, clock());
  const { rows } = await pool.query('select payee, payee_hash from rebate where id = $1', [id]);
  expect(rows).toEqual([{ payee: null, payee_hash: null }]);
});
