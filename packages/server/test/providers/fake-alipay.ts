import { createSign, createVerify, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { alipay } from '../../src/payments/alipay.ts';
import type { TestClock } from '../harness.ts';
import { type Ask, openFakeServer, type Said } from './fake-server.ts';
import type { FakeProvider, Misstated } from './till.ts';

interface Trade {
  readonly outTradeNo: string;
  readonly qr: string;
  readonly amount: string;
  readonly endsAt: number;
  state: 'asked' | 'TRADE_SUCCESS' | 'TRADE_CLOSED' | 'WAIT_BUYER_PAY';
  tradeNo: string;
  paidAt: string;
  said: Misstated;
}

interface Refund {
  readonly outTradeNo: string;
  readonly amount: string;
  state: 'done' | 'pending';
}

class Refusal extends Error {}

const APP_ID = '2021000000000001';
const SELLER_ID = '2088000000000001';
const TAMPERS = ['amount', 'signature', 'app', 'seller', 'type'];

const toFen = (yuan: string) => Math.round(Number(yuan) * 100);
const chinaTime = (at: Date) => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
/** The text under a signature, put together without the code under test. */
const joined = (fields: Record<string, string>) =>
  Object.keys(fields)
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
const signed = (text: string, key: KeyObject) => createSign('RSA-SHA256').update(text).sign(key, 'base64');

/** Alipay on this machine: real RSA2 both ways, trades that exist from the scan on, refunds, notices and their retries. */
export async function openFakeAlipay(clock: TestClock, notifyUrl: string) {
  const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const platform = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const trades = new Map<string, Trade>();
  const refunds = new Map<string, Refund>();
  const misstated = new Map<string, Trade['said']>();
  let outcome: 'done' | 'pending' | 'failed' = 'done';
  let last = 0;

  const number = () => `2026030122001${String(++last).padStart(15, '0')}`;
  /** A trade that somebody has scanned. */
  function scanned(outTradeNo: string): Trade {
    const trade = trades.get(outTradeNo);
    if (!trade || trade.state === 'asked') throw new Refusal('ACQ.TRADE_NOT_EXIST');
    return trade;
  }
  const amountOf = ({ amount, said }: Trade) => (said.fen === undefined ? amount : (said.fen / 100).toFixed(2));
  const tradeView = (trade: Trade) => ({
    ...{
      out_trade_no: trade.outTradeNo,
      trade_no: trade.tradeNo,
      trade_status: trade.state,
      total_amount: amountOf(trade),
    },
    ...(trade.paidAt && { send_pay_date: trade.paidAt, buyer_open_id: `open-${trade.outTradeNo}` }),
    ...(trade.said.currency && { trans_currency: trade.said.currency }),
  });
  const refundedFen = (outTradeNo: string) =>
    [...refunds.values()].reduce((sum, each) => sum + (each.outTradeNo === outTradeNo ? toFen(each.amount) : 0), 0);

  function answer(method: string, wish: Record<string, string>): object {
    const { out_trade_no: outTradeNo = '', out_request_no: outRefundNo = '' } = wish;
    if (method === 'alipay.trade.precreate') {
      const { total_amount: amount = '', subject, seller_id, qr_code_timeout_express: minutes = '' } = wish;
      if (!/^\d+\.\d{2}$/.test(amount) || !subject || seller_id !== SELLER_ID || !/^\d+m$/.test(minutes))
        throw new Refusal('ACQ.INVALID_PARAMETER');
      const old = trades.get(outTradeNo);
      if (old?.state === 'TRADE_SUCCESS') throw new Refusal('ACQ.TRADE_HAS_SUCCESS');
      if (old?.state === 'TRADE_CLOSED') throw new Refusal('ACQ.TRADE_HAS_CLOSE');
      if (old && old.amount !== amount) throw new Refusal('ACQ.CONTEXT_INCONSISTENT');
      const trade = old ?? {
        ...{
          outTradeNo,
          amount,
          qr: `https://qr.alipay.test/bax${randomBytes(8).toString('hex')}`,
          state: 'asked' as const,
        },
        ...{ endsAt: clock().getTime() + Number.parseInt(minutes, 10) * 60_000, tradeNo: '', paidAt: '', said: {} },
      };
      trades.set(outTradeNo, trade);
      return { out_trade_no: outTradeNo, qr_code: trade.qr };
    }
    if (method === 'alipay.trade.query') return tradeView(scanned(outTradeNo));
    if (method === 'alipay.trade.close') {
      const trade = scanned(outTradeNo);
      if (trade.state === 'TRADE_SUCCESS') throw new Refusal('ACQ.TRADE_STATUS_ERROR');
      trade.state = 'TRADE_CLOSED';
      return { out_trade_no: outTradeNo };
    }
    if (method === 'alipay.trade.refund') {
      const trade = scanned(outTradeNo);
      const { refund_amount: amount = '' } = wish;
      const old = refunds.get(outRefundNo);
      if (old) return { out_trade_no: outTradeNo, fund_change: 'N', refund_fee: amount };
      if (outcome === 'failed') throw new Refusal('ACQ.TRADE_HAS_FINISHED');
      if (refundedFen(outTradeNo) + toFen(amount) > toFen(amountOf(trade)))
        throw new Refusal('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL');
      refunds.set(outRefundNo, { outTradeNo, amount, state: outcome });
      // Alipay tells of a refund with the state of the trade.
      if (outcome === 'done')
        notify(trade, { gmt_refund: chinaTime(clock()), refund_fee: amount, out_biz_no: outRefundNo });
      return { out_trade_no: outTradeNo, fund_change: outcome === 'done' ? 'Y' : 'N', refund_fee: amount };
    }
    if (method === 'alipay.trade.fastpay.refund.query') {
      const refund = refunds.get(outRefundNo);
      scanned(outTradeNo);
      return refund?.state === 'done'
        ? { refund_status: 'REFUND_SUCCESS', refund_amount: refund.amount, out_request_no: outRefundNo }
        : {};
    }
    throw new Refusal('isv.invalid-method');
  }

  function serve({ url, body }: Ask): Said {
    const fields = { ...Object.fromEntries(url.searchParams), ...Object.fromEntries(new URLSearchParams(body)) };
    const { sign = '', ...covered } = fields;
    const isGood = createVerify('RSA-SHA256').update(joined(covered)).verify(merchant.publicKey, sign, 'base64');
    const method = String(fields.method);
    let said: object;
    try {
      if (!isGood || fields.app_id !== APP_ID) throw new Refusal('isv.invalid-signature');
      said = { code: '10000', msg: 'Success', ...answer(method, JSON.parse(String(fields.biz_content))) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      said = { code: '40004', msg: 'Business Failed', sub_code: error.message, sub_msg: '业务"失败"}' };
    }
    const text = JSON.stringify(said);
    const name = `${method.replaceAll('.', '_')}_response`;
    return { status: 200, body: `{"${name}":${text},"sign":"${signed(text, platform.privateKey)}"}` };
  }
  const server = await openFakeServer(clock, serve, (status, body) => status === 200 && body === 'success');

  function notify(trade: Trade, more: Record<string, string> = {}): void {
    const id = randomBytes(17).toString('hex');
    const {
      send_pay_date: paidAt = '',
      buyer_open_id: buyer = '',
      trans_currency: currency,
      ...view
    } = tradeView(trade) as Record<string, string>;
    server.send(notifyUrl, (at, tamper) => {
      const fields: Record<string, string> = {
        ...{
          notify_id: id,
          notify_type: 'trade_status_sync',
          notify_time: chinaTime(at),
          charset: 'utf-8',
          version: '1.0',
        },
        ...{
          app_id: tamper === 'app' ? '2021000000000002' : APP_ID,
          seller_id: tamper === 'seller' ? '2088000000000002' : SELLER_ID,
        },
        ...{
          ...view,
          gmt_payment: paidAt,
          buyer_open_id: buyer,
          subject: '照片 & 修复 = 3',
          ...(currency && { trans_currency: currency }),
        },
        ...more,
      };
      const mac = signed(joined(fields), platform.privateKey);
      if (tamper === 'amount') fields.total_amount = '0.01';
      const sign = tamper === 'signature' ? mac.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A')) : mac;
      const form = new URLSearchParams({ ...fields, sign, sign_type: tamper === 'type' ? 'RSA' : 'RSA2' });
      return { body: form.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' } };
    });
  }

  const account = {
    ...{ appId: APP_ID, sellerId: SELLER_ID, privateKey: merchant.privateKey, alipayKey: platform.publicKey },
    gateway: `http://127.0.0.1:${server.port}/gateway.do`,
  };
  const fake: FakeProvider = {
    provider: alipay({ account, clock, notifyUrl, timeoutMs: 10_000 }),
    tampers: TAMPERS,
    clientTries: 1,
    looksFirst: 0,
    runs: 8,
    noticeFaults: server.noticeFaults,
    tries: () => server.tries,
    made: (outTradeNo) => Number(trades.has(outTradeNo)),
    pay({ outTradeNo, payment }) {
      const trade = [...trades.values()].find((each) => payment?.kind === 'qr' && each.qr === payment.code);
      if (!trade || trade.outTradeNo !== outTradeNo) return false;
      if (trade.state === 'TRADE_CLOSED' || trade.state === 'TRADE_SUCCESS' || clock().getTime() > trade.endsAt)
        return false;
      const said = misstated.get(outTradeNo) ?? {};
      const tradeNo = said.transactionId ?? number();
      Object.assign(trade, { state: 'TRADE_SUCCESS', tradeNo, paidAt: chinaTime(clock()), said });
      notify(trade);
      return true;
    },
    misstate: (outTradeNo, said) => void misstated.set(outTradeNo, said),
    spoil: (faults) => void server.faults.push(...faults),
    refundsWill(next) {
      outcome = next;
    },
    settle(outRefundNo, end) {
      const refund = refunds.get(outRefundNo);
      if (!refund || end === 'failed') throw new Error('expected a refund that succeeds');
      refund.state = 'done';
    },
    refunded: refundedFen,
    deliver: server.deliver,
    clear: server.clear,
    close: server.close,
  };
  return { fake, account, merchant, platform, trades, refunds, server };
}
