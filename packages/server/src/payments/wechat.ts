import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../database.ts';
import {
  type BillLine,
  ForgedNotice,
  type Notice,
  type Paid,
  PaymentRefused,
  type PaymentState,
  type Provider,
  type ProviderContext,
  type RefundState,
} from './provider.ts';
import { readWechatAccount } from './wechat/account.ts';
import { readBill } from './wechat/bill.ts';
import { openWechatClient, type WechatAccount, WechatError } from './wechat/client.ts';
import { payoutOf } from './wechat/payouts.ts';
import { open, verify } from './wechat/signing.ts';

/** An order that was not scanned in this time is closed: the price is firm, and the code on the page fresh. */
const LIFE_SECONDS = 900;
/** WeChat's words for: never, with this request. All others may be tried again. */
const REFUSALS = ['PARAM_ERROR', 'INVALID_REQUEST', 'RESOURCE_NOT_EXISTS', 'ORDER_NOT_EXIST', 'OUT_TRADE_NO_USED'];

const Transaction = z.object({
  appid: z.string(),
  mchid: z.string(),
  out_trade_no: z.string(),
  trade_state: z.string(),
  transaction_id: z.string().optional(),
  success_time: z.string().optional(),
  payer: z.object({ openid: z.string().optional() }).optional(),
  amount: z.object({ total: z.number().int(), currency: z.string().default('CNY') }).optional(),
});
const RefundAnswer = z.object({
  out_refund_no: z.string(),
  status: z.string(),
  amount: z.object({ refund: z.number().int() }),
});
const RefundNotice = RefundAnswer.omit({ status: true }).extend({ mchid: z.string(), refund_status: z.string() });
const TransferNotice = z.object({ mch_id: z.string(), transfer_amount: z.number() });
const Envelope = z.object({
  id: z.string().min(1).max(64),
  event_type: z.string(),
  resource: z.object({
    algorithm: z.string(),
    ciphertext: z.string(),
    nonce: z.string(),
    associated_data: z.string().optional(),
  }),
});

const REFUND_STATES: Readonly<Record<string, RefundState['state']>> = {
  SUCCESS: 'done',
  CLOSED: 'failed',
  ABNORMAL: 'failed',
  PROCESSING: 'pending',
};

/** A time as WeChat writes it: RFC 3339 in China's zone, whole seconds. */
const chinaTime = (at: Date) => new Date(at.getTime() + 8 * 3_600_000).toISOString().replace(/\.\d+Z$/, '+08:00');

const isUnknown = (error: unknown) => error instanceof WechatError && error.status === 404;

export interface WechatOptions {
  readonly account: WechatAccount;
  readonly clock: Clock;
  /** Where notices are to go: https, without a query. */
  readonly notifyUrl: string;
  readonly timeoutMs?: number;
}

/**
 * WeChat Pay v3, Native: the buyer scans a code. On a phone that code cannot be scanned; H5 (a redirect) and JSAPI would be providers of
 * their own beside this one, with the same client. https://pay.weixin.qq.com/doc/v3/merchant/4012791877
 */
export function wechat({ account, clock, notifyUrl, timeoutMs }: WechatOptions): Provider {
  const client = openWechatClient(account, clock, timeoutMs);
  const { appid, mchid } = account;
  const orderPath = (outTradeNo: string) => `/v3/pay/transactions/out-trade-no/${encodeURIComponent(outTradeNo)}`;

  /** What a transaction says, once it is ours. @throws ForgedNotice */
  function paidOf(transaction: z.infer<typeof Transaction>): Paid {
    const { out_trade_no: outTradeNo, transaction_id: transactionId, amount, success_time, payer } = transaction;
    if (transaction.appid !== appid || transaction.mchid !== mchid || !transactionId || !amount)
      throw new ForgedNotice('expected a transaction of ours');
    const { total: fen, currency } = amount;
    const at = new Date(success_time ?? '');
    const paidAt = Number.isNaN(at.getTime()) ? clock() : at;
    return { outTradeNo, transactionId, fen, currency, paidAt, payer: payer?.openid ?? null };
  }

  const refundOf = (answer: unknown): RefundState => {
    const { out_refund_no: outRefundNo, status, amount } = RefundAnswer.parse(answer);
    return { outRefundNo, fen: amount.refund, state: REFUND_STATES[status] ?? 'pending' };
  };

  return {
    name: 'wechat',
    kind: 'qr',
    simulated: false,
    lifeSeconds: LIFE_SECONDS,

    async create({ outTradeNo, photos, fen, currency, expiresAt }) {
      const answer = await refusing(() =>
        client.request('POST', '/v3/pay/transactions/native', {
          appid,
          mchid,
          description: `Hili PhotoEnhance 照片修复 ${photos} 张`,
          out_trade_no: outTradeNo,
          time_expire: chinaTime(expiresAt),
          notify_url: notifyUrl,
          amount: { total: fen, currency },
        }),
      );
      return { kind: 'qr', code: z.object({ code_url: z.string() }).parse(answer).code_url };
    },

    async query({ outTradeNo }): Promise<PaymentState> {
      try {
        const answer = Transaction.parse(await client.request('GET', `${orderPath(outTradeNo)}?mchid=${mchid}`));
        // A refunded order has been paid.
        if (answer.trade_state === 'SUCCESS' || answer.trade_state === 'REFUND')
          return { state: 'paid', paid: paidOf(answer) };
        return { state: ['CLOSED', 'REVOKED'].includes(answer.trade_state) ? 'closed' : 'unpaid' };
      } catch (error) {
        if (isUnknown(error)) return { state: 'unknown' };
        throw error;
      }
    },

    async close({ outTradeNo }) {
      try {
        await client.request('POST', `${orderPath(outTradeNo)}/close`, { mchid });
        return 'closed';
      } catch (error) {
        if (isUnknown(error)) return 'closed';
        if (error instanceof WechatError && error.code === 'ORDERPAID') return 'paid';
        if (error instanceof WechatError && ['ORDER_CLOSED', 'ORDERCLOSED'].includes(error.code)) return 'closed';
        throw error;
      }
    },

    async refund({ outRefundNo, fen, bill }) {
      const answer = await refusing(() =>
        client.request('POST', '/v3/refund/domestic/refunds', {
          out_trade_no: bill.outTradeNo,
          out_refund_no: outRefundNo,
          notify_url: notifyUrl,
          amount: { refund: fen, total: bill.fen, currency: bill.currency },
        }),
      );
      return refundOf(answer);
    },

    async queryRefund({ outRefundNo, fen }) {
      try {
        return refundOf(await client.request('GET', `/v3/refund/domestic/refunds/${encodeURIComponent(outRefundNo)}`));
      } catch (error) {
        if (isUnknown(error)) return { state: 'unknown', outRefundNo, fen };
        throw error;
      }
    },

    readNotice(raw, headers): Notice {
      verify(account.platformKeys, headers, raw, clock());
      try {
        const { id: eventId, event_type: event, resource } = Envelope.parse(JSON.parse(raw.toString('utf8')));
        const said: unknown = JSON.parse(open(account.apiKey, resource));
        if (event === 'TRANSACTION.SUCCESS') return { kind: 'payment', eventId, paid: paidOf(Transaction.parse(said)) };
        if (event === 'MCHTRANSFER.BILL.FINISHED') {
          if (TransferNotice.parse(said).mch_id !== mchid) throw new ForgedNotice('expected a transfer of ours');
          return { kind: 'payout', eventId, payout: payoutOf(said) };
        }
        if (!event.startsWith('REFUND.')) return { kind: 'other', eventId };
        const { mchid: merchant, refund_status: status, ...answer } = RefundNotice.parse(said);
        if (merchant !== mchid) throw new ForgedNotice('expected a refund of ours');
        return { kind: 'refund', eventId, refund: refundOf({ ...answer, status }) };
      } catch (cause) {
        if (cause instanceof ForgedNotice) throw cause;
        throw new ForgedNotice('expected a notice of the documented shape', { cause });
      }
    },
    answers: {
      accepted: { status: 204, body: null },
      refused: { status: 401, body: '{"code":"FAIL","message":"失败"}', type: 'application/json' },
    },

    async bill(day): Promise<BillLine[]> {
      const path = `/v3/bill/tradebill?bill_date=${day}&bill_type=ALL`;
      const answer = await client.request('GET', path).catch((error) => {
        // A day without any trade has no bill.
        if (error instanceof WechatError && error.code === 'NO_STATEMENT_EXIST') return undefined;
        throw error;
      });
      if (answer === undefined) return [];
      const { hash_value: hash, download_url: address } = z
        .object({ hash_value: z.string(), download_url: z.string() })
        .parse(answer);
      const bytes = await client.download(address);
      if (createHash('sha1').update(bytes).digest('hex') !== hash.toLowerCase())
        throw new Error('expected a bill of the SHA-1 that was announced but received another');
      return readBill(bytes.toString('utf8'));
    },
  };
}

/** Turns a refusal for good into the port's word for it. */
async function refusing<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WechatError && REFUSALS.includes(error.code))
      throw new PaymentRefused(error.message, { cause: error });
    throw error;
  }
}

/** WeChat Pay as the settings say; undefined when they say nothing of it. @throws Error for a file that is no key. */
export function openWechat({ config, clock, notifyUrl }: ProviderContext): Provider | undefined {
  const account = readWechatAccount(config);
  return account && wechat({ account, clock, notifyUrl });
}
