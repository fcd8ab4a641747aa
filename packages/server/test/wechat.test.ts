import {
  createPublicKey,
  createSign,
  createVerify,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { Aes, Wechatpay } from 'wechatpay-axios-plugin';
import { loadConfig } from '../src/config.ts';
import { ForgedNotice } from '../src/payments/provider.ts';
import { openSimulator } from '../src/payments/simulator/simulator.ts';
import { openWechatClient } from '../src/payments/wechat/client.ts';
import { authorization, open, requestMessage, verify } from '../src/payments/wechat/signing.ts';
import { openWechat, wechat } from '../src/payments/wechat.ts';
import { testClock } from './harness.ts';

const clock = testClock();
const simulator = await openSimulator(clock);
const { account, world } = simulator;
const NOTIFY = 'https://photo.example/api/v1/payments/wechat/notify';
const provider = wechat({ account, clock, notifyUrl: NOTIFY, timeoutMs: 1_000 });
const bill = (outTradeNo: string, more: object = {}) => ({
  ...{ outTradeNo, fen: 4980, currency: 'CNY', photos: 3, reference: null, transactionId: null },
  expiresAt: new Date(clock().getTime() + 900_000),
  ...more,
});
beforeEach(() => {
  simulator.faults.length = 0;
});
const folder = mkdtempSync(join(tmpdir(), 'hili-test-'));
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true });
});
const pem = (key: KeyObject) =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString();
const sign64 = (key: KeyObject | Buffer, text: string) => createSign('RSA-SHA256').update(text).sign(key, 'base64');

// https://pay.weixin.qq.com/doc/v3/merchant/4012365334: its signature, and the public half of the key printed there.
const MODULUS =
  'ptpm-qvIDCh_9wjU26SQCK26ogYkBhDrYxnAaw2JbbBsp1oDbHKk-1r381NeBUG2HEFAuU-Fr72u5ot3yKdzoF_FajAzQNKnm569_D3upKoi8mYBaST15Uig8j8qoUW1U217LL0jEHlSnHV3lcaDTXqDpTRR4Bfz9IqOgJgFZ8_oTfEomSrjrLYef81Eyxr7ZIMQXEKKEK7V4UXKS0-_fDsiG_cXidhzt8UbTL9vqXqxM2-IDImyO-FAc_tkBG55LmzxPto1Nq0WbnZzRM_wTzrd0I_8NlevxtFbphg4evlHjFNI7-GrqR87ViEwuAJJ9Je5QQjct5YJfFRWiZ5CMQ';
const SIGNATURE =
  'Lc9VXxmeonkdV8Xk9tmigQFLhl0vRWTerdmoRu01aAnYwIrD/5nsSwE1WlmZGLRlAFTNQ3QsMa0+VRDlJp1Wp5p0nO8EK68b5sJBbjouxaFciIfq1zfDWWz+jqhcMoKXI1A6dPm1AW7D4d30WsMTNzp6g23OXakIsh9LO3lUmwvTuE0BY8ncf6tNGk4wKmvXwERd/ZpoQY3MAVKz+Nakwc+2XBmzT66KcUehU5kr4IvGa/lEU5RZb/q00zP9VLdBhC/jQSX3X1UcJLCtEc4gTmib4tnmAT+bHF/e17ZAuxDNcx6rqT8gNEXqaJGG+1OflMSTU2tpyG65G4dMKdFcoA==';

/** Made for this test and good until 2126; its private key was thrown away. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIDNTCCAh2gAwIBAgIUMJPmeyOEd5lQ8Xf5qXecj/InE1kwDQYJKoZIhvcNAQEL
BQAwKTEnMCUGA1UEAwweU2ltdWxhdGVkIHBsYXRmb3JtIGNlcnRpZmljYXRlMCAX
DTI2MTEyNjAxMzQwM1oYDzIxMjYxMTAyMDEzNDAzWjApMScwJQYDVQQDDB5TaW11
bGF0ZWQgcGxhdGZvcm0gY2VydGlmaWNhdGUwggEiMA0GCSqGSIb3DQEBAQUAA4IB
DwAwggEKAoIBAQDRCs/6EPa95nRoyIi4SDSdhOE1KwpCJlRm9AH7aUv9NolOmo7S
qAEkPBrw04o4qsremZSO0idWqV9ycbi51pbUnfkkKPkYBO/AXnQLHwJiY0+v7Vzr
s8x546etmA9nABco/r18yQmJMwiHE6Nfm3YgBWe2S/ULLMqTKLRXRFgHGOO0zaNu
Bnb4hYFk7RJkBPE3zypGa4+PvEOOgd/VwjoLBbfXqe/JH0m34w0J5/ea55QCYR1x
IEkJNyn0WrdK08sKux+uxcgQNdv4wsjfEaJAUo6v0+tsrY8LNfMeXTTYW3me9IW/
81g0z7jw37L3Cy6Ms8YRiDPFLp00mdYTgrOvAgMBAAGjUzBRMB0GA1UdDgQWBBQG
bqvo9uCFjF0632SaiZyecI9d9jAfBgNVHSMEGDAWgBQGbqvo9uCFjF0632SaiZye
cI9d9jAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQBkwtWxdKB6
nMvRTYedFvRuN2QlXlIyiMvCLrcs6EviPUsXk5iykcdYKZycj4DlMjbzxxuLa82F
JJXXhNphP+WX8DQMAxf1Wze+uikI9h1L9kaCLBQB459/OgP/zc4VGcZvJbEO3bNb
XpIhWoW/7AaYb4X/Pq8ju84kPaIAK04BYSO4CWAjKAIoznYJz1IaYqRmzSBhv2U6
QwlCKLn18YZrd/Ft0C8LkVvmAm4uX1LMIVw25/k4EUAE+7Wi/k4dCE2Ky3ViSmef
qliLayEHx+F6h8VH3/VXs3V5CTWNPrNMQhLeC3PBrqsSb+tUS8XC2oyXukEu5tcb
PZKQ61wCxrqe
-----END CERTIFICATE-----
`;

it("signs the official example's text", () => {
  const key = createPublicKey({ format: 'jwk', key: { kty: 'RSA', n: MODULUS, e: 'AQAB' } });
  const text = requestMessage(
    'GET',
    '/v3/refund/domestic/refunds/123123123123',
    1554208460,
    '593BEC0C930BF1AFEB40B4A08C8FB242',
    '',
  );
  const isSigned = (message: string) => createVerify('RSA-SHA256').update(message).verify(key, SIGNATURE, 'base64');
  expect(isSigned(text)).toBe(true);
  expect(isSigned(`${text}\n`)).toBe(false);
});

it('names merchant, nonce, time and certificate in the header of a request', () => {
  const header = authorization(account, 'POST', '/v3/x?y=1', '{"a":1}', clock(), 'NONCE');
  const seconds = clock().getTime() / 1000;
  expect(header).toMatch(
    new RegExp(
      `^WECHATPAY2-SHA256-RSA2048 mchid="${account.mchid}",nonce_str="NONCE",signature="[\\w+/=]+",timestamp="${seconds}",serial_no="${account.serial}"$`,
    ),
  );
});

it('asks for a payment that ends with the order, in the words of the documentation, and once', async () => {
  const payment = await provider.create(bill('H00001'));
  expect(payment).toEqual({ kind: 'qr', code: expect.stringMatching(/^weixin:\/\/wxpay\/bizpayurl/) });
  const order = world.order('H00001');
  expect(JSON.parse(order.body)).toEqual({
    appid: account.appid,
    mchid: account.mchid,
    description: 'Hili PhotoEnhance 照片修复 3 张',
    out_trade_no: 'H00001',
    time_expire: '2026-03-01T12:15:00+08:00',
    notify_url: NOTIFY,
    amount: { total: 4980, currency: 'CNY' },
  });
  expect(await provider.create(bill('H00001'))).toEqual(payment);
  await expect(provider.create(bill('H00001', { fen: 1 }))).rejects.toThrow('OUT_TRADE_NO_USED');
});

it('says how an order stands: unknown, unpaid, paid, closed', async () => {
  expect(await provider.query(bill('H00002'))).toEqual({ state: 'unknown' });
  const payment = await provider.create(bill('H00002'));
  expect(await provider.query(bill('H00002'))).toEqual({ state: 'unpaid' });
  simulator.pay(payment.kind === 'qr' ? payment.code : '');
  const paid = { outTradeNo: 'H00002', fen: 4980, currency: 'CNY', paidAt: clock(), payer: 'oSIMH00002' };
  expect(await provider.query(bill('H00002'))).toEqual({
    state: 'paid',
    paid: { ...paid, transactionId: world.order('H00002').transactionId },
  });
  expect(await provider.close(bill('H00002'))).toBe('paid');
  await provider.create(bill('H00003'));
  expect(await provider.close(bill('H00003'))).toBe('closed');
  expect(await provider.query(bill('H00003'))).toEqual({ state: 'closed' });
  expect(await provider.close(bill('H00003'))).toBe('closed');
  expect(await provider.close(bill('HNOBODY'))).toBe('closed');
});

it('takes the payment of another app for none of ours', async () => {
  const payment = await provider.create(bill('H00008'));
  simulator.pay(payment.kind === 'qr' ? payment.code : '');
  const other = wechat({ account: { ...account, appid: 'wx-other' }, clock, notifyUrl: NOTIFY, timeoutMs: 1_000 });
  await expect(other.query(bill('H00008'))).rejects.toThrow('expected a transaction of ours');
});

it('refunds once by its number, and no more than was paid', async () => {
  const payment = await provider.create(bill('H00004'));
  simulator.pay(payment.kind === 'qr' ? payment.code : '');
  const wish = { outRefundNo: 'H00004R1', fen: 1660, bill: bill('H00004') };
  expect(await provider.queryRefund(wish)).toMatchObject({ state: 'unknown' });
  for (let n = 0; n < 2; n += 1)
    expect(await provider.refund(wish)).toEqual({ state: 'pending', outRefundNo: 'H00004R1', fen: 1660 });
  expect(world.order('H00004').refunded).toBe(1660);
  await expect(provider.refund({ ...wish, outRefundNo: 'H00004R2', fen: 3321 })).rejects.toThrow('INVALID_REQUEST');
  simulator.settleRefund('H00004R1');
  expect(await provider.queryRefund(wish)).toMatchObject({ state: 'done' });
});

it('asks the second host when the first is away, and no other when one has answered', async () => {
  const away = { ...account, hosts: ['http://127.0.0.1:1', String(account.hosts[0])] };
  const client = openWechatClient(away, clock, 1_000);
  await expect(client.request('GET', '/v3/nothing')).rejects.toMatchObject({ status: 404 });
  simulator.faults.push({ match: /native/, times: 1, kind: 'hang' });
  const twice = openWechatClient({ ...account, hosts: [...account.hosts, ...account.hosts] }, clock, 1_000);
  await expect(twice.request('POST', '/v3/pay/transactions/native', {})).rejects.toMatchObject({ code: 'PARAM_ERROR' });
  await expect(openWechatClient({ ...account, serial: 'FF' }, clock).request('GET', '/v3/x')).rejects.toMatchObject({
    status: 401,
    code: 'SIGN_ERROR',
  });
});

it('believes only what is signed now, with a key that it knows', () => {
  const body = Buffer.from('{"a":1}');
  const sign = (keys: { privateKey: KeyObject }, more: Record<string, string> = {}) => {
    const seconds = String(clock().getTime() / 1000);
    const signature = sign64(keys.privateKey, `${seconds}\nn\n${body}\n`);
    return new Headers({
      ...{ 'wechatpay-timestamp': seconds, 'wechatpay-nonce': 'n', 'wechatpay-serial': 'ONE' },
      ...{ 'wechatpay-signature': signature, ...more },
    });
  };
  const ours = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = new Map([['ONE', ours.publicKey]]);
  const check =
    (headers: Headers, raw = body, now = clock()) =>
    () =>
      verify(keys, headers, raw, now);
  expect(check(sign(ours))).not.toThrow();
  expect(check(sign(ours), body, new Date(clock().getTime() + 299_000))).not.toThrow();
  for (const seconds of [301, -301])
    expect(check(sign(ours), body, new Date(clock().getTime() + seconds * 1000))).toThrow(ForgedNotice);
  expect(check(sign(ours), Buffer.from('{"a":2}'))).toThrow(ForgedNotice);
  expect(check(sign(ours, { 'wechatpay-serial': 'TWO' }))).toThrow(ForgedNotice);
  expect(check(sign(ours, { 'wechatpay-signature': 'not base64 at all' }))).toThrow(ForgedNotice);
  expect(check(sign(generateKeyPairSync('rsa', { modulusLength: 2048 })))).toThrow(ForgedNotice);
  for (const name of ['timestamp', 'nonce', 'serial', 'signature']) {
    const headers = sign(ours);
    headers.delete(`wechatpay-${name}`);
    expect(check(headers), name).toThrow(ForgedNotice);
  }
});

it('opens no text of another key, another length, or another algorithm', () => {
  const sealed = { algorithm: 'AEAD_AES_256_GCM', nonce: 'abcdef012345', associated_data: 'aad' };
  const ciphertext = Aes.AesGcm.encrypt('photo 照片', account.apiKey, 'abcdef012345', 'aad');
  expect(open(account.apiKey, { ...sealed, ciphertext })).toBe('photo 照片');
  expect(() => open('x'.repeat(32), { ...sealed, ciphertext })).toThrow(ForgedNotice);
  expect(() => open(account.apiKey, { ...sealed, ciphertext: 'AAAA' })).toThrow(ForgedNotice);
  expect(() => open(account.apiKey, { ...sealed, ciphertext, algorithm: 'none' })).toThrow(ForgedNotice);
  expect(() => open(account.apiKey, { ...sealed, ciphertext, associated_data: '' })).toThrow(ForgedNotice);
});

it('understands another client of WeChat Pay, as the simulator is understood by it', async () => {
  const theirs = new Wechatpay({
    mchid: account.mchid,
    serial: account.serial,
    privateKey: pem(account.privateKey),
    certs: { [account.platformSerial]: pem(account.platformKeys.get(account.platformSerial) as KeyObject) },
    baseURL: `${account.hosts[0]}/`,
  });
  // The plugin has the machine's time.
  clock.set(new Date().toISOString());
  const wish = JSON.parse(world.order('H00001').body);
  const native = theirs.chain('v3/pay/transactions/native');
  const made = await native.post({ ...wish, out_trade_no: 'H00005', time_expire: undefined });
  expect(made.data.code_url).toBe(world.order('H00005').codeUrl);
  const order = theirs.chain('v3/pay/transactions/out-trade-no/{outTradeNo}');
  const found = await order.get({ params: { mchid: account.mchid }, outTradeNo: 'H00005' });
  expect(found.data).toMatchObject({ trade_state: 'NOTPAY' });
  simulator.faults.push({ match: /native/, times: 1, kind: 'bad_sig' });
  await expect(native.post({ ...wish, out_trade_no: 'H00006', time_expire: undefined })).rejects.toThrow();
});

it('opens WeChat Pay from its settings, by public key, by certificate, or by both while one changes over', () => {
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const keyFile = file('key.pem', pem(account.privateKey));
  const publicFile = file('public.pem', pem(account.platformKeys.get(account.platformSerial) as KeyObject));
  const certFile = file('cert.pem', CERTIFICATE);
  const settings = {
    ...{ WECHAT_PAY_MCHID: account.mchid, WECHAT_PAY_APPID: account.appid, WECHAT_PAY_SERIAL: account.serial },
    ...{ WECHAT_PAY_KEY_FILE: keyFile, WECHAT_PAY_API_KEY: account.apiKey },
  };
  const opened = (more: Record<string, string>) =>
    openWechat({ config: loadConfig({ ...settings, ...more }), clock, publicUrl: '', notifyUrl: NOTIFY });
  const byKey = { WECHAT_PAY_PUBLIC_KEYS: `PUB_KEY_ID_01=${publicFile}` };
  expect(opened(byKey)?.name).toBe('wechat');
  expect(opened({ WECHAT_PAY_CERTIFICATES: certFile })?.name).toBe('wechat');
  expect(opened({ ...byKey, WECHAT_PAY_CERTIFICATES: certFile })?.name).toBe('wechat');
  expect(() => opened({})).toThrow('expected a value for WECHAT_PAY_PUBLIC_KEYS or WECHAT_PAY_CERTIFICATES');
  expect(() => opened({ WECHAT_PAY_CERTIFICATES: join(folder, 'none') })).toThrow(/^(?!.*hili-test)/s);
  expect(openWechat({ config: loadConfig({}), clock, publicUrl: '', notifyUrl: NOTIFY })).toBeUndefined();

  // The certificate's key is asked for by its number, the public key by its id; nothing else is known.
  const both = opened({ ...byKey, WECHAT_PAY_CERTIFICATES: certFile });
  const seconds = String(Math.floor(clock().getTime() / 1000));
  const read = (serial: string) => () =>
    both?.readNotice?.(
      Buffer.from('{}'),
      new Headers({
        ...{ 'wechatpay-timestamp': seconds, 'wechatpay-nonce': 'n', 'wechatpay-serial': serial },
        'wechatpay-signature': sign64(account.privateKey, `${seconds}\nn\n{}\n`),
      }),
    );
  for (const serial of ['PUB_KEY_ID_01', new X509Certificate(CERTIFICATE).serialNumber])
    expect(read(serial)).toThrow('expected a good signature');
  expect(read('PUB_KEY_ID_02')).toThrow('expected a serial that we know');
});

it('downloads no bill of another SHA-1', async () => {
  const day = new Date(clock().getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
  const payment = await provider.create(bill('H00007'));
  simulator.pay(payment.kind === 'qr' ? payment.code : '');
  simulator.faults.push({ match: /billdownload/, times: 1, kind: 'corrupt' });
  await expect(provider.bill?.(day)).rejects.toThrow('SHA-1');
  expect(await provider.bill?.(day)).toEqual([
    { outTradeNo: 'H00007', transactionId: world.order('H00007').transactionId, fen: 4980, refund: null },
  ]);
  expect(await provider.bill?.('2001-01-01')).toEqual([]);
});
