import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { SimKeys } from './keys.ts';
import { chinaTime, SimRefusal } from './world.ts';

/** A merchant transfer of the simulated WeChat Pay. */
export interface SimTransfer {
  readonly outBillNo: string;
  readonly billNo: string;
  readonly appid: string;
  readonly openid: string;
  readonly fen: number;
  readonly notifyUrl: string;
  readonly packageInfo: string;
  /** The request as it came: the same number with another one is refused. */
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  state: (typeof STATES)[number];
  failReason?: string;
}

const STATES = [
  ...(['ACCEPTED', 'PROCESSING', 'WAIT_USER_CONFIRM', 'TRANSFERING', 'SUCCESS', 'FAIL'] as const),
  ...(['CANCELING', 'CANCELLED'] as const),
] as const;

const info = z.object({ info_type: z.enum(['活动名称', '奖励说明']), info_content: z.string().min(1).max(32) });
const Wish = z.object({
  appid: z.string(),
  out_bill_no: z.string().regex(/^[0-9A-Za-z]{1,32}$/),
  transfer_scene_id: z.literal('1000'),
  openid: z.string(),
  transfer_amount: z.number().int().min(10).max(199_999),
  transfer_remark: z.string().min(1).max(32),
  notify_url: z.string().regex(/^https?:\/\/[^?#]+$/),
  user_recv_perception: z.enum(['现金奖励', '活动奖励']),
  transfer_scene_report_infos: z.array(info).length(2),
});

/** How long a transfer waits to be accepted, and how much later than that it may be closed. */
const DAY_MS = 86_400_000;
const CLOSING_MS = 600_000;

/** All transfers, and the rules of WeChat for them. `now` is in milliseconds. */
export interface Transfers {
  readonly made: Map<string, SimTransfer>;
  /** What the merchant has to give, in fen. */
  funds: number;
  /** Whether one is first accepted, and waits for its receiver only when it is looked at again. */
  isSlow: boolean;
  /** Who can be paid; others are refused. */
  readonly openids: Set<string>;
  send(body: string, now: number): SimTransfer;
  find(outBillNo: string, now: number): SimTransfer;
  /** The receiver accepts. @returns whether that was still possible. */
  accept(packageInfo: string, now: number): SimTransfer | undefined;
  /** WeChat ends it otherwise. */
  fail(outBillNo: string, failReason: string): SimTransfer;
}

export function createTransfers({ account }: Pick<SimKeys, 'account'>, saved: readonly SimTransfer[] = []): Transfers {
  const made = new Map(saved.map((each) => [each.outBillNo, each]));
  const openids = new Set(saved.map(({ openid }) => openid));

  /** Lets time do to a transfer what it does. */
  function settle(transfer: SimTransfer, now: number): SimTransfer {
    const age = now - transfer.createdAt;
    if (transfer.state === 'PROCESSING') transfer.state = 'WAIT_USER_CONFIRM';
    if (transfer.state === 'ACCEPTED') transfer.state = 'PROCESSING';
    if (transfer.state === 'WAIT_USER_CONFIRM' && age > DAY_MS) transfer.state = 'CANCELING';
    if (transfer.state === 'CANCELING' && age > DAY_MS + CLOSING_MS) {
      transfer.state = 'CANCELLED';
      transfer.failReason = 'OVERDUE_CLOSE';
      transfers.funds += transfer.fen;
    }
    return transfer;
  }

  const transfers: Transfers = {
    ...{ made, openids, funds: 100_000_00, isSlow: false },
    send(body, now) {
      const parsed = Wish.safeParse(parse(body));
      if (!parsed.success) throw new SimRefusal(400, 'PARAM_ERROR', '参数错误');
      const wish = parsed.data;
      const old = made.get(wish.out_bill_no);
      if (old && old.body !== body) throw new SimRefusal(400, 'ALREADY_EXISTS', '单号已存在但信息不一致');
      if (old) return settle(old, now);
      if (wish.appid !== account.appid) throw new SimRefusal(400, 'INVALID_REQUEST', 'appid与商户号不匹配');
      if (!openids.has(wish.openid)) throw new SimRefusal(400, 'INVALID_REQUEST', 'openid与appid不匹配');
      if (transfers.funds < wish.transfer_amount) throw new SimRefusal(403, 'NOT_ENOUGH', '资金不足');
      transfers.funds -= wish.transfer_amount;
      const transfer: SimTransfer = {
        ...{ outBillNo: wish.out_bill_no, billNo: `1330${randomBytes(6).readUIntBE(0, 6)}`.padEnd(20, '0') },
        ...{ appid: wish.appid, openid: wish.openid, fen: wish.transfer_amount, notifyUrl: wish.notify_url, body },
        packageInfo: randomBytes(24).toString('base64'),
        createdAt: now,
        state: transfers.isSlow ? 'ACCEPTED' : 'WAIT_USER_CONFIRM',
      };
      made.set(transfer.outBillNo, transfer);
      return transfer;
    },
    find(outBillNo, now) {
      const found = made.get(outBillNo);
      if (!found) throw new SimRefusal(404, 'NOT_FOUND', '记录不存在');
      return settle(found, now);
    },
    accept(packageInfo, now) {
      const found = [...made.values()].find((each) => each.packageInfo === packageInfo);
      if (!found || settle(found, now).state !== 'WAIT_USER_CONFIRM') return undefined;
      found.state = 'SUCCESS';
      return found;
    },
    fail(outBillNo, failReason) {
      const found = transfers.find(outBillNo, 0);
      if (['SUCCESS', 'FAIL', 'CANCELLED'].includes(found.state)) return found;
      transfers.funds += found.fen;
      return Object.assign(found, { state: 'FAIL', failReason });
    },
  };
  return transfers;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A transfer as the answer to `send` shows it. */
export const sentOf = (transfer: SimTransfer) => ({
  ...{ out_bill_no: transfer.outBillNo, transfer_bill_no: transfer.billNo, state: transfer.state },
  create_time: chinaTime(transfer.createdAt),
  ...(transfer.state === 'WAIT_USER_CONFIRM' && { package_info: transfer.packageInfo }),
  ...(transfer.failReason && { fail_reason: transfer.failReason }),
});

/** A transfer as a query and a notice show it. */
export const transferOf = ({ account }: Pick<SimKeys, 'account'>, transfer: SimTransfer, now: number) => ({
  ...{ mch_id: account.mchid, out_bill_no: transfer.outBillNo, transfer_bill_no: transfer.billNo },
  ...{ appid: transfer.appid, state: transfer.state, transfer_amount: transfer.fen, openid: transfer.openid },
  ...{ create_time: chinaTime(transfer.createdAt), update_time: chinaTime(now) },
  ...(transfer.failReason && { fail_reason: transfer.failReason }),
});
