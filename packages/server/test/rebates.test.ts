import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { openClaim, readPayee } from '../src/claims.ts';
import { applyDispute } from '../src/disputes.ts';
import { listRebates, matureRebates, paidRebates } from '../src/rebate-rows.ts';
import {
  approveRebate,
  exportRebates,
  ownRebates,
  payRebate,
  rebateFen,
  rejectRebate,
  returnRebate,
} from '../src/rebates.ts';
import { ceiling, codeOf, openRebates, operator, payee, WEEK } from './rebate-shop.ts';

const { db, pool, clock, keys, rules, join, pay, buy, refund, statesOf, claimed } = await openRebates();

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
