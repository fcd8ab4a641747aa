import { randomBytes } from 'node:crypto';
import type { SimTransfer } from './transfers.ts';

/** An order of the simulated WeChat Pay. */
export interface SimOrder {
  readonly outTradeNo: string;
  readonly total: number;
  readonly currency: string;
  readonly description: string;
  readonly notifyUrl: string;
  readonly codeUrl: string;
  /** The request as it came: the same number with another one is refused. */
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  state: 'NOTPAY' | 'SUCCESS' | 'CLOSED' | 'REFUND';
  transactionId?: string;
  successTime?: string;
  refunded: number;
}

export interface SimRefund {
  readonly outRefundNo: string;
  readonly refundId: string;
  readonly outTradeNo: string;
  readonly amount: number;
  readonly notifyUrl: string;
  readonly createTime: string;
  status: 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL';
}

/** A refusal as WeChat Pay words it. */
export class SimRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A time as WeChat writes it: China's zone, whole seconds. */
export const chinaTime = (ms: number): string =>
  new Date(ms + 8 * 3_600_000).toISOString().replace(/\.\d+Z$/, '+08:00');

export interface Saved {
  readonly orders: readonly SimOrder[];
  readonly refunds: readonly SimRefund[];
  readonly transfers?: readonly SimTransfer[];
}

/** All orders and refunds of the simulated WeChat Pay, and its rules. `now` is in milliseconds. */
export interface World {
  readonly orders: Map<string, SimOrder>;
  readonly refunds: Map<string, SimRefund>;
  toJSON(): Saved;
  order(outTradeNo: string): SimOrder;
  prepay(
    wish: Pick<SimOrder, 'outTradeNo' | 'total' | 'currency' | 'description' | 'notifyUrl' | 'body' | 'expiresAt'>,
  ): SimOrder;
  close(outTradeNo: string): void;
  /** The buyer scans and pays. @returns why not, in a word, or the order. */
  pay(codeUrl: string, now: number): SimOrder | 'invalid' | 'ended' | 'expired';
  refund(
    wish: Pick<SimRefund, 'outRefundNo' | 'outTradeNo' | 'amount'> & { total: number; notifyUrl?: string },
    now: number,
  ): SimRefund;
  settleRefund(outRefundNo: string, status: 'SUCCESS' | 'CLOSED' | 'ABNORMAL'): SimRefund;
}

/** @param saved what `JSON.stringify` made of an earlier one. */
export function createWorld(saved: Saved = { orders: [], refunds: [] }): World {
  const orders = new Map(saved.orders.map((each) => [each.outTradeNo, each]));
  const refunds = new Map(saved.refunds.map((each) => [each.outRefundNo, each]));
  // Numbers of one world are told from those of another that the same books have seen before.
  const era = String(randomBytes(4).readUInt32BE()).padStart(10, '0');
  let last = 0;
  const number = (prefix: string) => `${prefix}${era}${String(++last).padStart(8, '0')}`;

  function order(outTradeNo: string): SimOrder {
    const found = orders.get(outTradeNo);
    if (!found) throw new SimRefusal(404, 'ORDER_NOT_EXIST', '订单不存在');
    return found;
  }

  return {
    orders,
    refunds,
    toJSON: () => ({ orders: [...orders.values()], refunds: [...refunds.values()] }),
    order,
    prepay(wish) {
      const old = orders.get(wish.outTradeNo);
      if (old?.state === 'CLOSED') throw new SimRefusal(400, 'ORDER_CLOSED', '订单已关闭');
      if (old && old.state !== 'NOTPAY') throw new SimRefusal(400, 'ORDERPAID', '订单已支付');
      if (old && old.body !== wish.body) throw new SimRefusal(403, 'OUT_TRADE_NO_USED', '商户订单号重复');
      if (old) return old;
      const codeUrl = `weixin://wxpay/bizpayurl?pr=${randomBytes(5).toString('hex')}`;
      const made: SimOrder = { ...wish, codeUrl, state: 'NOTPAY', refunded: 0 };
      orders.set(made.outTradeNo, made);
      return made;
    },
    close(outTradeNo) {
      const found = order(outTradeNo);
      if (found.state === 'SUCCESS' || found.state === 'REFUND') throw new SimRefusal(400, 'ORDERPAID', '订单已支付');
      found.state = 'CLOSED';
    },
    pay(codeUrl, now) {
      const found = [...orders.values()].find((each) => each.codeUrl === codeUrl);
      if (!found) return 'invalid';
      if (found.state !== 'NOTPAY') return 'ended';
      if (now > found.expiresAt) return 'expired';
      found.state = 'SUCCESS';
      found.transactionId = number('42000');
      found.successTime = chinaTime(now);
      return found;
    },
    refund({ outRefundNo, outTradeNo, amount, total, notifyUrl }, now) {
      const paid = orders.get(outTradeNo);
      if (!paid || (paid.state !== 'SUCCESS' && paid.state !== 'REFUND'))
        throw new SimRefusal(404, 'RESOURCE_NOT_EXISTS', '订单不存在');
      const old = refunds.get(outRefundNo);
      if (old && old.amount !== amount) throw new SimRefusal(400, 'INVALID_REQUEST', '退款单号已存在');
      if (old) return old;
      if (total !== paid.total || amount < 1 || paid.refunded + amount > paid.total)
        throw new SimRefusal(400, 'INVALID_REQUEST', '退款金额超限');
      paid.refunded += amount;
      paid.state = 'REFUND';
      const made: SimRefund = {
        ...{ outRefundNo, outTradeNo, amount, refundId: number('50300'), createTime: chinaTime(now) },
        notifyUrl: notifyUrl ?? paid.notifyUrl,
        status: 'PROCESSING',
      };
      refunds.set(outRefundNo, made);
      return made;
    },
    settleRefund(outRefundNo, status) {
      const found = refunds.get(outRefundNo);
      if (!found) throw new SimRefusal(404, 'RESOURCE_NOT_EXISTS', '退款单不存在');
      const paid = orders.get(found.outTradeNo);
      // What is closed can be asked for anew, under another number.
      if (paid && status === 'CLOSED' && found.status !== 'CLOSED') {
        paid.refunded -= found.amount;
        if (paid.refunded === 0) paid.state = 'SUCCESS';
      }
      found.status = status;
      return found;
    },
  };
}
