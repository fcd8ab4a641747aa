import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from '../../config.ts';
import type { WechatAccount } from './client.ts';

/** The merchant as the settings say; undefined when they say nothing of one. @throws Error for a file that is no key. */
export function readWechatAccount(config: Config): WechatAccount | undefined {
  const { WECHAT_PAY_MCHID: mchid, WECHAT_PAY_APPID: appid, WECHAT_PAY_SERIAL: serial } = config;
  const { WECHAT_PAY_KEY_FILE: keyFile, WECHAT_PAY_API_KEY: apiKey, WECHAT_PAY_HOSTS } = config;
  if (!mchid || !appid || !serial || !keyFile || !apiKey) return undefined;
  const platformKeys = platformKeysOf(config);
  const [platformSerial] = platformKeys.keys();
  if (!platformSerial)
    throw new Error('expected a value for WECHAT_PAY_PUBLIC_KEYS or WECHAT_PAY_CERTIFICATES but received none');
  const privateKey = createPrivateKey(readKey('WECHAT_PAY_KEY_FILE', keyFile));
  const hosts = WECHAT_PAY_HOSTS.split(',').map((host) => host.trim().replace(/\/+$/, ''));
  return { mchid, appid, serial, privateKey, apiKey, platformKeys, platformSerial, hosts };
}

/** WeChat's keys by serial, the public key first: answers shall be signed with the first. */
function platformKeysOf({ WECHAT_PAY_PUBLIC_KEYS, WECHAT_PAY_CERTIFICATES }: Config): Map<string, KeyObject> {
  const keys = new Map<string, KeyObject>();
  const [, id, file] = /^([^=]+)=(.+)$/.exec(WECHAT_PAY_PUBLIC_KEYS ?? '') ?? [];
  if (id && file) keys.set(id, createPublicKey(readKey('WECHAT_PAY_PUBLIC_KEYS', file)));
  for (const path of WECHAT_PAY_CERTIFICATES?.split(',') ?? []) {
    const certificate = new X509Certificate(readKey('WECHAT_PAY_CERTIFICATES', path.trim()));
    keys.set(certificate.serialNumber, certificate.publicKey);
  }
  return keys;
}

function readKey(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Error(`expected a file that can be read for ${setting} but received another value`, { cause });
  }
}
