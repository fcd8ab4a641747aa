import { createCipheriv, createSign, createVerify, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { WechatAccount } from '../wechat/client.ts';

/** The app of the simulated merchant, and its service account. */
export const SIM_APPID = 'wx00000000000000de';
export const SIM_SERIAL = 'PUB_KEY_ID_0119000000012026010100000000000001';

/** Fresh keys of a merchant and of the platform, and what both sides do with them. */
export interface SimKeys {
  readonly account: Omit<WechatAccount, 'hosts'>;
  /** The platform's headers of a text, as for an answer or a notice. */
  sign(body: string, ms: number): Record<string, string>;
  /** Why a request is not the merchant's, in a word; undefined when it is. */
  judge(method: string, url: string, body: string, authorization: string, ms: number): string | undefined;
  /** Seals what a notice carries. */
  seal(text: string, about: string): { algorithm: string; ciphertext: string; nonce: string; associated_data: string };
}

const SKEW_SECONDS = 300;

export function makeKeys(): SimKeys {
  const platform = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const account = {
    appid: SIM_APPID,
    mchid: '1900000001',
    serial: randomBytes(20).toString('hex').toUpperCase(),
    privateKey: merchant.privateKey,
    apiKey: randomBytes(16).toString('hex'),
    platformKeys: new Map([[SIM_SERIAL, platform.publicKey]]),
    platformSerial: SIM_SERIAL,
  };
  return {
    account,
    sign(body, ms) {
      const [seconds, nonce] = [String(Math.floor(ms / 1000)), randomBytes(16).toString('hex')];
      const signer = createSign('RSA-SHA256').update(`${seconds}\n${nonce}\n${body}\n`);
      return {
        'wechatpay-timestamp': seconds,
        'wechatpay-nonce': nonce,
        'wechatpay-serial': SIM_SERIAL,
        'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
        'wechatpay-signature': signer.sign(platform.privateKey, 'base64'),
      };
    },
    judge(method, url, body, authorization, ms) {
      const [, fields] = /^WECHATPAY2-SHA256-RSA2048 (.+)$/.exec(authorization) ?? [];
      if (!fields) return 'scheme';
      const said = Object.fromEntries([...fields.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
      if (said.mchid !== account.mchid) return 'mchid';
      if (said.serial_no !== account.serial) return 'serial_no';
      if (!(Math.abs(ms / 1000 - Number(said.timestamp)) <= SKEW_SECONDS)) return 'timestamp';
      const isGood = createVerify('RSA-SHA256')
        .update(`${method}\n${url}\n${said.timestamp}\n${said.nonce_str}\n${body}\n`)
        .verify(merchant.publicKey, said.signature ?? '', 'base64');
      return isGood ? undefined : 'signature';
    },
    seal(text, about) {
      const nonce = randomBytes(6).toString('hex');
      const cipher = createCipheriv('aes-256-gcm', Buffer.from(account.apiKey), Buffer.from(nonce));
      cipher.setAAD(Buffer.from(about));
      const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return { algorithm: 'AEAD_AES_256_GCM', ciphertext: bytes.toString('base64'), nonce, associated_data: about };
    },
  };
}
