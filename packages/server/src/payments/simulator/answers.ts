import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { SimKeys } from './keys.ts';
import { sentOf, type Transfers, transferOf } from './transfers.ts';
import { type SimOrder, type SimRefund, SimRefusal, type World } from './world.ts';

const whole = z.number().int().min(1);
const Prepay = z.object({
  appid: z.string(),
  mchid: z.string(),
  description: z.string().min(1).max(127),
  out_trade_no: z.string().regex(/^[0-9A-Za-z_*|-]{6,32}$/),
  notify_url: z.string().regex(/^https?:\/\/[^?#]+$/),
  time_expire: z.string().optional(),
  amount: z.object({ total: whole, currency: z.literal('CNY') }),
});
const RefundWish = z.object({
  out_trade_no: z.string(),
  out_refund_no: z.string().regex(/^[0-9A-Za-z_*|@-]{1,64}$/),
  notify_url: z.string().optional(),
  amount: z.object({ refund: whole, total: whole, currency: z.literal('CNY') }),
});

const WEEK_MS = 7 * 86_400_000;

/** A transaction as answers and notices show it. */
export function transactionOf({ account }: SimKeys, order: SimOrder) {
  const { outTradeNo, state, transactionId, successTime, total, currency } = order;
  return {
    ...{ appid: account.appid, mchid: account.mchid, out_trade_no: outTradeNo },
    ...{ trade_type: 'NATIVE', trade_state: state, trade_state_desc: state },
    ...(transactionId && {
      transaction_id: transactionId,
      bank_type: 'OTHERS',
      success_time: successTime,
      payer: { openid: `oSIM${outTradeNo.slice(-8)}` },
      amount: { total, payer_total: total, currency, payer_currency: currency },
    }),
  };
}

/** A refund as an answer shows it; a notice names its state otherwise. */
export const refundOf = (
  { outRefundNo, refundId, outTradeNo, status, amount, createTime }: SimRefund,
  total: number,
) => ({
  ...{ refund_id: refundId, out_refund_no: outRefundNo, out_trade_no: outTradeNo, status, create_time: createTime },
  amount: { total, refund: amount, payer_total: total, payer_refund: amount, currency: 'CNY' },
});

function read<Shape extends z.ZodType>(shape: Shape, body: string): z.infer<Shape> {
  try {
    return shape.parse(JSON.parse(body));
  } catch {
    throw new SimRefusal(400, 'PARAM_ERROR', '参数错误');
  }
}

export interface Ask {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

/** What an answer says: an object, a text as it is, or nothing. */
export type Said = object | string | undefined;

const TRANSFERS = '/v3/fund-app/mch-transfer/transfer-bills';

/** Answers requests as WeChat Pay v3 does: Native, refunds, the daily bill, and transfers to people. */
export function createAnswers(
  world: World,
  transfers: Transfers,
  keys: SimKeys,
  now: () => number,
): (ask: Ask) => Said {
  const bills = new Map<string, string>();
  const { appid, mchid } = keys.account;

  return ({ method, url, body }) => {
    const path = url.pathname;
    const order = /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)(\/close)?$/.exec(path);
    const refund = /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/.exec(path);

    if (method === 'POST' && path === '/v3/pay/transactions/native') {
      const wish = read(Prepay, body);
      if (wish.appid !== appid || wish.mchid !== mchid) throw new SimRefusal(400, 'PARAM_ERROR', 'appid或mchid错误');
      const made = world.prepay({
        ...{ outTradeNo: wish.out_trade_no, description: wish.description, notifyUrl: wish.notify_url, body },
        ...wish.amount,
        expiresAt: wish.time_expire ? Date.parse(wish.time_expire) : now() + WEEK_MS,
      });
      return { code_url: made.codeUrl };
    }
    if (method === 'GET' && order && !order[2]) {
      if (url.searchParams.get('mchid') !== mchid) throw new SimRefusal(400, 'PARAM_ERROR', 'mchid错误');
      return transactionOf(keys, world.order(decodeURIComponent(order[1] as string)));
    }
    if (method === 'POST' && order?.[2]) {
      world.close(decodeURIComponent(order[1] as string));
      return undefined;
    }
    if (method === 'POST' && path === '/v3/refund/domestic/refunds') {
      const { out_trade_no: outTradeNo, out_refund_no: outRefundNo, notify_url, amount } = read(RefundWish, body);
      const wish = { outTradeNo, outRefundNo, amount: amount.refund, total: amount.total };
      const made = world.refund({ ...wish, ...(notify_url && { notifyUrl: notify_url }) }, now());
      return refundOf(made, amount.total);
    }
    if (method === 'GET' && refund) {
      const found = world.refunds.get(decodeURIComponent(refund[1] as string));
      if (!found) throw new SimRefusal(404, 'RESOURCE_NOT_EXISTS', '退款单不存在');
      return refundOf(found, world.order(found.outTradeNo).total);
    }
    if (method === 'POST' && path === TRANSFERS) return sentOf(transfers.send(body, now()));
    const transfer = method === 'GET' && path.startsWith(`${TRANSFERS}/out-bill-no/`);
    if (transfer) return transferOf(keys, transfers.find(path.slice(TRANSFERS.length + 13), now()), now());
    if (method === 'GET' && path === '/v3/bill/tradebill') {
      const csv = billOf(world, keys, url.searchParams.get('bill_date') ?? '');
      if (!csv) throw new SimRefusal(400, 'NO_STATEMENT_EXIST', '账单文件不存在');
      const token = randomBytes(8).toString('hex');
      bills.set(token, csv);
      return {
        ...{ hash_type: 'SHA1', hash_value: createHash('sha1').update(csv).digest('hex') },
        download_url: `https://api.mch.weixin.qq.com/v3/billdownload/file?token=${token}`,
      };
    }
    const bill = path === '/v3/billdownload/file' ? bills.get(url.searchParams.get('token') ?? '') : undefined;
    if (method === 'GET' && bill) return bill;
    throw new SimRefusal(404, 'NOT_FOUND', path);
  };
}

const HEADINGS =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const SUM_HEADINGS = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

const yuan = (fen: number) => (fen / 100).toFixed(2);
const line = (cells: readonly string[]) => cells.map((cell) => `\`${cell}`).join(',');

/** The bill of a day in China, as CSV; undefined for a day without trade. */
function billOf(world: World, { account }: SimKeys, day: string): string | undefined {
  const { appid, mchid } = account;
  const rows: string[] = [];
  let [paid, refunded] = [0, 0];
  const row = (order: SimOrder, at: string, refund?: SimRefund) => {
    const back = refund ? yuan(refund.amount) : '0.00';
    rows.push(
      line([
        ...[
          at.slice(0, 19).replace('T', ' '),
          appid,
          mchid,
          '0',
          '',
          order.transactionId ?? '',
          order.outTradeNo,
          'oSIM',
        ],
        ...['NATIVE', refund ? 'REFUND' : 'SUCCESS', 'OTHERS', 'CNY', refund ? '0.00' : yuan(order.total), '0.00'],
        ...[refund?.refundId ?? '0', refund?.outRefundNo ?? '0', back, '0.00', refund ? 'ORIGINAL' : ''],
        ...[refund?.status ?? '', order.description.replaceAll(',', ' '), '', '0.00000', '0.60%'],
        ...[refund ? '0.00' : yuan(order.total), back, ''],
      ]),
    );
    if (refund) refunded += refund.amount;
    else paid += order.total;
  };
  for (const order of world.orders.values()) if (order.successTime?.startsWith(day)) row(order, order.successTime);
  for (const refund of world.refunds.values())
    if (refund.createTime.startsWith(day)) row(world.order(refund.outTradeNo), refund.createTime, refund);
  if (rows.length === 0) return undefined;
  const sums = [String(rows.length), yuan(paid), yuan(refunded), '0.00', '0.00000', yuan(paid), yuan(refunded)];
  return `\ufeff${[HEADINGS, ...rows, SUM_HEADINGS, line(sums)].join('\r\n')}\r\n`;
}
