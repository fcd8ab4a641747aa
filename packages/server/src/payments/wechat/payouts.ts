import type { PayoutState } from '@hili/contract';
import { z } from 'zod';
import type { Clock } from '../../database.ts';
import type { PayoutSaid, Payouts } from '../payouts.ts';
import { PaymentRefused } from '../provider.ts';
import { openWechatClient, type WechatAccount, WechatError } from './client.ts';
import { openServiceAccount, type ServiceAccount } from './service-account.ts';

const PATH = '/v3/fund-app/mch-transfer/transfer-bills';
/** Cash marketing: the scene that a merchant applies for. Its two reports, and the word for the receiver, are part of it. */
const SCENE = {
  transfer_scene_id: '1000',
  user_recv_perception: '现金奖励',
  transfer_scene_report_infos: [
    { info_type: '活动名称', info_content: '购买照片修复返现' },
    { info_type: '奖励说明', info_content: '购买照片修复套餐所得的返现' },
  ],
};
const REMARK = '照片修复返现';

const STATES: Readonly<Record<string, PayoutState>> = {
  ACCEPTED: 'accepted',
  PROCESSING: 'accepted',
  WAIT_USER_CONFIRM: 'waiting',
  TRANSFERING: 'sending',
  SUCCESS: 'done',
  FAIL: 'failed',
  CANCELING: 'closing',
  CANCELLED: 'lapsed',
};

/** WeChat's words for: never, with this request. All others may be tried again, a lack of money too. */
const REFUSALS = ['PARAM_ERROR', 'INVALID_REQUEST', 'NO_AUTH'];

const Bill = z.object({
  out_bill_no: z.string(),
  transfer_bill_no: z.string().nullish(),
  state: z.string(),
  transfer_amount: z.number().int().nullish(),
  package_info: z.string().nullish(),
  fail_reason: z.string().nullish(),
});

/** What an answer or a notice says of a payout. A state that we do not know is none that ends it. @throws ZodError for another shape. */
export function payoutOf(answer: unknown): PayoutSaid {
  const bill = Bill.parse(answer);
  return {
    outBillNo: bill.out_bill_no,
    state: STATES[bill.state] ?? 'accepted',
    fen: bill.transfer_amount ?? null,
    billNo: bill.transfer_bill_no ?? null,
    packageInfo: bill.package_info ?? null,
    trouble: bill.fail_reason || null,
  };
}

export interface PayoutOptions {
  readonly account: WechatAccount;
  readonly service: ServiceAccount;
  readonly clock: Clock;
  /** Where notices are to go: https, without a query. */
  readonly notifyUrl: string;
  readonly timeoutMs?: number;
}

/** WeChat Pay's merchant transfer, which its receiver accepts in WeChat within 24 hours. https://pay.weixin.qq.com/doc/v3/merchant/4012711988 */
export function wechatPayouts({ account, service, clock, notifyUrl, timeoutMs }: PayoutOptions): Payouts {
  const client = openWechatClient(account, clock, timeoutMs);
  const { appid } = service;
  return {
    ...{ name: 'wechat', appid, mchid: account.mchid },
    ...openServiceAccount(service, timeoutMs),
    async send({ outBillNo, fen, openid }) {
      try {
        const wish = { appid, out_bill_no: outBillNo, openid, transfer_amount: fen, transfer_remark: REMARK };
        return payoutOf(await client.request('POST', PATH, { ...wish, notify_url: notifyUrl, ...SCENE }));
      } catch (error) {
        if (error instanceof WechatError && REFUSALS.includes(error.code))
          throw new PaymentRefused(error.message, { cause: error });
        throw error;
      }
    },
    async query({ outBillNo }) {
      try {
        return payoutOf(await client.request('GET', `${PATH}/out-bill-no/${outBillNo}`));
      } catch (error) {
        if (!(error instanceof WechatError && error.status === 404)) throw error;
        return { outBillNo, state: 'unknown', fen: null, billNo: null, packageInfo: null, trouble: null };
      }
    },
  };
}
