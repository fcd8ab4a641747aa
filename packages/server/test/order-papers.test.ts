import { FapiaoView, OrderView } from '@hili/contract';
import { afterAll, expect, it } from 'vitest';
import { endFapiao, listFapiao } from '../src/fapiao.ts';
import { fr } from '../src/mail/letters/fr.ts';
import { confirmOrder, endOfflineRefund } from '../src/offline-payments.ts';
import { findOrderByNumber } from '../src/order-rows.ts';
import { askRefund } from '../src/refunds.ts';
import { brokenInvariants, capture, hold } from '../src/wallets.ts';
import { problem } from './answers.ts';
import { newEmail, openBrowser } from './browser.ts';
import { mailsIn, mailTo } from './mailbox.ts';
import { openTestApp } from './test-app.ts';

const BOSS = 'boss@example.com';
const app = await openTestApp({
  ...{ OFFLINE_ACCOUNT: 'Bank of Examples 6222', CONTACT_EMAIL: BOSS, OPERATOR_NAME: 'Example Ltd' },
  ...{ CONTACT_ADDRESS: 'Road 1\nShanghai' },
});
afterAll(async () => {
  expect(await brokenInvariants(app.db)).toEqual([]);
  await app.close();
});
const by = { userId: undefined, name: BOSS };

/** Somebody with an order by bank transfer, which is paid unless said otherwise. */
async function buyer({ paid = true } = {}) {
  const email = newEmail();
  const browser = openBrowser(app);
  await browser.enter(email);
  const wish = { package: 'photos-10', provider: 'offline' };
  const order = OrderView.parse(await (await browser.api('POST', '/orders', wish)).json());
  if (paid) await confirmOrder(app, order.number, { bankRef: `BANK-${order.number}` }, by);
  return { ...browser, email, order, ask: (wish: object) => browser.api('POST', `/orders/${order.id}/fapiao`, wish) };
}
const COMPANY = { title: '示例科技有限公司', taxNumber: '91310000ma1k00000x', email: 'books@example.com' };

it('answers an order by its number as well as by its id, to its owner only', async () => {
  const { api, order } = await buyer();
  expect(OrderView.parse(await (await api('GET', `/orders/${order.number}`)).json()).id).toBe(order.id);
  const stranger = await buyer();
  for (const path of [
    order.id,
    order.number,
    `${order.id}/receipt`,
    `${order.number}/receipt`,
    `${order.id}/receipt.pdf`,
    `${order.id}/fapiao`,
    'x',
    "'",
  ])
    expect((await problem(await stranger.api('GET', `/orders/${path}`))).code, path).toBe('DATA_NOT_FOUND');
  expect((await problem(await stranger.api('POST', `/orders/${order.id}/fapiao`, COMPANY))).code).toBe(
    'DATA_NOT_FOUND',
  );
  const guest = await openBrowser(app).api('GET', `/orders/${order.id}/receipt`);
  expect((await problem(guest)).code).toBe('SIGN_IN_REQUIRED');
});

it('writes the receipt of a paid order in the reader’s language, with what went back', async () => {
  const unpaid = await buyer({ paid: false });
  expect(await problem(await unpaid.api('GET', `/orders/${unpaid.order.id}/receipt`))).toMatchObject({
    code: 'DATA_NOT_FOUND',
  });
  expect((await problem(await unpaid.api('GET', `/orders/${unpaid.order.id}/receipt.pdf`))).code).toBe(
    'DATA_NOT_FOUND',
  );
  const { api, order, email } = await buyer();
  const read = async (language: string) =>
    (await api('GET', `/orders/${order.id}/receipt`, undefined, { 'accept-language': language })).json();
  expect(await read('en')).toMatchObject({
    ...{ title: 'Receipt', demo: null, buyer: { lines: [email] } },
    seller: { lines: ['Example Ltd', 'Road 1', 'Shanghai', BOSS] },
    facts: expect.arrayContaining([
      ['Order number', order.number],
      ['Paid by', 'Bank transfer'],
      ['Transaction number', `BANK-${order.number}`],
    ]),
    total: ['Total, taxes included', 'CN¥150.00'],
  });
  for (const [language, title] of [
    ['zh', '收据'],
    ['ja', '領収書'],
    ['es', 'Recibo'],
    ['fr', 'Reçu'],
  ] as const)
    expect(await read(language)).toMatchObject({ title });
});

it('takes a request for a fapiao, tells the operator by mail, and the buyer its number', async () => {
  const { api, ask, order } = await buyer();
  expect((await problem(await api('GET', `/orders/${order.id}/fapiao`))).code).toBe('DATA_NOT_FOUND');
  const asked = await ask(COMPANY);
  expect(asked.status).toBe(201);
  expect(FapiaoView.parse(await asked.json())).toMatchObject({
    ...COMPANY,
    taxNumber: '91310000MA1K00000X',
    state: 'open',
    note: null,
  });
  const again = await ask({ title: '李雷', email: COMPANY.email });
  expect(FapiaoView.parse(await again.json())).toMatchObject({ title: '李雷', taxNumber: null, state: 'open' });
  const mail = await mailTo(app.folder, BOSS);
  for (const words of [order.number, '150.00', COMPANY.email]) expect(mail.text).toContain(words);
  const [open] = (await listFapiao(app.db, false)).filter(({ orderId }) => orderId === order.id);
  expect(open).toMatchObject({ number: order.number, fen: 15_000, title: '李雷', simulated: false });
  const end = { state: 'issued', note: '26112000000012345678' } as const;
  const ends = await Promise.allSettled([1, 2, 3].map(() => endFapiao(app.db, String(open?.id), end, by, app.clock())));
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect((await mailTo(app.folder, COMPANY.email)).text).toContain(end.note);
  expect(await (await api('GET', `/orders/${order.id}/fapiao`)).json()).toMatchObject({
    state: 'issued',
    note: end.note,
  });
  expect(await problem(await ask(COMPANY))).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
});

it('writes to the buyer, in their language, that a refund has gone through, for how much and where to', async () => {
  const { api, email, order } = await buyer();
  expect((await api('PATCH', '/account', { language: 'fr' })).status).toBe(200);
  await askRefund(app, order.id, 'x');
  await endOfflineRefund(app, order.number, { state: 'done', bankRef: `BACK-${order.number}` }, by);
  await expect.poll(() => mailsIn(app.folder, email).map(({ subject }) => subject)).toContain(fr.refunded.subject);
  const [mail] = mailsIn(app.folder, email).filter(({ subject }) => subject === fr.refunded.subject);
  for (const words of [order.number, '150,00\u00a0yuans (CNY)', 'Virement bancaire', `/orders/${order.id}`])
    expect(mail?.text).toContain(words);
});

it('refuses a title, a tax number and an address that are none', async () => {
  const { ask } = await buyer();
  const wrong = [
    ...[{}, { ...COMPANY, title: ' ' }, { ...COMPANY, title: 'x'.repeat(101) }, { ...COMPANY, title: 'a\nb' }],
    ...[
      { ...COMPANY, taxNumber: '123' },
      { ...COMPANY, taxNumber: "1' or '1'='1" },
      { ...COMPANY, email: 'nobody' },
    ],
  ];
  for (const wish of wrong) expect((await problem(await ask(wish))).code, JSON.stringify(wish)).toBe('BAD_REQUEST');
});

it('is made out over what is left of the price, and not at all when nothing is', async () => {
  const unpaid = await buyer({ paid: false });
  expect((await problem(await unpaid.ask(COMPANY))).code).toBe('ORDER_ENDED');
  const { ask, order } = await buyer();
  const row = await findOrderByNumber(app.db, order.number);
  if (!row) throw new Error('expected an order');
  const job = crypto.randomUUID();
  await hold(app.db, row.walletId, job, 4, app.clock());
  await capture(app.db, job, 4, app.clock());
  await askRefund(app, order.id, row.userId);
  await endOfflineRefund(app, order.number, { state: 'done', bankRef: 'BACK-1' }, by);
  expect((await ask(COMPANY)).status).toBe(201);
  const [open] = (await listFapiao(app.db, false)).filter(({ orderId }) => orderId === order.id);
  expect(open?.fen).toBe(6000);
  const whole = await buyer();
  const other = await findOrderByNumber(app.db, whole.order.number);
  await askRefund(app, whole.order.id, String(other?.userId));
  expect((await problem(await whole.ask(COMPANY))).code).toBe('ORDER_ENDED');
});

it('forgets who asked when their account is deleted', async () => {
  const { ask, api, order } = await buyer();
  await ask(COMPANY);
  const gone = await api('DELETE', '/account', { confirm: 'DELETE' });
  expect([gone.status, gone.status < 300 ? '' : await gone.text()]).toEqual([204, '']);
  expect((await listFapiao(app.db, true)).filter(({ orderId }) => orderId === order.id)).toEqual([]);
});

it('sets no more receipts as PDF for one user than anybody prints', async () => {
  const { api, order } = await buyer();
  const { userId } = (await findOrderByNumber(app.db, order.number)) ?? {};
  for (let n = 0; n < 59; n += 1) await app.rateLimits.take('papers', String(userId));
  expect((await api('GET', `/orders/${order.id}/receipt.pdf`)).status).toBe(200);
  expect((await problem(await api('GET', `/orders/${order.id}/receipt.pdf`))).code).toBe('RATE_LIMITED');
  expect((await api('GET', `/orders/${order.id}/receipt`)).status).toBe(200);
});
