import { randomBytes } from 'node:crypto';

/** Codes of the simulated WeChat are good for so long. */
const CODE_MS = 300_000;
export const SIM_SECRET = 'simulated-service-account';

/** Tells the merchant, once for each code, who has opened a page in the simulated WeChat. `now` is in milliseconds. */
export interface People {
  /** Somebody opens a page. @returns the code that leads back with them. */
  open(openid: string, now: number): string;
  /** Answers `/sns/oauth2/access_token`, as WeChat words it. */
  answer(query: URLSearchParams, now: number): object;
}

export function createPeople(appid: string): People {
  const codes = new Map<string, { readonly openid: string; readonly madeAt: number; isUsed: boolean }>();
  const refuse = (errcode: number, errmsg: string) => ({ errcode, errmsg });
  return {
    open(openid, now) {
      const code = randomBytes(16).toString('hex');
      codes.set(code, { openid, madeAt: now, isUsed: false });
      return code;
    },
    answer(query, now) {
      if (query.get('appid') !== appid) return refuse(40013, 'invalid appid');
      if (query.get('secret') !== SIM_SECRET) return refuse(40125, 'invalid appsecret');
      const found = codes.get(query.get('code') ?? '');
      if (!found || query.get('grant_type') !== 'authorization_code' || now - found.madeAt > CODE_MS)
        return refuse(40029, 'invalid code');
      if (found.isUsed) return refuse(40163, 'code been used');
      found.isUsed = true;
      const { openid } = found;
      const token = () => randomBytes(24).toString('base64url');
      return { access_token: token(), expires_in: 7200, refresh_token: token(), openid, scope: 'snsapi_base' };
    },
  };
}
