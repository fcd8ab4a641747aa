import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../database.ts';
import { authorization, type Merchant, verify } from './signing.ts';

/** What WeChat Pay has to know of a merchant, and the merchant of WeChat Pay. */
export interface WechatAccount extends Merchant {
  readonly appid: string;
  /** 32 characters; opens notices. */
  readonly apiKey: string;
  /** WeChat's public keys by serial: `PUB_KEY_ID_…` of the public key, or the number of a platform certificate. */
  readonly platformKeys: ReadonlyMap<string, KeyObject>;
  /** The one that answers shall be signed with. */
  readonly platformSerial: string;
  /** Where to ask, the second when the first is away. */
  readonly hosts: readonly string[];
}

/** WeChat has answered, and said no. */
export class WechatError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(`${status} ${code} ${message}`);
    this.name = 'WechatError';
    this.status = status;
    this.code = code;
  }
}

/** A buyer waits for it. */
const TIMEOUT_MS = 8_000;
/** Nobody waits for a bill, and it may be large. */
const DOWNLOAD_MS = 60_000;

export interface WechatClient {
  /**
   * Asks WeChat Pay, on the other host when the first does not answer, which is safe since every request of ours can be repeated.
   * @returns the answer, once its signature is verified; undefined for an empty one.
   * @throws WechatError for a refusal, ForgedNotice for an answer that is not WeChat's, or what `fetch` throws.
   */
  request<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer>;
  /** The bytes behind a signed address that an answer gave. */
  download(address: string): Promise<Buffer>;
}

/** @param timeoutMs milliseconds that one try may take. */
export function openWechatClient(account: WechatAccount, clock: Clock, timeoutMs = TIMEOUT_MS): WechatClient {
  const headersFor = (method: string, path: string, body: string) => ({
    authorization: authorization(account, method, path, body, clock()),
    accept: 'application/json',
    'user-agent': 'hili-photoenhance',
    'wechatpay-serial': account.platformSerial,
    ...(body && { 'content-type': 'application/json' }),
  });

  async function ask<Answer>(host: string, method: 'GET' | 'POST', path: string, body: string): Promise<Answer> {
    const response = await fetch(host + path, {
      method,
      body: body || null,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: headersFor(method, path, body),
    });
    const raw = Buffer.from(await response.arrayBuffer());
    if (response.ok) {
      verify(account.platformKeys, response.headers, raw, clock());
      return (raw.length > 0 ? JSON.parse(raw.toString('utf8')) : undefined) as Answer;
    }
    const said = readRefusal(raw);
    throw new WechatError(response.status, said.code ?? 'UNKNOWN', said.message ?? '');
  }

  return {
    async request<Answer>(method: 'GET' | 'POST', path: string, payload?: unknown): Promise<Answer> {
      const body = payload === undefined ? '' : JSON.stringify(payload);
      let last: unknown;
      for (const host of account.hosts) {
        try {
          return await ask<Answer>(host, method, path, body);
        } catch (error) {
          // TypeError and TimeoutError are fetch's own: no answer came. All else is one.
          const isSilence = error instanceof TypeError || (error as Error).name === 'TimeoutError';
          if (!isSilence) throw error;
          last = error;
        }
      }
      throw last;
    },
    async download(address) {
      const { pathname, search } = new URL(address);
      const path = pathname + search;
      const response = await fetch(account.hosts[0] + path, {
        headers: headersFor('GET', path, ''),
        redirect: 'error',
        signal: AbortSignal.timeout(DOWNLOAD_MS),
      });
      if (!response.ok) throw new WechatError(response.status, 'DOWNLOAD', '');
      return Buffer.from(await response.arrayBuffer());
    },
  };
}

function readRefusal(raw: Buffer): { code?: string; message?: string } {
  try {
    const value: unknown = JSON.parse(raw.toString('utf8'));
    return value && typeof value === 'object' ? value : {};
  } catch {
    return {}; // a proxy's page
  }
}
