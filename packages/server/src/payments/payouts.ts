import type { PayoutState } from '@hili/contract';
import type { Config } from '../config.ts';
import { SIM_APPID } from './simulator/keys.ts';

/** A payout as WeChat is asked for it. The same `outBillNo` is one payout, however often it is asked for. */
export interface PayoutWish {
  readonly outBillNo: string;
  readonly fen: number;
  /** Who is paid, as the service account knows them. */
  readonly openid: string;
}

/** What WeChat says of a payout; `unknown`: it has never heard of it. */
export interface PayoutSaid {
  readonly outBillNo: string;
  readonly state: PayoutState | 'unknown';
  /** What is sent; null where an answer does not say. */
  readonly fen: number | null;
  readonly billNo: string | null;
  /** What lets who is paid accept it; only the answer to `send` has it. */
  readonly packageInfo: string | null;
  /** Why it failed, in WeChat's words. */
  readonly trouble: string | null;
}

/** Sends money by WeChat's merchant transfer, to whom a service account knows. Every call may be repeated. */
export interface Payouts {
  /** The provider whose notices tell of them. */
  readonly name: string;
  readonly appid: string;
  readonly mchid: string;
  /** Where WeChat tells who has opened a page, without asking them, and leads back with `code` and `state`. */
  whoUrl(backUrl: string, state: string): string;
  /** Who that was. @throws PaymentRefused for a code that is none, or any other error when no answer came. */
  whoIs(code: string): Promise<string>;
  /** @throws PaymentRefused when it will never be accepted, or any other error when its outcome is unknown. */
  send(wish: PayoutWish): Promise<PayoutSaid>;
  query(wish: PayoutWish): Promise<PayoutSaid>;
  /** Where a demonstration accepts a payout in place of WeChat. */
  acceptUrl?(packageInfo: string): string;
}

/** The service account by which rebates are paid here; undefined where they are paid by hand. */
export function payoutAppid({
  WECHAT_SERVICE_APPID,
  DEMO_PAYMENTS,
}: Pick<Config, 'WECHAT_SERVICE_APPID' | 'DEMO_PAYMENTS'>): string | undefined {
  return DEMO_PAYMENTS ? SIM_APPID : WECHAT_SERVICE_APPID;
}
