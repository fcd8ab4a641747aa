import { createDecipheriv, createSign, createVerify, type KeyObject, randomBytes } from 'node:crypto';
import { ForgedNotice } from '../provider.ts';

/** Seconds by which a signed message may be older or newer than our clock; WeChat's own advice. */
const SKEW_SECONDS = 300;
const TAG_BYTES = 16;

/** The text that a request signs: five lines, each with its end. https://pay.weixin.qq.com/doc/v3/merchant/4012365336 */
export const requestMessage = (method: string, path: string, seconds: number, nonce: string, body: string): string =>
  `${method}\n${path}\n${seconds}\n${nonce}\n${body}\n`;

/** The text that an answer and a notice sign, over their raw bytes. https://pay.weixin.qq.com/doc/v3/merchant/4013053420 */
export const responseMessage = (seconds: string, nonce: string, body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`${seconds}\n${nonce}\n`), body, Buffer.from('\n')]);

/** Who asks, as WeChat knows the merchant. */
export interface Merchant {
  readonly mchid: string;
  /** Serial number of the merchant's certificate, in hex. */
  readonly serial: string;
  readonly privateKey: KeyObject;
}

/**
 * The `Authorization` of a request: RSA-SHA256, PKCS #1 v1.5.
 * @param path with its query, as it is sent.
 * @param body the very text that is sent; empty when there is none.
 */
export function authorization(
  { mchid, serial, privateKey }: Merchant,
  method: string,
  path: string,
  body: string,
  now: Date,
  nonce = randomBytes(16).toString('hex').toUpperCase(),
): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const signature = createSign('RSA-SHA256')
    .update(requestMessage(method, path, seconds, nonce, body))
    .sign(privateKey, 'base64');
  return `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="${nonce}",signature="${signature}",timestamp="${seconds}",serial_no="${serial}"`;
}

/**
 * Checks the signature of an answer or a notice, over its bytes as they came. The key is chosen by its serial: the public key's id, or a
 * platform certificate's number, since both are in use while a merchant changes over.
 * @throws ForgedNotice
 */
export function verify(
  keys: ReadonlyMap<string, KeyObject>,
  headers: Pick<Headers, 'get'>,
  raw: Uint8Array,
  now: Date,
): void {
  const [seconds, nonce, signature, serial] = ['timestamp', 'nonce', 'signature', 'serial'].map((name) =>
    headers.get(`wechatpay-${name}`),
  );
  if (!seconds || !nonce || !signature || !serial) throw new ForgedNotice('expected four headers of a signature');
  if (!/^\d{1,12}$/.test(seconds) || Math.abs(now.getTime() / 1000 - Number(seconds)) > SKEW_SECONDS)
    throw new ForgedNotice('expected a time of today');
  const key = keys.get(serial);
  if (!key) throw new ForgedNotice('expected a serial that we know');
  const isGood = createVerify('RSA-SHA256')
    .update(responseMessage(seconds, nonce, raw))
    .verify(key, signature, 'base64');
  if (!isGood) throw new ForgedNotice('expected a good signature');
}

/** What a notice carries, encrypted. */
export interface Sealed {
  readonly algorithm: string;
  readonly ciphertext: string;
  readonly nonce: string;
  readonly associated_data?: string | undefined;
}

/** Opens a notice: AES-256-GCM with the merchant's APIv3 key; the tag is the last 16 bytes. @throws ForgedNotice */
export function open(apiKey: string, { algorithm, ciphertext, nonce, associated_data = '' }: Sealed): string {
  if (algorithm !== 'AEAD_AES_256_GCM') throw new ForgedNotice('expected AEAD_AES_256_GCM');
  try {
    const bytes = Buffer.from(ciphertext, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(apiKey), Buffer.from(nonce), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES)).setAAD(Buffer.from(associated_data));
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new ForgedNotice('expected a text sealed with our key', { cause });
  }
}
