import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Clock } from '../database.ts';
import { type AlipayAccount, AlipayError, openAlipayClient, readAlipayTime } from './alipay/client.ts';
import { isSignedNotice, readAlipayKey } from './alipay/signing.ts';
import {
  ForgedNotice,
  type Notice,
  type Paid,
  PaymentRefused,
  type PaymentState,
  type Provider,
  type ProviderContext,
} from './provider.ts';

/** An order that was not scanned in this time is closed. */
const LIFE_SECONDS = 900;
/** Alipay's words for: try again. All other refusals of a known kind are for good. */
const PASSING = [
  'ACQ.SYSTEM_ERROR',
  'SYSTEM_ERROR',
  'ACQ.SELLER_BALANCE_NOT_ENOUGH',
  'isp.unknow-error',
  'aop.ACQ.SYSTEM_ERROR',
];
const PAID_STATES = ['TRADE_SUCCESS', 'TRADE_FINISHED'];

const Trade = z.object({
  out_trade_no: z.string(),
  trade_no: z.string().min(1),
  trade_status: z.string(),
  total_amount: z.string(),
  /** Absent for CNY. */
  trans_currency: z.string().optional(),
  buyer_open_id: z.string().optional(),
  buyer_user_id: z.string().optional(),
  buyer_id: z.string().optional(),
  send_pay_date: z.string().optional(),
  gmt_payment: z.string().optional(),
});

/** Fen as Alipay writes them: yuan with two places. */
export const yuan = (fen: number): string => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;

/** Reads yuan without ever making a fraction of them. @throws ForgedNotice for what is no such sum. */
export function readYuan(text: string): number {
  const [, whole, parts = ''] = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  if (whole === undefined) throw new ForgedNotice('expected a sum in yuan');
  return Number(whole) * 100 + Number(parts.padEnd(2, '0'));
}

export interface AlipayOptions {
  readonly account: AlipayAccount;
  readonly clock: Clock;
  readonly notifyUrl: string;
  readonly timeoutMs?: number;
}

/**
 * Alipay, face to face: the buyer scans a code. A trade is made only when it is scanned, so one that nobody has scanned is unknown there;
 * its code ends by itself. `alipay.trade.cancel` would give the money back of a buyer who was faster, so orders are ended by `close`.
 * https://opendocs.alipay.com/open/02ekfg
 */
export function alipay({ account, clock, notifyUrl, timeoutMs }: AlipayOptions): Provider {
  const ask = openAlipayClient(account, clock, timeoutMs);

  function paidOf(trade: z.infer<typeof Trade>): Paid {
    const { out_trade_no: outTradeNo, trade_no: transactionId, total_amount, trans_currency: currency = 'CNY' } = trade;
    const paidAt = readAlipayTime(trade.send_pay_date ?? trade.gmt_payment) ?? clock();
    const payer = trade.buyer_open_id ?? trade.buyer_user_id ?? trade.buyer_id ?? null;
    return { outTradeNo, transactionId, fen: readYuan(total_amount), currency, paidAt, payer };
  }

  return {
    name: 'alipay',
    kind: 'qr',
    simulated: false,
    lifeSeconds: LIFE_SECONDS,

    async create({ outTradeNo, photos, fen, expiresAt }) {
      const minutes = Math.max(1, Math.ceil((expiresAt.getTime() - clock().getTime()) / 60_000));
      const answer = await refusing(() =>
        ask(
          'alipay.trade.precreate',
          {
            out_trade_no: outTradeNo,
            total_amount: yuan(fen),
            subject: `Hili PhotoEnhance 照片修复 ${photos} 张`,
            seller_id: account.sellerId,
            // One counts from now, the other from the scan.
            qr_code_timeout_express: `${minutes}m`,
            timeout_express: `${minutes}m`,
          },
          notifyUrl,
        ),
      );
      return { kind: 'qr', code: z.object({ qr_code: z.string().min(1) }).parse(answer).qr_code };
    },

    async query({ outTradeNo }): Promise<PaymentState> {
      try {
        const trade = Trade.parse(await ask('alipay.trade.query', { out_trade_no: outTradeNo }));
        // One that was closed after it had been paid was refunded.
        const isPaid = PAID_STATES.includes(trade.trade_status) || trade.send_pay_date !== undefined;
        if (isPaid) return { state: 'paid', paid: paidOf(trade) };
        return { state: trade.trade_status === 'TRADE_CLOSED' ? 'closed' : 'unpaid' };
      } catch (error) {
        if (isSub(error, 'ACQ.TRADE_NOT_EXIST')) return { state: 'unpaid' };
        throw error;
      }
    },

    async close(bill) {
      try {
        await ask('alipay.trade.close', { out_trade_no: bill.outTradeNo });
        return 'closed';
      } catch (error) {
        if (isSub(error, 'ACQ.TRADE_NOT_EXIST')) return 'closed';
        if (!isSub(error, 'ACQ.TRADE_STATUS_ERROR', 'ACQ.REASON_TRADE_STATUS_INVALID')) throw error;
        return (await this.query(bill)).state === 'paid' ? 'paid' : 'closed';
      }
    },

    async refund(wish) {
      const { outRefundNo, fen, bill } = wish;
      const answer = await refusing(() =>
        ask('alipay.trade.refund', {
          ...{ out_trade_no: bill.outTradeNo, refund_amount: yuan(fen), out_request_no: outRefundNo },
        }),
      );
      // `N`: nothing moved by this request, since an earlier one did it or it is not yet done.
      if (answer.fund_change === 'Y') return { outRefundNo, fen, state: 'done' };
      const found = await this.queryRefund(wish);
      // Alipay forgets what it could not do, so the same number is asked for again until it is known.
      if (found.state === 'unknown') throw new Error('expected a refund that Alipay knows by now');
      return found;
    },

    async queryRefund({ outRefundNo, fen, bill }) {
      try {
        const answer = await ask('alipay.trade.fastpay.refund.query', {
          ...{ out_trade_no: bill.outTradeNo, out_request_no: outRefundNo },
        });
        if (answer.refund_status !== 'REFUND_SUCCESS') return { state: 'unknown', outRefundNo, fen };
        return { state: 'done', outRefundNo, fen: readYuan(String(answer.refund_amount)) };
      } catch (error) {
        if (isSub(error, 'ACQ.TRADE_NOT_EXIST', 'TRADE_NOT_EXIST')) return { state: 'unknown', outRefundNo, fen };
        throw error;
      }
    },

    readNotice(raw): Notice {
      const fields = new Map(new URLSearchParams(raw.toString('utf8')));
      if (!isSignedNotice(fields, account.alipayKey))
        throw new ForgedNotice('expected a notice that Alipay has signed');
      if (fields.get('app_id') !== account.appId || fields.get('seller_id') !== account.sellerId)
        throw new ForgedNotice('expected a notice for us');
      const trade = Trade.safeParse(Object.fromEntries(fields));
      const eventId = fields.get('notify_id');
      if (!trade.success || !eventId) throw new ForgedNotice('expected a notice of the documented shape');
      // A refund is told as its trade, with the sum of all refunds: it says no more than that the trade was paid. We ask for each by its number.
      if (!PAID_STATES.includes(trade.data.trade_status)) return { kind: 'other', eventId };
      return { kind: 'payment', eventId, paid: paidOf(trade.data) };
    },
    answers: {
      accepted: { status: 200, body: 'success', type: 'text/plain' },
      refused: { status: 400, body: 'failure', type: 'text/plain' },
    },
  };
}

const isSub = (error: unknown, ...subCodes: readonly string[]): boolean =>
  error instanceof AlipayError && subCodes.includes(error.subCode);

/** Turns a refusal for good into the port's word for it. Code 40004 is a refusal by the business; the others are troubles of the gateway. */
async function refusing<Answer>(request: () => Promise<Answer>): Promise<Answer> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof AlipayError && error.code === '40004' && !PASSING.includes(error.subCode))
      throw new PaymentRefused(error.message, { cause: error });
    throw error;
  }
}

/** Alipay as the settings say; undefined when they say nothing of it. @throws Error for a file that is no key. */
export function openAlipay({ config, clock, notifyUrl }: ProviderContext): Provider | undefined {
  const { ALIPAY_APP_ID: appId, ALIPAY_KEY_FILE, ALIPAY_PUBLIC_KEY_FILE, ALIPAY_SELLER_ID: sellerId } = config;
  if (!appId || !ALIPAY_KEY_FILE || !ALIPAY_PUBLIC_KEY_FILE || !sellerId) return undefined;
  const privateKey = readKeyFile('ALIPAY_KEY_FILE', ALIPAY_KEY_FILE, 'private');
  const alipayKey = readKeyFile('ALIPAY_PUBLIC_KEY_FILE', ALIPAY_PUBLIC_KEY_FILE, 'public');
  const account = { appId, sellerId, privateKey, alipayKey, gateway: config.ALIPAY_GATEWAY };
  return alipay({ account, clock, notifyUrl });
}

function readKeyFile(setting: string, path: string, type: 'private' | 'public') {
  try {
    return readAlipayKey(readFileSync(path, 'utf8'), type);
  } catch (cause) {
    throw new Error(`expected the file of a ${type} key for ${setting} but received another value`, { cause });
  }
}
