import { z } from 'zod';
import type { Payouts } from '../payouts.ts';
import { PaymentRefused } from '../provider.ts';

/** A service account of mp.weixin.qq.com, and where WeChat is asked as it. */
export interface ServiceAccount {
  readonly appid: string;
  readonly secret: string;
  /** Where a phone is sent, and where we ask, when it is not WeChat itself. */
  readonly page?: string;
  readonly api?: string;
}

const PAGE = 'https://open.weixin.qq.com/connect/oauth2/authorize';
const API = 'https://api.weixin.qq.com';
/** Somebody waits for it. */
const TIMEOUT_MS = 8_000;

/** WeChat answers 200 also to say no. */
const Answer = z.union([
  z.object({ openid: z.string().regex(/^[\w-]{6,128}$/) }),
  z.object({ errcode: z.number().int(), errmsg: z.string().default('') }),
]);

/** Learns who has opened a page in WeChat (`snsapi_base`): nothing but their id under this account. They are not asked. */
export function openServiceAccount(
  { appid, secret, page = PAGE, api = API }: ServiceAccount,
  timeoutMs = TIMEOUT_MS,
): Pick<Payouts, 'whoUrl' | 'whoIs'> {
  return {
    whoUrl(backUrl, state) {
      const query = new URLSearchParams({
        ...{ appid, redirect_uri: backUrl, response_type: 'code', scope: 'snsapi_base', state },
      });
      return `${page}?${query}#wechat_redirect`;
    },
    async whoIs(code) {
      const query = new URLSearchParams({ appid, secret, code, grant_type: 'authorization_code' });
      const response = await fetch(`${api}/sns/oauth2/access_token?${query}`, {
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const answer = Answer.parse(await response.json());
      if ('openid' in answer) return answer.openid;
      throw new PaymentRefused(`${answer.errcode} ${answer.errmsg}`);
    },
  };
}
