import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config.ts';

/** Keys of 32 bytes for one purpose each, all derived from the one secret. */
export interface Keys {
  /** HMAC of links to pictures. */
  readonly links: Buffer;
  /** AES-256-GCM of secrets at rest. */
  readonly seal: Buffer;
  /** HMAC of visitors' addresses, so that none is stored. */
  readonly addresses: Buffer;
  /** Signs the cookies of sign-ins. */
  readonly auth: Buffer;
  /** HMAC of the codes that mails bring. */
  readonly codes: Buffer;
  /** HMAC of voucher codes. */
  readonly vouchers: Buffer;
  /** HMAC of the work that is asked against floods. */
  readonly proofs: Buffer;
  /** Stands in the database, so that another secret is noticed; opens nothing. */
  readonly mark: Buffer;
}

/** Derives the keys from a secret (HKDF-SHA256, RFC 5869; one info string a purpose). */
export function deriveKeys(secret: string): Keys {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `hili/${purpose}/1`, 32));
  return {
    links: derive('links'),
    seal: derive('seal'),
    addresses: derive('addresses'),
    auth: derive('auth'),
    codes: derive('codes'),
    vouchers: derive('vouchers'),
    proofs: derive('proofs'),
    mark: derive('mark'),
  };
}

/**
 * The keys of this installation: from `HILI_SECRET`, else from the file `secret` of the data folder, which is made once,
 * readable by its owner only. Several processes may make it at once; all get the same.
 */
export async function loadKeys(config: Pick<Config, 'HILI_SECRET' | 'HILI_DATA'>): Promise<Keys> {
  return deriveKeys(config.HILI_SECRET ?? (await ownSecret(config.HILI_DATA)));
}

async function ownSecret(folder: string): Promise<string> {
  const path = join(folder, 'secret');
  const found = await readFile(path, 'utf8').catch(() => '');
  if (found) return found.trim();
  await mkdir(folder, { recursive: true });
  const aside = `${path}.${randomBytes(8).toString('hex')}`;
  const file = await open(aside, 'wx', 0o600);
  await file.writeFile(`${randomBytes(32).toString('base64url')}\n`);
  await file.sync();
  await file.close();
  // A link fails when the name is taken, so that the first of several processes wins and no half-written file is ever seen.
  await link(aside, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(aside);
  return (await readFile(path, 'utf8')).trim();
}

const NONCE = 12;
const TAG = 16;

/**
 * Encrypts a text by AES-256-GCM.
 * @param about what the text belongs to; the same words must be given to open it, so that a sealed text cannot be moved.
 * @returns nonce (12 bytes), ciphertext, tag (16 bytes).
 */
export function seal(key: Buffer, text: string, about: string): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about, 'utf8'));
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** Decrypts what `seal` made. @throws Error when the key, the words or a bit differ. */
export function unseal(key: Buffer, sealed: Buffer, about: string): string {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE))
    .setAAD(Buffer.from(about, 'utf8'))
    .setAuthTag(sealed.subarray(sealed.length - TAG));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE, sealed.length - TAG)), decipher.final()]).toString(
    'utf8',
  );
}
