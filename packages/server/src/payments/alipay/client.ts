import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../database.ts';
import { readSigned, sign } from './signing.ts';

export interface AlipayAccount {
  readonly appId: string;
  readonly privateKey: KeyObject;
  /** Alipay's own key, which signs answers and notices. */
  readonly alipayKey: KeyObject;
  /** Number of the merchant (PID). */
  readonly sellerId: string;
  readonly gateway: string;
}

/** Alipay has answered, and said no. */
export class AlipayError extends Error {
  readonly code: string;
  /** What is wrong in particular, such as `ACQ.TRADE_NOT_EXIST`. */
  readonly subCode: string;

  constructor(code: string, subCode: string, message: string) {
    super(`${code} ${subCode} ${message}`);
    this.name = 'AlipayError';
    this.code = code;
    this.subCode = subCode;
  }
}

/** A buyer waits for it. */
const TIMEOUT_MS = 8_000;
const SUCCESS = '10000';

/** A time as Alipay writes it: China's, `2026-03-01 12:00:00`. */
export const alipayTime = (at: Date): string =>
  new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');

/** Reads a time of Alipay; undefined for what is none. */
export function readAlipayTime(text: unknown): Date | undefined {
  const at = new Date(`${String(text).replace(' ', 'T')}+08:00`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/**
 * A client of Alipay's open gateway, with keys (RSA2). https://opendocs.alipay.com/common/02kf5q
 * @returns asks a method; @throws AlipayError for a refusal, Error for an answer that is not Alipay's, or what `fetch` throws.
 */
export function openAlipayClient(account: AlipayAccount, clock: Clock, timeoutMs = TIMEOUT_MS) {
  return async (method: string, content: object, notifyUrl?: string): Promise<Record<string, unknown>> => {
    const parameters = new Map(
      Object.entries({
        ...{ app_id: account.appId, method, format: 'JSON', charset: 'utf-8', sign_type: 'RSA2', version: '1.0' },
        timestamp: alipayTime(clock()),
        ...(notifyUrl && { notify_url: notifyUrl }),
      }),
    );
    const body = { biz_content: JSON.stringify(content) };
    const signature = sign(new Map([...parameters, ...Object.entries(body)]), account.privateKey);
    const query = new URLSearchParams([...parameters, ['sign', signature]]);
    const response = await fetch(`${account.gateway}?${query}`, {
      method: 'POST',
      body: new URLSearchParams(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`expected status 200 of Alipay but received ${response.status}`);
    const raw = await response.text();
    const answer = readSigned(raw, `${method.replaceAll('.', '_')}_response`, account.alipayKey);
    if (!answer) throw new Error(`expected an answer to ${method} that Alipay has signed`);
    const { code, sub_code: subCode = '', sub_msg: message = '' } = answer;
    if (code !== SUCCESS) throw new AlipayError(String(code), String(subCode), String(message));
    return answer;
  };
}
