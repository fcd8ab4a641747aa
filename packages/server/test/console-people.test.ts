import { randomUUID } from 'node:crypto';
import { MeView } from '@hili/contract';
import {
  AdminMoved,
  AdminOrderView,
  AdminPartnerView,
  AdminSecret,
  AdminUserView,
  TransferState,
} from '@hili/contract/admin';
import { expect, it } from 'vitest';
import { codeOf, ok, statusOf } from './answers.ts';
import { newEmail } from './browser.ts';
import { key, openConsole, reason, settled, upload } from './console-app.ts';
import { openOperator } from './operator.ts';
import { callPartner } from './test-app.ts';

const { app, admin, operatorEmail, page, audited, member } = await openConsole();
await app.startWorker();

it('grants a user credits once a wish, however many ask at once, and says so to nobody but the audit', async () => {
  const { browser, id } = await member();
  const wish = { key: key(), credits: 7, days: 30, reason };
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => ok(AdminMoved, admin('POST', `/users/${id}/grants`, wish))),
  );
  expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect((await ok(MeView, browser.api('GET', '/me'))).credits.lots).toMatchObject([
    { source: 'goodwill', available: 7 },
  ]);
  expect(await codeOf(admin('POST', `/users/${id}/grants`, { ...wish, credits: 8 }))).toBe('BAD_REQUEST');
  expect(await audited(id)).toMatchObject([
    {
      operator: operatorEmail,
      origin: 'console',
      act: 'user.grant',
      after: { credits: 7, days: 30 },
      reason,
      address: '127.0.0.1',
    },
  ]);
  for (const wrong of [
    { credits: 0 },
    { credits: -1 },
    { credits: 1.5 },
    { credits: 1e12 },
    { reason: ' ' },
    { key: 'x' },
  ])
    expect(await codeOf(admin('POST', `/users/${id}/grants`, { ...wish, key: key(), ...wrong }))).toBe('BAD_REQUEST');
  expect(await codeOf(admin('POST', `/users/${randomUUID()}/grants`, { ...wish, key: key() }))).toBe('DATA_NOT_FOUND');
});

it('lets no operator give themselves credits, their money back after its time, or a second name', async () => {
  const own = await openOperator(app);
  const id = String((await page('users', { q: own.email })).rows[0]?.id);
  const wish = { key: key(), credits: 7, days: 30, reason };
  expect(await codeOf(own.admin('POST', `/users/${id}/grants`, wish))).toBe('BAD_REQUEST');
  const bought = own.browser.api('POST', '/orders', { package: 'photos-3', provider: 'offline' });
  const order = (await (await bought).json()) as { id: string };
  const transfer = { reference: `BANK${Date.now()}own`, fen: 4980 };
  expect(await codeOf(own.admin('POST', `/orders/${order.id}/confirm`, transfer))).toBe('BAD_REQUEST');
  await ok(TransferState, admin('POST', `/orders/${order.id}/confirm`, transfer));
  expect(await codeOf(own.admin('POST', `/orders/${order.id}/refund`, { reason }))).toBe('BAD_REQUEST');
  expect(await codeOf(own.browser.api('POST', '/account/email', { email: newEmail() }))).toBe('BAD_REQUEST');
  expect(await codeOf(own.browser.api('PUT', '/account/email', { email: newEmail(), code: '123456' }))).toBe(
    'BAD_REQUEST',
  );
  await ok(AdminOrderView, admin('POST', `/orders/${order.id}/refund`, { reason }));
});

it('takes back what is unused of a lot while it is being spent: never more, and each wish once', async () => {
  const { browser, id } = await member();
  await admin('POST', `/users/${id}/grants`, { key: key(), credits: 5, days: null, reason });
  const { lots } = await ok(AdminUserView, admin('GET', `/users/${id}`));
  const lot = lots[0];
  const wish = { key: key(), reason };
  const [photo, ...answers] = await Promise.all([
    upload(browser),
    ...Array.from({ length: 4 }, () => ok(AdminMoved, admin('POST', `/lots/${lot?.id}/revoke`, wish))),
  ]);
  const [first] = answers;
  expect([4, 5]).toContain(first?.credits);
  expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(new Set(answers.map(({ credits }) => credits)).size).toBe(1);
  await settled(browser, photo.id, 'done');
  const left = (await ok(AdminUserView, admin('GET', `/users/${id}`))).lots.find((each) => each.id === lot?.id);
  // What a job gives back after it, because there was nothing to improve, is the user's again.
  expect(left).toMatchObject({ granted: 5, held: 0 });
  expect(left?.available).toBeLessThanOrEqual(1);
  expect(await audited('credits.revoke')).toMatchObject([
    { subject: `user ${id}`, after: { lot: lot?.id, credits: -(first?.credits ?? 0) } },
  ]);
  expect(await codeOf(admin('POST', '/lots/999999999/revoke', { key: key(), reason }))).toBe('DATA_NOT_FOUND');
  const ledger = await page('ledger', { owner: id, limit: '200' });
  expect(ledger.rows.map(({ kind }) => kind)).toContain('revoke');
  const bySum = new Map<string, number>();
  for (const { key: each, amount } of ledger.rows) bySum.set(each, (bySum.get(each) ?? 0) + amount);
  expect([...bySum.values()].every((sum) => sum === 0)).toBe(true);
});

it('signs a user out, refuses their sign-ins while they are disabled, and lets them in again', async () => {
  const { browser, email, id } = await member();
  expect(await ok(AdminUserView, admin('POST', `/users/${id}/sign-out`, { reason }))).toMatchObject({ sessions: 0 });
  expect((await browser.me()).kind).toBe('guest');
  await browser.enter(email, 'correct horse');
  const view = await ok(AdminUserView, admin('POST', `/users/${id}/disable`, { reason }));
  expect(view).toMatchObject({ user: { state: 'disabled', reason }, sessions: 0 });
  expect((await browser.me()).kind).toBe('guest');
  const code = await browser.code(email);
  expect(await codeOf(browser.api('POST', '/sign-in/code', { email, code }))).toBe('SIGN_IN_FAILED');
  const password = { email, password: 'correct horse' };
  expect(await codeOf(browser.api('POST', '/sign-in/password', password))).toBe('SIGN_IN_FAILED');
  expect((await page('users', { state: 'disabled', q: email })).rows).toHaveLength(1);
  await ok(AdminUserView, admin('POST', `/users/${id}/enable`, { reason }));
  expect(await statusOf(browser.api('POST', '/sign-in/password', password))).toBe(200);
  expect((await browser.me()).kind).toBe('user');
  expect((await audited(id)).map(({ act }) => act)).toEqual(['user.enable', 'user.disable', 'user.sign-out']);
  const self = (await page('users', { q: operatorEmail })).rows[0];
  expect(self).toMatchObject({ isOperator: true });
  expect(await codeOf(admin('POST', `/users/${self?.id}/disable`, { reason }))).toBe('BAD_REQUEST');
});

it('looks after a partner: shows a secret once, rotates it, and refuses it from elsewhere as it refuses a wrong one', async () => {
  const made = await ok(AdminSecret, admin('POST', '/partners', { code: 'club', name: 'Photo club', reason }));
  const nums = (partner: { code: string; secretKey: string }) =>
    callPartner(app, '/api/third/company/nums', app.token(partner), { third_code: partner.code });
  await ok(AdminMoved, admin('POST', '/partners/club/grants', { key: key(), credits: 9, days: 30, reason }));
  expect((await nums(made)).answer).toMatchObject({ code: 200, data: { nums: 9 } });
  const rotated = await ok(AdminSecret, admin('POST', '/partners/club/rotate', { overlapSeconds: 600, reason }));
  for (const each of [made, rotated]) expect((await nums(each)).answer.code).toBe(200);

  const limit = (addresses: string[]) => admin('PUT', '/partners/club/addresses', { addresses, reason });
  expect((await ok(AdminPartnerView, limit(['192.0.2.0/24', '2001:db8::/48']))).partner.addresses).toEqual([
    '192.0.2.0/24',
    '2001:db8::/48',
  ]);
  const refused = await nums(rotated);
  const wrong = await nums({ code: 'club', secretKey: '0'.repeat(32) });
  expect(refused).toEqual(wrong);
  expect(refused.answer).toMatchObject({ errno: 9999 });
  for (const bad of ['x', '300.1.1.1', '10.0.0.0/33', '2001:db8::/65', '1.2.3.4/'])
    expect(await codeOf(limit([bad])), bad).toBe('BAD_REQUEST');
  const view = await ok(AdminPartnerView, limit(['127.0.0.1']));
  expect(view).toMatchObject({ partner: { available: 9, state: 'active' } });
  expect(view.secrets).toHaveLength(2);
  expect(view.usage).toHaveLength(30);
  expect((await nums(rotated)).answer.code).toBe(200);
  await ok(AdminPartnerView, admin('POST', '/partners/club/disable', { reason }));
  expect((await nums(rotated)).answer).toMatchObject({ errno: 9999 });
  await ok(AdminPartnerView, admin('POST', '/partners/club/enable', { reason }));
  expect((await nums(rotated)).answer.code).toBe(200);

  const acts = await audited('partner.');
  expect(acts.map(({ act }) => act).reverse()).toEqual([
    ...['partner.create', 'partner.grant', 'partner.rotate', 'partner.addresses', 'partner.addresses'],
    ...['partner.disable', 'partner.enable'],
  ]);
  expect(JSON.stringify(acts)).not.toMatch(new RegExp(`${made.secretKey}|${rotated.secretKey}`));
});
