import { createPrivateKey, createPublicKey, createSign, createVerify, type KeyObject } from 'node:crypto';

/** The text that a signature of parameters covers: by name, without those that are empty. */
const textOf = (parameters: ReadonlyMap<string, string>): string =>
  [...parameters]
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

/** RSA2: RSA-SHA256 with PKCS #1 v1.5, as base64. */
export function sign(parameters: ReadonlyMap<string, string>, key: KeyObject): string {
  return createSign('RSA-SHA256').update(textOf(parameters), 'utf8').sign(key, 'base64');
}

const isSigned = (text: string, signature: string, key: KeyObject): boolean =>
  createVerify('RSA-SHA256').update(text, 'utf8').verify(key, signature, 'base64');

/** Whether a notice's fields are Alipay's: `sign` covers all others but `sign_type`. */
export function isSignedNotice(fields: ReadonlyMap<string, string>, key: KeyObject): boolean {
  const { sign: signature = '', sign_type: type = 'RSA2' } = Object.fromEntries(fields);
  const covered = new Map([...fields].filter(([name]) => name !== 'sign' && name !== 'sign_type'));
  return type === 'RSA2' && isSigned(textOf(covered), signature, key);
}

/**
 * The answer inside `{"alipay_…_response":{…},"sign":"…"}`, whose signature covers its bytes as they came.
 * @returns undefined when it is not there, or not Alipay's.
 */
export function readSigned(raw: string, name: string, key: KeyObject): Record<string, unknown> | undefined {
  const start = raw.indexOf(`"${name}"`);
  const open = raw.indexOf('{', start);
  const close = start < 0 || open < 0 ? -1 : endOf(raw, open);
  if (close < 0) return undefined;
  const text = raw.slice(open, close);
  try {
    const { sign: signature } = JSON.parse(raw) as { sign?: unknown };
    if (typeof signature !== 'string' || !isSigned(text, signature, key)) return undefined;
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where the object that opens at a place ends; -1 when it does not. */
function endOf(raw: string, open: number): number {
  let depth = 0;
  let isText = false;
  for (let at = open; at < raw.length; at += 1) {
    const character = raw[at];
    if (character === '\\') at += 1;
    else if (character === '"') isText = !isText;
    else if (!isText && character === '{') depth += 1;
    else if (!isText && character === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

/** A key as PEM, or as the bare base64 that Alipay's own tool writes. @throws Error for what is neither. */
export function readAlipayKey(text: string, type: 'private' | 'public'): KeyObject {
  const isPem = text.includes('-----BEGIN');
  if (type === 'public') return createPublicKey(isPem ? text : { ...der(text), type: 'spki' });
  if (isPem) return createPrivateKey(text);
  try {
    return createPrivateKey({ ...der(text), type: 'pkcs8' });
  } catch {
    return createPrivateKey({ ...der(text), type: 'pkcs1' });
  }
}

const der = (text: string) => ({ key: Buffer.from(text.replace(/\s/g, ''), 'base64'), format: 'der' as const });
