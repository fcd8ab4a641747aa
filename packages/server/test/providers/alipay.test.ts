import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlipaySdk } from 'alipay-sdk';
import { afterAll, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { Order } from '../../src/order-tables.ts';
import { isSignedNotice, sign } from '../../src/payments/alipay/signing.ts';
import { openAlipay, readYuan, yuan } from '../../src/payments/alipay.ts';
import { askDay, reconcile } from '../../src/payments/reconcile.ts';
import { openIssues } from '../../src/recon-issues.ts';
import { askRefund } from '../../src/refunds.ts';
import { brokenInvariants } from '../../src/wallets.ts';
import { openFakeAlipay } from './fake-alipay.ts';
import { testProvider } from './suite.ts';

let world: Awaited<ReturnType<typeof openFakeAlipay>>;
const till = await testProvider(async ({ clock, notifyUrl }) => {
  world = await openFakeAlipay(clock, notifyUrl('alipay'));
  return world.fake;
});
const folder = await mkdtemp(join(tmpdir(), 'hili-test-'));
afterAll(() => rm(folder, { recursive: true }));

const { merchant, platform, account } = world!;
const pem = (key: (typeof merchant)['privateKey']) =>
  key.export(key.type === 'private' ? { type: 'pkcs8', format: 'pem' } : { type: 'spki', format: 'pem' }).toString();
const sdk = new AlipaySdk({
  ...{ appId: account.appId, gateway: account.gateway, keyType: 'PKCS8' },
  ...{ privateKey: pem(merchant.privateKey), alipayPublicKey: pem(platform.publicKey) },
});
const parameters = { b: '2', a: '照片 & 修复', sign_type: 'RSA2', c: 'x=y', app_id: '1' };

it("agrees with Alipay's own client on signatures of notices", () => {
  const fields = new Map(Object.entries(parameters));
  const { sign_type: _type, ...covered } = parameters;
  const good = { ...parameters, sign: sign(new Map(Object.entries(covered)), platform.privateKey) };
  expect(sdk.checkNotifySignV2(good)).toBe(true);
  expect(isSignedNotice(new Map([...fields, ['sign', good.sign]]), platform.publicKey)).toBe(true);
  for (const bad of [
    { ...good, b: '3' },
    { ...good, sign: `A${good.sign.slice(1)}` },
    { ...good, d: '1' },
  ]) {
    expect(sdk.checkNotifySignV2(bad)).toBe(false);
    expect(isSignedNotice(new Map(Object.entries(bad)), platform.publicKey)).toBe(false);
  }
});

it("agrees with Alipay's own client on requests and answers: each of the two is understood by the fake and verifies what it says", async () => {
  const order = await till.buy();
  const bizContent = { out_trade_no: order.outTradeNo };
  const unknown = await sdk.exec('alipay.trade.query', { bizContent }, { validateSign: true });
  expect(unknown).toMatchObject({ code: '40004', subCode: 'ACQ.TRADE_NOT_EXIST' });
  expect(world.fake.pay(order)).toBe(true);
  const known = await sdk.exec('alipay.trade.query', { bizContent }, { validateSign: true });
  expect(known).toMatchObject({ code: '10000', tradeStatus: 'TRADE_SUCCESS', totalAmount: '49.80' });
});

it('compares each day with what Alipay says of every order and refund of it, once, and lays what differs before the operator', async () => {
  const { deps, clock, db, fake } = till;
  // A day of its own, at noon in China.
  clock.set('2026-05-10T04:00:00Z');
  const orders = [await till.buy(), await till.buy(), await till.buy(), await till.buy(), await till.buy()];
  const [good, changed, gone, refunded, late] = orders as [Order, Order, Order, Order, Order];
  for (const order of [good, changed, gone, refunded]) fake.pay(order);
  await till.pass(1);
  const { outRefundNo } = await askRefund(deps, refunded.id, refunded.userId);
  await till.pass(61);
  await till.sweep();
  // Alipay says later what it did not say before.
  Object.assign(world.trades.get(changed.outTradeNo) ?? {}, { amount: '49.81' });
  world.trades.delete(gone.outTradeNo);
  world.refunds.delete(outRefundNo);
  await till.pass(1000);
  await till.sweep();
  expect((await till.order(late)).state).toBe('closed');
  Object.assign(world.trades.get(late.outTradeNo) ?? {}, {
    state: 'TRADE_SUCCESS',
    tradeNo: '1',
    paidAt: '2026-05-10 12:05:00',
  });
  clock.set('2026-05-11T02:29:00Z');
  const before = (await openIssues(db)).length;
  await reconcile(deps);
  expect(await openIssues(db), 'half past ten in China has not come').toHaveLength(before);
  clock.set('2026-05-11T02:31:00Z');
  expect(await reconcile(deps)).toBe(1);
  expect(await reconcile(deps)).toBe(0);
  const found = (await openIssues(db)).slice(before).map(({ kind, outTradeNo }) => ({ kind, outTradeNo }));
  expect(found).toHaveLength(3);
  expect(found).toContainEqual({ kind: 'bill_amount', outTradeNo: changed.outTradeNo });
  expect(found).toContainEqual({ kind: 'missing_there', outTradeNo: gone.outTradeNo });
  expect(found).toContainEqual({ kind: 'bill_refund', outTradeNo: refunded.outTradeNo });
  // Paid there and not here: asked for again, and granted.
  expect((await till.order(late)).state).toBe('paid');
  expect(await askDay(deps, fake.provider, '2026-05-10'), 'the same day once more').toBe(0);
  expect(await brokenInvariants(db)).toEqual([]);
});

it('refuses an answer that Alipay has not signed, or that was changed on the way', async () => {
  const order = await till.buy();
  const { query } = world.fake.provider;
  const bill = { ...order, photos: 3 };
  expect(await query(bill)).toEqual({ state: 'unpaid' });
  world.server.faults.push('corrupt');
  await expect(query(bill)).rejects.toThrow(/signed/);
});

it('counts yuan in whole fen', () => {
  for (const fen of [1, 10, 99, 100, 4980, 15_000, 100_000, 99_999_999]) expect(readYuan(yuan(fen))).toBe(fen);
  expect(yuan(4980)).toBe('49.80');
  expect([readYuan('49.8'), readYuan('50'), readYuan('0.07')]).toEqual([4980, 5000, 7]);
  for (const wrong of ['', '-1', '1.005', '1e3', '49,80', ' 1', 'NaN']) expect(() => readYuan(wrong), wrong).toThrow();
});

it('opens with keys as PEM and as the bare lines that Alipay’s tool writes, and refuses a file that is none', async () => {
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const bare = (text: string) => text.replace(/-----[^-]+-----|\s/g, '');
  const open = (key: string, publicKey: string) =>
    openAlipay({
      config: loadConfig({
        ...{ ALIPAY_APP_ID: account.appId, ALIPAY_SELLER_ID: account.sellerId, ALIPAY_KEY_FILE: key },
        ...{ ALIPAY_PUBLIC_KEY_FILE: publicKey, ALIPAY_GATEWAY: account.gateway },
      }),
      ...{ clock: till.clock, publicUrl: 'https://x.example', notifyUrl: 'https://x.example/n' },
    });
  const privatePem = pem(merchant.privateKey);
  const pkcs1 = merchant.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const publicFile = await write('public.txt', bare(pem(platform.publicKey)));
  for (const [index, text] of [privatePem, bare(privatePem), bare(pkcs1)].entries()) {
    const provider = open(await write(`key${index}.txt`, text), publicFile);
    expect(await provider?.query({ ...(await till.buy()), photos: 3 })).toEqual({ state: 'unpaid' });
  }
  const wrong = await write('wrong.txt', 'no key');
  expect(() => open(wrong, publicFile)).toThrow(/^expected the file of a private key for ALIPAY_KEY_FILE/);
  expect(() => open(publicFile, wrong)).toThrow(/ALIPAY_KEY_FILE/);
  expect(openAlipay({ config: loadConfig({}), clock: till.clock, publicUrl: '', notifyUrl: '' })).toBeUndefined();
});
