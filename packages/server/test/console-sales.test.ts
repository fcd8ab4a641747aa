import { AdminOrderView, NewBatchCodes, TransferState } from '@hili/contract/admin';
import { expect, it } from 'vitest';
import { codeOf, ok, statusOf } from './answers.ts';
import { key, openConsole, reason } from './console-app.ts';
import { openOperator } from './operator.ts';

const { app, admin, operatorEmail, page, audited, member } = await openConsole();

it('confirms bank transfers, by two operators above the limit, pays rebates, and gives orders back', async () => {
  const { browser, id: userId } = await member();
  const buy = async (code: string) =>
    (await (await browser.api('POST', '/orders', { package: code, provider: 'offline' })).json()) as { id: string };
  const small = await buy('photos-3');
  const transfer = { reference: `BANK${Date.now()}`, fen: 4980, note: 'seen today' };
  expect(await codeOf(admin('POST', `/orders/${small.id}/confirm`, { ...transfer, fen: 4979 }))).toBe('BAD_REQUEST');
  expect(await ok(TransferState, admin('POST', `/orders/${small.id}/confirm`, transfer))).toMatchObject({
    state: 'granted',
  });
  expect((await ok(AdminOrderView, admin('GET', `/orders/${small.id}`))).refundable).toEqual({ photos: 3, fen: 4980 });

  const large = await buy('photos-50');
  const big = { reference: `BIG${Date.now()}`, fen: 40_000 };
  expect(await ok(TransferState, admin('POST', `/orders/${large.id}/confirm`, big))).toMatchObject({ state: 'draft' });
  expect((await ok(AdminOrderView, admin('GET', `/orders/${large.id}`))).order.paidAt).toBeNull();
  const second = await openOperator(app);
  expect(await ok(TransferState, second.admin('POST', `/orders/${large.id}/confirm`, big))).toMatchObject({
    state: 'granted',
  });

  expect(await codeOf(admin('POST', `/orders/${small.id}/refund`, {}))).toBe('BAD_REQUEST');
  const refunded = await ok(AdminOrderView, admin('POST', `/orders/${small.id}/refund`, { reason }));
  expect(refunded).toMatchObject({ order: { state: 'refunding' }, refundable: null });
  expect(await statusOf(admin('POST', `/orders/${small.id}/refund-sent`, { reference: `BACK${Date.now()}` }))).toBe(
    204,
  );
  const { order, refunds, events } = await ok(AdminOrderView, admin('GET', `/orders/${small.id}`));
  expect(order).toMatchObject({ state: 'refunded', refundedFen: 4980 });
  expect(refunds).toMatchObject([{ photos: 3, fen: 4980, state: 'done', actor: operatorEmail }]);
  expect(events.map(({ kind }) => kind)).toContain('refunded');
  expect((await audited(small.id)).map(({ act }) => act)).toEqual([
    'order.refund-sent',
    'order.refund',
    'order.confirm',
  ]);
  expect((await page('orders', { owner: userId })).rows.map(({ state }) => state).sort()).toEqual(['paid', 'refunded']);
  expect((await page('transfers', { q: big.reference })).rows).toMatchObject([
    { state: 'granted', approvedBy: second.email },
  ]);
  const [rebate] = (await page('rebates', { owner: userId })).rows;
  expect(rebate).toMatchObject({ state: 'void', payee: null });
});

it('makes vouchers whose codes are shown once, and ends those that nobody has used', async () => {
  const { browser } = await member();
  const wish = { key: key(), vouchers: 3, credits: 4, reason: 'Fair in May' };
  const made = await ok(NewBatchCodes, admin('POST', '/batches', wish));
  expect(made.codes).toHaveLength(3);
  expect(await codeOf(admin('POST', '/batches', wish))).toBe('BAD_REQUEST');
  expect(await statusOf(browser.api('POST', '/vouchers/redeem', { code: made.codes[0] }))).toBe(200);
  expect(await statusOf(admin('POST', `/batches/${made.id}/revoke`, { reason }))).toBe(204);
  expect((await page('batches', { q: 'fair' })).rows).toMatchObject([
    { vouchers: 3, redeemed: 1, revoked: 2, state: 'ended' },
  ]);
  expect(await codeOf(browser.api('POST', '/vouchers/redeem', { code: made.codes[1] }))).toBe('VOUCHER_INVALID');
  expect(JSON.stringify(await audited('batch.'))).not.toContain(made.codes[0]);
});
